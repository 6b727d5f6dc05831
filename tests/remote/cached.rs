//! What was read once is not read again, and what is kept does no harm.

use std::fs::{self, File};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use ragc_remote::{Address, AsyncArchive, BlockCache, RemoteObject};

use crate::bench::Bench;
use crate::nginx::{Nginx, Request};
use crate::odd_server::{OddServer, answer_well};
use crate::sample_archive;

/// All files of a cache.
fn files(folder: &Path) -> Vec<PathBuf> {
    let objects = fs::read_dir(folder.join("ragc-blocks")).unwrap();
    let objects = objects.map(|object| object.unwrap().path());
    let files = objects
        .filter(|object| object.is_dir())
        .flat_map(|object| fs::read_dir(object).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}

fn n_bytes(requests: &[Request]) -> u64 {
    requests.iter().map(|request| request.n_bytes).sum()
}

#[test]
fn blocks_are_kept_for_other_runs_and_damaged_ones_read_again() {
    let Some(server) = Nginx::start("blocks_are_kept_for_other_runs_and_damaged_ones_read_again") else {
        return;
    };
    let bench = Bench::new();
    fs::copy(sample_archive::path(), server.files().join("x.agc")).unwrap();
    let url = server.url("plain", "x.agc");
    let read = || {
        let (sample, _) = bench.succeed(&["getset", "--cache-dir", "cache", &url, "s1"]);
        (sample, server.requests())
    };
    let (expected, cold) = read();
    let (warm_sample, warm) = read();
    assert!(expected == warm_sample);
    assert!(n_bytes(&cold) > n_bytes(&warm), "{cold:?}");
    // To see that it is the same object, with its end.
    assert_eq!(warm.len(), 1, "{warm:?}");
    let cache = bench.path("cache");
    assert!(files(&cache).len() > 2);
    for file in files(&cache) {
        let mut bytes = fs::read(&file).unwrap();
        bytes[100] ^= 1;
        fs::write(file, bytes).unwrap();
    }
    let (sample, again) = read();
    assert!(expected == sample);
    assert_eq!(n_bytes(&again), n_bytes(&cold));
    // By the environment, within a bound, and where there can be no folder.
    let mut command = bench.command(&["getset", "--cache-size", "150K", &url, "s2"]);
    command.env("RAGC_CACHE_DIR", bench.path("other"));
    assert!(
        crate::bench::deadline::RunInTime::output_in_time(&mut command)
            .status
            .success()
    );
    let len: u64 = files(&bench.path("other"))
        .iter()
        .map(|file| file.metadata().unwrap().len())
        .sum();
    assert!(len > 0 && len <= 150 << 10, "{len}");
    bench.write("file", "");
    let message = bench.fail(1, &["listset", "--cache-dir", "file", &url]);
    assert!(message.contains("cannot keep blocks in file"), "{message}");
}

/// The archive itself cannot tell: it has no checksums.
#[test]
fn a_damaged_block_is_noticed_whatever_the_archive_knows_and_asked_for_again() {
    let bench = Bench::new();
    let names = ["a.fa", "b.fa"];
    for (sample, name) in names.into_iter().enumerate() {
        bench.write(name, sample_archive::fasta(sample));
    }
    bench.succeed(&["create", "--no-checksums", "-o", "x.agc", names[0], names[1]]);
    let expected = bench.succeed(&["getset", "x.agc", "b"]).0;
    let object = fs::read(bench.path("x.agc")).unwrap();
    let server = OddServer::start(object.len(), move |asked, connection| {
        answer_well(&asked, &object, "one", connection);
    });
    let url = server.url();
    let n_requests = || {
        let before = server.n_requests();
        let read = bench.succeed(&["getset", "--cache-dir", "cache", &url, "b"]).0;
        assert!(read == expected);
        server.n_requests() - before
    };
    assert!(n_requests() > 1);
    // To see that it is the same object, with its end.
    assert_eq!(n_requests(), 1);
    let blocks = files(&bench.path("cache"));
    assert!(blocks.len() > 2);
    let mut n_again = 0;
    for (number, block) in blocks.iter().enumerate() {
        let intact = fs::read(block).unwrap();
        for place in [0, 4 + number, intact.len() / 2, intact.len() - 1] {
            let mut damaged = intact.clone();
            damaged[place] ^= 1;
            fs::write(block, damaged).unwrap();
            // The blocks of the end are not asked for.
            let is_asked_for = n_requests() > 1;
            n_again += usize::from(is_asked_for);
            assert!(!is_asked_for || fs::read(block).unwrap() == intact);
            fs::write(block, &intact).unwrap();
        }
    }
    assert!(
        n_again >= 4 * (blocks.len() - 2),
        "{n_again} of {}",
        4 * blocks.len()
    );
    assert_eq!(n_requests(), 1);
}

#[test]
fn what_comes_damaged_does_not_stay() {
    let archive = sample_archive::bytes();
    let len = archive.len();
    let bench = Bench::new();
    let local = sample_archive::path();
    let expected = bench.succeed(&["getset", local.to_str().unwrap(), "s1"]).0;
    // The second request is the first for something else than the end. Damaged once it is got over; damaged whenever it is asked for, it is another run that reads it.
    for (n_damaged, is_told) in [(1, false), (1000, true)] {
        let is_well = Arc::new(AtomicBool::new(false));
        let (object, heals) = (archive.clone(), Arc::clone(&is_well));
        let server = OddServer::start(len, move |asked, connection| {
            let is_damaged = (1..=n_damaged).contains(&asked.n_before) && !heals.load(Ordering::SeqCst);
            let range = asked.range.clone().unwrap();
            match is_damaged {
                true => answer_well(&asked, &flipped(&object, range), "one", connection),
                false => answer_well(&asked, &object, "one", connection),
            }
        });
        let url = server.url();
        let args = ["getset", "--cache-dir", "damaged", &url, "s1"];
        match is_told {
            true => {
                let message = bench.fail(1, &args);
                assert!(message.contains("checksum"), "{message}");
                is_well.store(true, Ordering::SeqCst);
            }
            false => assert!(bench.succeed(&args).0 == expected),
        }
        assert!(bench.succeed(&args).0 == expected);
    }
}

/// An object of which a range is damaged.
fn flipped(object: &[u8], range: Range<usize>) -> Vec<u8> {
    let mut damaged = object.to_vec();
    damaged[range].iter_mut().for_each(|byte| *byte ^= 1);
    damaged
}

#[test]
fn an_object_that_is_replaced_is_read_anew_and_never_mixed() {
    let Some(server) = Nginx::start("an_object_that_is_replaced_is_read_anew_and_never_mixed") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let cache = BlockCache::open(folder.path(), 1 << 30).unwrap();
    let path = server.files().join("x");
    let place = |byte: u8, age: u64| {
        fs::write(&path, vec![byte; 300_000]).unwrap();
        let time = SystemTime::now() - Duration::from_secs(age);
        File::options()
            .append(true)
            .open(&path)
            .unwrap()
            .set_modified(time)
            .unwrap();
    };
    let address = Address::parse(&server.url("plain", "x")).unwrap();
    let open = || RemoteObject::open_cached(&address, &cache).unwrap();
    let range = 1000..100_000;
    let read = |object: &RemoteObject| {
        object
            .ranges(std::slice::from_ref(&range))
            .map(|read| read[0].to_vec())
    };
    place(1, 1000);
    let first = open();
    assert_eq!(read(&first).unwrap(), vec![1; 99_000]);
    place(2, 500);
    let second = open();
    assert_eq!(read(&second).unwrap(), vec![2; 99_000]);
    // The first one goes on with what it has, and gets nothing of the second one.
    assert_eq!(read(&first).unwrap(), vec![1; 99_000]);
    let error = first.ranges(&[1000..100_000, 150_000..200_000]).unwrap_err();
    assert_eq!(error.to_string(), "it has changed since it was opened");
}

#[test]
fn queries_are_futures_of_any_executor() {
    let Some(server) = Nginx::start("queries_are_futures_of_any_executor") else {
        return;
    };
    fs::copy(sample_archive::path(), server.files().join("x.agc")).unwrap();
    let local = ragc_core::Archive::open(sample_archive::path()).unwrap();
    let address = Address::parse(&server.url("plain", "x.agc")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let archive = AsyncArchive::open(&address, None).await.unwrap();
        assert_eq!(archive.samples().await.unwrap(), [b"s0", b"s1", b"s2"]);
        // More of them at once than there are threads for, all of which wait for the server.
        let begin = |i: u64| {
            let archive = archive.clone();
            tokio::spawn(async move { archive.region("s2", "chr1", i * 1000..i * 1000 + 500).await })
        };
        let begun: Vec<_> = (0..200).map(begin).collect();
        for (start, region) in (0..).step_by(1000).zip(begun) {
            let expected = local.region("s2", "chr1", start..start + 500).unwrap();
            assert_eq!(region.await.unwrap().unwrap(), expected);
        }
        let error = archive.region("s2", "absent", 0..1).await.unwrap_err();
        assert!(
            error.to_string().contains("there is no contig \"absent\""),
            "{error}"
        );
        let absent = Address::parse(&server.url("plain", "absent")).unwrap();
        let error = AsyncArchive::open(&absent, None).await.unwrap_err();
        assert!(error.to_string().contains("404 Not Found"), "{error}");
    });
}
