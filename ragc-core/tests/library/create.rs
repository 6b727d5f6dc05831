//! `CreateOptions::create` as a library: what it tells, and what it refuses.

use ragc_core::compress::{AppendOptions, CreateOptions, Input, InputRules, Summary};
use ragc_core::internals::inputs::sift;
use ragc_core::observe::{Observer, Phase, SampleReport, Silent};
use ragc_core::{Archive, Error};
use std::io::{self, Write};
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
    CreateOptions::default()
        .with_segment_size(Some(500))
        .with_pack_cardinality(Some(50))
        .with_threads(2)
}

fn create_to<W: Write + Send>(sink: W, observer: Arc<dyn Observer>) -> Result<Summary, Error> {
    options().create(&inputs(), sink, observer)
}

/// Notes the samples and the bytes, and what is done in each phase.
#[derive(Default)]
struct Notes {
    samples: Mutex<Vec<(String, usize, u64)>>,
    n_read: AtomicU64,
    /// Each with its total, and what was done of it.
    phases: Mutex<Vec<(Phase, Option<u64>, u64)>>,
}

impl Notes {
    fn in_phase(&self, change: impl FnOnce(&mut (Phase, Option<u64>, u64))) {
        if let Some(phase) = self.phases.lock().unwrap().last_mut() {
            change(phase);
        }
    }
}

impl Observer for Notes {
    fn bytes_read(&self, n: u64) {
        self.n_read.fetch_add(n, Ordering::Relaxed);
        self.in_phase(|(.., done)| *done += n);
    }

    fn phase_begins(&self, phase: Phase, total: Option<u64>) {
        let mut phases = self.phases.lock().unwrap();
        // What is read ahead belongs to what follows.
        let before = phases.last().filter(|(phase, ..)| *phase == Phase::Resume);
        let n_done = before.map_or(0, |(.., n_done)| *n_done);
        phases.push((phase, total, n_done));
    }

    fn packs_left(&self, n_bytes: u64) {
        self.in_phase(|(_, total, _)| *total = Some(total.unwrap_or(0) + n_bytes));
    }

    fn packs_closed(&self, n_bytes: u64) {
        self.in_phase(|(.., done)| *done += n_bytes);
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

    let archive = Archive::from_reader(archive).unwrap();
    let samples = notes.samples.lock().unwrap();
    let names: Vec<&[u8]> = samples.iter().map(|(name, ..)| name.as_bytes()).collect();
    assert_eq!(names, archive.samples().unwrap().iter().collect::<Vec<_>>());
    // ref, a and c of the golden FASTA have 3, 3 and 49 contigs.
    assert_eq!(samples.iter().map(|(_, n, _)| *n).collect::<Vec<_>>(), [3, 3, 49]);
    assert_eq!((summary.n_samples, summary.n_contigs), (3, 55));
    let n_bases: u64 = samples.iter().map(|(.., n_bases)| n_bases).sum();
    assert_eq!(summary.n_bases, n_bases);
    assert_eq!(summary.n_odd(), 0);
}

#[test]
fn every_phase_comes_to_the_total_that_it_tells() {
    let len = |input: &Input| input.source.size().unwrap();
    let all: u64 = inputs().iter().map(len).sum();
    let phases = |notes: &Notes| notes.phases.lock().unwrap().clone();
    let check = |told: &[(Phase, Option<u64>, u64)]| {
        let [.., (Phase::Resume, None, _), store, packs] = told else {
            panic!("{told:?}");
        };
        assert_eq!(*store, (Phase::Store, Some(all), all));
        assert!(
            packs.0 == Phase::ClosePacks && packs.1 == Some(packs.2) && packs.2 > 0,
            "{packs:?}"
        );
    };
    let notes = Arc::new(Notes::default());
    let mut archive = Vec::new();
    let chosen = options().with_segment_size(None);
    chosen.create(&inputs(), &mut archive, notes.clone()).unwrap();
    let told = phases(&notes);
    check(&told);
    let reference = len(&inputs()[0]);
    // The first look ends somewhere in the reference sample.
    assert!(told[0].0 == Phase::Choose && told[0].1.is_none() && told[0].2 <= reference);
    assert_eq!(told[1], (Phase::FindSplitters, Some(reference), reference));

    let notes = Arc::new(Notes::default());
    let archive = Archive::from_reader(archive).unwrap();
    let renamed = inputs().map(|input| {
        let sample = format!("more_{}", input.sample);
        input.with_sample(sample)
    });
    let append_options = AppendOptions::default().with_threads(3);
    append_options
        .append(&archive, &renamed, Vec::new(), notes.clone())
        .unwrap();
    check(&phases(&notes));

    let notes = Arc::new(Notes::default());
    sift(&inputs(), InputRules::default(), None, 2, notes.clone()).unwrap();
    assert_eq!(phases(&notes), [(Phase::Sift, Some(all), all)]);
}

#[test]
fn the_summary_tells_what_every_stream_takes() {
    let mut archive = Vec::new();
    let summary = create_to(&mut archive, Arc::new(Silent)).unwrap();
    let total: u64 = summary.stream_lens.values().sum();
    assert_eq!(total, archive.len() as u64);
    let opened = Archive::from_reader(archive).unwrap();
    let n_segments: usize = (0..3)
        .flat_map(|sample| opened.describe(sample).unwrap().contigs)
        .map(|contig| contig.segments.len())
        .sum();
    assert_eq!(summary.n_segments, n_segments as u64);
    let len = |name: &str| summary.stream_lens.get(name).copied();
    for name in [
        "references",
        "deltas",
        "raw",
        "collection-details",
        "ragc.sums",
        "footer",
    ] {
        assert!(len(name) > Some(0), "{name}: {:?}", summary.stream_lens);
    }
    assert_eq!(len("ragc.case"), None);
}

#[test]
fn options_out_of_range_and_no_inputs_are_refused() {
    let refuse = |inputs: &[Input], options: &CreateOptions| {
        let mut archive = Vec::new();
        let error = options
            .create(inputs, &mut archive, Arc::new(Silent))
            .unwrap_err();
        assert!(archive.is_empty());
        error.to_string()
    };
    assert_eq!(refuse(&[], &options()), "there are no input files");
    let options = options().with_k(5);
    let message = refuse(&[golden("ref.fa")], &options);
    assert_eq!(message, "k-mer length 5 is not between 17 and 32");
}

#[test]
fn a_limit_of_memory_is_kept_or_refused() {
    let create_within = |memory: usize, n_threads: usize| {
        let options = options().with_memory(Some(memory)).with_threads(n_threads);
        let mut archive = Vec::new();
        options
            .create(&inputs(), &mut archive, Arc::new(Silent))
            .map(|_| archive)
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

/// The files as they are handed over otherwise.
type HandOver = fn(&str, Vec<u8>) -> Input;

#[test]
fn text_from_memory_and_readers_gives_the_archive_of_the_files() {
    let hand_overs: [HandOver; 2] = [
        |name, text| Input::bytes(name, text),
        |name, text| Input::reader(name, io::Cursor::new(text)),
    ];
    let mut of_files = Vec::new();
    create_to(&mut of_files, Arc::new(Silent)).unwrap();
    for hand_over in hand_overs {
        let inputs = inputs().map(|file| {
            let text = std::fs::read(file.source.path().unwrap()).unwrap();
            hand_over(&file.sample, text)
        });
        let mut archive = Vec::new();
        options().create(&inputs, &mut archive, Arc::new(Silent)).unwrap();
        assert!(archive == of_files);

        // A sample more, out of a tar archive.
        let (first, second) = (b">a\nACGTTGCA\n", b">b\nGGCC\n");
        let mut tarball = tar::Builder::new(Vec::new());
        for (name, text) in [("one.fa", &first[..]), ("two.fa", &second[..])] {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            tarball.append_data(&mut header, name, text).unwrap();
        }
        let input = hand_over("more", tarball.into_inner().unwrap());
        let inputs = InputRules::default().unpack_tarballs(vec![input]);
        let archive = Archive::from_reader(archive).unwrap();
        let mut appended = Vec::new();
        AppendOptions::default()
            .append(&archive, &inputs, &mut appended, Arc::new(Silent))
            .unwrap();
        let appended = Archive::from_reader(appended).unwrap();
        assert_eq!(appended.contig("more", "a").unwrap(), b"ACGTTGCA");
        assert_eq!(appended.contig("more", "b").unwrap(), b"GGCC");
    }
}

#[test]
fn a_reader_that_was_read_is_an_error() {
    let input = Input::reader("s", io::Cursor::new(b">a\nACGT\n"));
    let create = || {
        let inputs = [golden("ref.fa"), input.clone()];
        options().create(&inputs, Vec::new(), Arc::new(Silent))
    };
    assert_eq!(create().unwrap().n_samples, 2);
    let error = create().unwrap_err();
    assert_eq!(error.to_string(), "s: a reader can be read once, and was");
}
