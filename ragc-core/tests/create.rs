//! `compress::create` as a library: what it tells, and what it refuses.

use ragc_core::compress::{CreateOptions, Input, Summary, create};
use ragc_core::observe::{Observer, SampleReport, Silent};
use ragc_core::{Decompressor, Error};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

fn golden(name: &str) -> Input {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden/fasta");
    Input::file(folder.join(name))
}

fn inputs() -> [Input; 3] {
    [golden("ref.fa"), golden("a.fa"), golden("c.fa")]
}

fn options() -> CreateOptions {
    CreateOptions {
        segment_size: Some(500),
        pack_cardinality: Some(50),
        n_threads: 2,
        ..CreateOptions::default()
    }
}

fn create_to<W: Write + Send>(sink: W, observer: Arc<dyn Observer>) -> Result<Summary, Error> {
    create(&inputs(), &options(), sink, observer)
}

/// Notes the samples and the bytes.
#[derive(Default)]
struct Notes {
    samples: Mutex<Vec<(String, usize, u64)>>,
    n_read: AtomicU64,
}

impl Observer for Notes {
    fn bytes_read(&self, n: u64) {
        self.n_read.fetch_add(n, Ordering::Relaxed);
    }

    fn sample_placed(&self, sample: &SampleReport<'_>) {
        let name = String::from_utf8(sample.name.to_vec()).unwrap();
        let mut samples = self.samples.lock().unwrap();
        samples.push((name, sample.n_contigs, sample.n_bases));
    }
}

#[test]
fn the_observer_and_the_summary_tell_what_the_archive_holds() {
    let notes = Arc::new(Notes::default());
    let mut archive = Vec::new();
    let summary = create_to(&mut archive, notes.clone()).unwrap();
    // The reference is read twice.
    let n_bytes = |input: &Input| input.source.size().unwrap();
    let expected = inputs().iter().map(n_bytes).sum::<u64>() + n_bytes(&inputs()[0]);
    assert_eq!(notes.n_read.load(Ordering::Relaxed), expected);

    let archive = Decompressor::from_reader(archive).unwrap();
    let samples = notes.samples.lock().unwrap();
    let names: Vec<&[u8]> = samples.iter().map(|(name, ..)| name.as_bytes()).collect();
    assert_eq!(names, archive.samples().unwrap().iter().collect::<Vec<_>>());
    // ref, a and c of the golden FASTA have 3, 3 and 49 contigs.
    assert_eq!(samples.iter().map(|(_, n, _)| *n).collect::<Vec<_>>(), [3, 3, 49]);
    assert_eq!((summary.n_samples, summary.n_contigs), (3, 55));
    let n_bases: u64 = samples.iter().map(|(.., n_bases)| n_bases).sum();
    assert_eq!(summary.n_bases, n_bases);
    assert_eq!(summary.odd, None);
}

#[test]
fn options_out_of_range_and_no_inputs_are_refused() {
    let refuse = |inputs: &[Input], options: &CreateOptions| {
        let mut archive = Vec::new();
        let error = create(inputs, options, &mut archive, Arc::new(Silent)).unwrap_err();
        assert!(archive.is_empty());
        error.to_string()
    };
    assert_eq!(refuse(&[], &options()), "there are no input files");
    let options = CreateOptions { k: 5, ..options() };
    let message = refuse(&[golden("ref.fa")], &options);
    assert_eq!(message, "k-mer length 5 is not between 17 and 32");
}

#[test]
fn a_limit_of_memory_is_kept_or_refused() {
    let create_within = |memory: usize, n_threads: usize| {
        let options = CreateOptions {
            memory: Some(memory),
            n_threads,
            ..options()
        };
        let mut archive = Vec::new();
        create(&inputs(), &options, &mut archive, Arc::new(Silent)).map(|_| archive)
    };
    let message = create_within(1 << 20, 2).unwrap_err().to_string();
    assert!(message.starts_with("1 MiB of memory are too little"), "{message}");
    let mut unlimited = Vec::new();
    create_to(&mut unlimited, Arc::new(Silent)).unwrap();
    // So little sequence has all its seeds in any case.
    for n_threads in [1, 3] {
        assert!(
            create_within(1 << 26, n_threads).unwrap() == unlimited,
            "{n_threads}"
        );
    }
}
