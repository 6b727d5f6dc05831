//! Outputs that fail and threads that die, in `create` and in `append`: an error, and never an end of data.

use crate::deadline::in_time;
use ragc_core::compress::{AppendOptions, CreateOptions, Input, InputRules};
use ragc_core::internals::inputs::sift;
use ragc_core::observe::{Observer, Silent};
use ragc_core::{Archive, ErrorKind, Result};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

fn golden(name: &str) -> Input {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden/fasta");
    Input::file(folder.join(name))
}

/// A way to write an archive: from files, or behind an old one.
struct Way {
    inputs: Vec<Input>,
    old: Option<Vec<u8>>,
}

impl Way {
    /// Both ways; an old archive has the first of the files.
    fn both(inputs: Vec<Input>) -> [Self; 2] {
        let (first, others) = inputs.split_at(1);
        let old = Self {
            inputs: first.to_vec(),
            old: None,
        };
        let append = Self {
            old: Some(old.archive()),
            inputs: others.to_vec(),
        };
        [Self { inputs, old: None }, append]
    }

    fn write<W: Write + Send>(&self, sink: W, observer: Arc<dyn Observer>) -> Result<()> {
        let create_options = CreateOptions::default()
            .with_segment_size(Some(500))
            .with_pack_cardinality(Some(3))
            .with_threads(2);
        let append_options = AppendOptions::default().with_threads(2);
        match &self.old {
            None => create_options.create(&self.inputs, sink, observer)?,
            Some(old) => {
                let old = Archive::from_reader(old.clone())?;
                append_options.append(&old, &self.inputs, sink, observer)?
            }
        };
        Ok(())
    }

    fn archive(&self) -> Vec<u8> {
        let mut archive = Vec::new();
        self.write(&mut archive, Arc::new(Silent)).unwrap();
        archive
    }
}

/// Files of a few hundred bases, for archives of which every byte can be tried.
fn small_inputs(folder: &Path) -> Vec<Input> {
    let text = std::fs::read_to_string(golden("a.fa").source.label()).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).take(5).collect();
    let files = [("a.fa", 0..5), ("b.fa", 1..4), ("c.fa", 2..5)];
    let input = |(name, range): (&str, std::ops::Range<usize>)| {
        let path = folder.join(name);
        let text = format!(">x {name}\n{}\n>y\nACGT\n", lines[range].join("\n"));
        std::fs::write(&path, text).unwrap();
        Input::file(path)
    };
    files.into_iter().map(input).collect()
}

/// What happens when an output has taken all that it can.
#[derive(Debug, Clone, Copy)]
enum End {
    FullDisk,
    Panic,
}

/// Takes `n_left` bytes, at most `at_once` in one call and interrupted before each; then comes to its end.
struct Sink {
    n_left: usize,
    at_once: usize,
    end: End,
    is_interrupted: bool,
    taken: Vec<u8>,
}

impl Sink {
    fn new(n_left: usize, at_once: usize, end: End) -> Self {
        Self {
            n_left,
            at_once,
            end,
            is_interrupted: false,
            taken: Vec::new(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.is_interrupted = !self.is_interrupted;
        if self.is_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.n_left == 0 && !buf.is_empty() {
            match self.end {
                End::FullDisk => return Err(io::ErrorKind::StorageFull.into()),
                End::Panic => panic!("made for a test"),
            }
        }
        let n = buf.len().min(self.n_left).min(self.at_once);
        self.taken.extend_from_slice(&buf[..n]);
        self.n_left -= n;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_sink_that_fails_at_any_byte_ends_the_run_with_its_error() {
    in_time("the runs end", || {
        let folder = tempfile::tempdir().unwrap();
        for way in Way::both(small_inputs(folder.path())) {
            let whole = way.archive();
            assert!(whole.len() < 1500, "{}", whole.len());
            for n_left in 0..whole.len() {
                let mut sink = Sink::new(n_left, usize::MAX, End::FullDisk);
                let error = way.write(&mut sink, Arc::new(Silent)).unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Io(_)), "{n_left}: {error}");
                assert!(sink.taken == whole[..n_left], "{n_left}");
            }
        }
    });
}

/// Long enough that all stages are busy when it happens.
#[test]
fn a_sink_that_fails_in_a_long_run_ends_it() {
    in_time("the runs end", || {
        for way in Way::both(["ref.fa", "a.fa", "c.fa"].map(golden).to_vec()) {
            let len = way.archive().len();
            let write = |n_left, end| way.write(Sink::new(n_left, usize::MAX, end), Arc::new(Silent));
            for n_left in (0..len).step_by(len / 20) {
                let error = write(n_left, End::FullDisk).unwrap_err();
                assert!(matches!(error.kind(), ErrorKind::Io(_)), "{n_left}: {error}");
            }
            // The last bytes are written by the thread that called, and its panic is the caller's.
            for n_left in (0..len / 2).step_by(len / 20) {
                let error = write(n_left, End::Panic).unwrap_err();
                assert_eq!(*error.kind(), ErrorKind::WorkerLost, "{n_left}");
            }
        }
    });
}

#[test]
fn a_sink_that_takes_little_at_a_time_gets_the_whole_archive() {
    in_time("the runs end", || {
        for way in Way::both(["ref.fa", "a.fa", "c.fa"].map(golden).to_vec()) {
            let whole = way.archive();
            let mut sink = Sink::new(whole.len(), 7, End::FullDisk);
            way.write(&mut sink, Arc::new(Silent)).unwrap();
            assert!(sink.taken == whole);
        }
    });
}

/// Panics in a reader thread when this many bytes have been read.
struct Bomb {
    fuse: u64,
    n_read: AtomicU64,
}

impl Observer for Bomb {
    fn bytes_read(&self, n: u64) {
        let before = self.n_read.fetch_add(n, Ordering::Relaxed);
        assert!(before < self.fuse, "a panic made for a test");
    }
}

#[test]
fn a_thread_that_panics_is_an_error_and_not_an_end_of_data() {
    in_time("the runs end", || {
        let ways = Way::both(["ref.fa", "a.fa", "c.fa"].map(golden).to_vec());
        // The reference has been read for its splitters by then.
        for (way, fuse) in ways.iter().zip([60_000, 1]) {
            let bomb = Bomb {
                fuse,
                n_read: AtomicU64::new(0),
            };
            let error = way.write(Vec::new(), Arc::new(bomb)).unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::WorkerLost);
        }
    });
}

/// Whoever waits for a reader that is gone only sees that nothing comes; the reader says why.
#[test]
fn a_thread_that_panics_while_files_are_sifted_is_an_error() {
    in_time("the runs end", || {
        let inputs = ["ref.fa", "a.fa", "c.fa"].map(golden);
        for n_threads in [1, 3] {
            let bomb = Bomb {
                fuse: 60_000,
                n_read: AtomicU64::new(0),
            };
            let sifted = sift(&inputs, InputRules::default(), None, n_threads, Arc::new(bomb));
            assert_eq!(*sifted.unwrap_err().kind(), ErrorKind::WorkerLost);
        }
    });
}
