//! Text of whole archives through all limits and numbers of threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::task::{DecodeTask, OutputStep};
use super::*;
use crate::container::ContainerReader;
use crate::deadline::{in_time, until};
use crate::error::{Error, ErrorKind};
use crate::extract::ContigId;
use crate::extract::fasta::FastaWriter;
use crate::extract::scan::Scan;

/// FASTA of everything, with the sample names between.
struct Text(FastaWriter<Vec<u8>>);

impl SampleSink for Text {
    fn start_sample(&mut self, name: &[u8]) -> Result<()> {
        self.0.start_contig(&[b"sample ", name].concat())
    }

    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.0.start_contig(name)
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.0.letters(letters)
    }

    fn end_sample(&mut self) -> Result<()> {
        self.0.start_contig(b"end")
    }
}

fn store(name: &str) -> Store {
    let path = format!("{}/../data/golden/archives/{name}", env!("CARGO_MANIFEST_DIR"));
    Store::open(
        ContainerReader::open(std::fs::read(path).unwrap()).unwrap(),
        1 << 20,
    )
    .unwrap()
}

fn stream_within(
    limits: TaskLimits,
    store: &Store,
    targets: &[Target],
    n_threads: usize,
    sink: &mut dyn SampleSink,
    run: &workers::Decode<'_>,
) -> Result<()> {
    let mut schedule = Schedule::new(
        store,
        limits.task_len,
        Targets::Listed(targets.iter()),
        Spelling::Residues,
    );
    workers::run(
        limits,
        n_threads,
        &mut schedule,
        run,
        &mut Output::new(store, Spelling::default(), sink),
    )
}

fn text(limits: TaskLimits, store: &Store, targets: &[Target], n_threads: usize) -> Vec<u8> {
    let mut sink = Text(FastaWriter::new(Vec::new(), 61));
    stream_within(limits, store, targets, n_threads, &mut sink, &|task, buffer| {
        task.run(store, buffer)
    })
    .unwrap();
    sink.0.finish().unwrap()
}

#[test]
fn neither_threads_nor_limits_change_the_text() {
    in_time("the threads end", || {
        for name in [
            "v3_s100.agc",
            "v3_concat.agc",
            "old_v1.0_s500.agc",
            "old_v2.0_s500.agc",
        ] {
            let store = store(name);
            let samples = (0..store.catalogue().samples().unwrap().len()).map(Target::Sample);
            let region = |contig, range| Target::Region(ContigId { sample: 0, contig }, range);
            let mut regions = vec![
                region(0, 150..2500),
                region(0, 0..u64::MAX),
                region(0, 7..8),
                region(0, 1 << 40..u64::MAX),
            ];
            regions.extend((90..130).map(|from| region(0, from..from + 700)));
            let targets: Vec<Target> = samples.chain(regions).collect();
            let whole = text(LIMITS, &store, &targets, 1);
            assert_eq!(text(LIMITS, &store, &[], 3), b"", "{name}");
            for (task_len, in_flight_len) in [(1, 1), (300, 1), (300, 10_000), (5_000, 20_000)] {
                for n_threads in [1, 2, 7] {
                    let limits = TaskLimits {
                        task_len,
                        in_flight_len,
                    };
                    assert!(
                        text(limits, &store, &targets, n_threads) == whole,
                        "{name} {limits:?} {n_threads}"
                    );
                }
            }
        }
    });
}

#[test]
fn a_sample_that_is_taken_once_is_the_same_and_leaves_nothing() {
    for name in [
        "v3_s100.agc",
        "v3_concat.agc",
        "old_v1.0_s500.agc",
        "old_v3.2.1_append_trap13.agc",
    ] {
        let store = self::store(name);
        for sample in 0..store.catalogue().samples().unwrap().len() {
            store.catalogue().sample(sample).unwrap();
            let held = store.held();
            let mut sink = Text(FastaWriter::new(Vec::new(), 61));
            let samples = [sample];
            let scan = Targets::Scanned(Scan::new(&store, &samples));
            stream(&store, scan, Spelling::default(), 3, &mut sink).unwrap();
            assert_eq!(store.held(), held, "{name} {sample}");
            let expected = text(LIMITS, &self::store(name), &[Target::Sample(sample)], 1);
            assert!(sink.0.finish().unwrap() == expected, "{name} {sample}");
        }
    }
}

#[test]
fn a_worker_that_panics_is_an_error_and_no_end_of_data() {
    in_time("the threads end", || {
        let store = store("tiny.agc");
        let targets: Vec<Target> = (0..4).map(Target::Sample).collect();
        let limits = TaskLimits {
            task_len: 50,
            in_flight_len: 100,
        };
        let mut sink = Text(FastaWriter::new(Vec::new(), 80));
        let run = |task: &DecodeTask, buffer| {
            let is_third = |step: &OutputStep| matches!(step, OutputStep::Stretch(s) if s.sample_idx == 2);
            assert!(!task.steps.iter().any(is_third), "on purpose");
            task.run(&store, buffer)
        };
        let error = stream_within(limits, &store, &targets, 2, &mut sink, &run).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::WorkerLost);
    });
}

/// Does something with the first letters, and takes no notice of all others.
struct First<F>(Option<F>);

impl<F: FnOnce() -> Result<()> + Send> SampleSink for First<F> {
    fn letters(&mut self, _letters: &[u8]) -> Result<()> {
        self.0.take().map_or(Ok(()), |first| first())
    }
}

/// Small tasks, many of them, for three threads.
const SMALL: TaskLimits = TaskLimits {
    task_len: 50,
    in_flight_len: 200,
};

#[test]
fn threads_wait_for_a_slow_sink() {
    in_time("the threads end", || {
        let store = store("v3_s100.agc");
        let targets: Vec<Target> = (0..store.catalogue().samples().unwrap().len())
            .map(Target::Sample)
            .collect();
        let (started, longest) = (AtomicU64::new(0), AtomicU64::new(0));
        let is_taken = AtomicBool::new(false);
        let room = 3 * SMALL.in_flight_len;
        let run = |task: &DecodeTask, buffer| {
            let longest = longest.fetch_max(task.len, Ordering::SeqCst).max(task.len);
            let n_started = started.fetch_add(task.len, Ordering::SeqCst) + task.len;
            assert!(is_taken.load(Ordering::SeqCst) || n_started <= room + longest);
            task.run(&store, buffer)
        };
        // It takes nothing until the others have done all that they may.
        let slow = || {
            until("threads go ahead", || started.load(Ordering::SeqCst) >= room);
            is_taken.store(true, Ordering::SeqCst);
            Ok(())
        };
        stream_within(SMALL, &store, &targets, 3, &mut First(Some(slow)), &run).unwrap();
        assert!(started.into_inner() > 10 * SMALL.in_flight_len);
    });
}

#[test]
fn an_error_of_the_sink_ends_all_and_its_panic_reaches_the_caller() {
    in_time("the threads end", || {
        let store = store("v3_s100.agc");
        let targets: Vec<Target> = (0..store.catalogue().samples().unwrap().len())
            .map(Target::Sample)
            .collect();
        let run = |task: &DecodeTask, buffer| task.run(&store, buffer);
        for n_threads in [1, 3] {
            let full = || Err(Error::bad_input("full"));
            let error = stream_within(SMALL, &store, &targets, n_threads, &mut First(Some(full)), &run);
            assert!(error.unwrap_err().to_string().contains("full"));
            let panic = || panic!("on purpose");
            let panic = catch_unwind(AssertUnwindSafe(|| {
                stream_within(SMALL, &store, &targets, n_threads, &mut First(Some(panic)), &run)
            }));
            assert_eq!(panic.unwrap_err().downcast_ref(), Some(&"on purpose"));
        }
    });
}
