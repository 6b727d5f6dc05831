//! How many requests a query takes, and how many bytes, as a real server counts them.

use std::fs;
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ragc_core::{Archive, ReadAt};

use crate::bench::Bench;
use crate::nginx::{Nginx, Request};
use crate::sample_archive;

/// An archive in memory that notes the ranges that it is asked for.
#[derive(Clone)]
struct Recording {
    bytes: Arc<Vec<u8>>,
    ranges: Arc<Mutex<Vec<Range<u64>>>>,
}

impl ReadAt for Recording {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.ranges
            .lock()
            .unwrap()
            .push(offset..offset + buf.len() as u64);
        self.bytes.read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        self.ranges.lock().unwrap().extend_from_slice(ranges);
        self.bytes.read_ranges(ranges)
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&*self.bytes)
    }
}

/// Bytes of the parts that a region needs of an archive, those that tell of samples and contigs among them.
fn bytes_of_region(query: &[&str; 2], range: Range<u64>) -> u64 {
    let source = Recording {
        bytes: Arc::new(sample_archive::bytes()),
        ranges: Arc::default(),
    };
    let archive = Archive::from_reader(source.clone()).unwrap();
    archive.region(query[0], query[1], range).unwrap();
    let read = source.ranges.lock().unwrap();
    let footer = archive.container().footer();
    let parts = footer.streams().flat_map(|stream| footer.parts(stream).iter());
    let is_read = |start: u64| read.iter().skip(1).any(|range| range.contains(&start));
    parts
        .filter(|part| is_read(part.offset))
        .map(|part| part.len)
        .sum()
}

/// Requests one of which began when all before were answered.
fn n_rounds(requests: &[Request]) -> usize {
    let mut ends: Vec<(u64, u64)> = requests
        .iter()
        .map(|request| (request.time - request.duration, request.time))
        .collect();
    ends.sort_unstable();
    let mut n_rounds = 0;
    let mut end_of_round = 0;
    for (start, end) in ends {
        if n_rounds == 0 || start > end_of_round {
            n_rounds += 1;
        }
        end_of_round = end_of_round.max(end);
    }
    n_rounds
}

#[test]
fn opening_and_a_region_take_three_rounds_and_a_list_of_samples_one_request() {
    let Some(server) =
        Nginx::start("opening_and_a_region_take_three_rounds_and_a_list_of_samples_one_request")
    else {
        return;
    };
    let bench = Bench::new();
    fs::copy(sample_archive::path(), server.files().join("x.agc")).unwrap();
    let url = server.url("plain", "x.agc");
    let (listed, _) = bench.succeed(&["listset", &url]);
    assert_eq!(listed, b"s0\ns1\ns2\n");
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!((requests[0].method.as_str(), requests[0].status), ("GET", 206));

    let (region, _) = bench.succeed(&["getctg", &url, "chr1@s2:300000-304095"]);
    assert!(region.len() > 4096);
    let requests = server.requests();
    let n_bytes: u64 = requests.iter().map(|request| request.n_bytes).sum();
    let needed = bytes_of_region(&["s2", "chr1"], 300_000..304_096);
    assert!(n_rounds(&requests) <= 3 && requests.len() <= 4, "{requests:?}");
    assert!(n_bytes <= 4 * needed, "{n_bytes} bytes for parts of {needed}");
    assert!(n_bytes < sample_archive::bytes().len() as u64 / 2, "{n_bytes}");
}
