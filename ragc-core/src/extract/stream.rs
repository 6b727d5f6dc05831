//! Samples and contigs in order, decoded ahead on several threads.
//!
//! ```text
//!            ┌─▶ worker ─┐
//! plan ──────┼─▶ worker ─┼──▶ answers in the order of the plan ──▶ sink
//!            └─▶ worker ─┘
//! ```
//!
//! The work is cut into tasks of about a megabase: a stretch of a long contig, or many short contigs. A task's answer
//! travels in a channel of its own, and the answers are taken in the order in which the tasks were handed out, so the
//! output does not depend on timing. Handed out and not taken yet are a few megabases per thread; a larger task
//! passes when it is alone. A slow sink therefore costs no memory.
//!
//! An error travels in the place of its data. A task whose worker is gone is `WorkerLost`, never an end of data.

use std::collections::VecDeque;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::error::{Error, ErrorKind, Result};
use crate::extract::join::Joiner;
use crate::extract::plan;
use crate::extract::store::{LoadedSample, Store};
use crate::extract::{ContigId, no_such_place};

/// Contigs and stretches of a task, at most.
const MAX_PIECES: usize = 4096;
/// Tasks handed out and not taken yet, at most.
const MAX_TASKS: usize = 256;

/// How much is done at a time, in symbols.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// A task, roughly.
    task_len: u64,
    /// Handed out and not taken yet, for each thread: one task in work and some ready.
    in_flight_len: u64,
}

const LIMITS: Limits = Limits {
    task_len: 1 << 20,
    in_flight_len: 1 << 22,
};

/// What is to be extracted.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// A whole sample, by its place in the archive.
    Sample(usize),
    /// A stretch of a contig; what lies past its end is left out.
    Region(ContigId, Range<u64>),
}

/// Takes samples, contigs and symbols in the order of the archive.
pub trait SampleSink {
    /// A sample begins.
    ///
    /// # Errors
    /// Whatever keeps the sink from going on; the extraction ends with it.
    fn start_sample(&mut self, name: &[u8]) -> Result<()>;

    /// A contig of the sample begins; the name is the complete header line.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn start_contig(&mut self, name: &[u8]) -> Result<()>;

    /// The next symbols of the contig, as codes.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn symbols(&mut self, codes: &[u8]) -> Result<()>;

    /// All contigs of the sample are complete.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn end_sample(&mut self) -> Result<()>;
}

/// Sends targets through `sink`, one after the other.
pub(crate) fn stream(
    store: &Store,
    targets: &[Target],
    n_threads: usize,
    sink: &mut dyn SampleSink,
) -> Result<()> {
    stream_within(LIMITS, store, targets, n_threads, sink, &|task| task.run(store))
}

fn stream_within(
    limits: Limits,
    store: &Store,
    targets: &[Target],
    n_threads: usize,
    sink: &mut dyn SampleSink,
    run: &(dyn Fn(&Task) -> Answer + Sync),
) -> Result<()> {
    let task_len = limits.task_len;
    let mut plan = Plan {
        store,
        task_len,
        targets: targets.iter(),
        current: None,
        ahead: VecDeque::new(),
    };
    let mut output = Output {
        store,
        joiner: Joiner::new(store.params().k),
        skip: 0,
        left: 0,
        sink,
    };
    // No more workers than there is work for: a short query starts no thread.
    let n_workers = plan.look_ahead(n_threads)?;
    if n_workers <= 1 {
        while let Some(task) = plan.next_task()? {
            let answer = run(&task);
            output.take(&task, answer)?;
        }
        return Ok(());
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (task_sender, tasks) = bounded::<(Task, Sender<Answer>)>(MAX_TASKS);
        for _ in 0..n_workers {
            let (tasks, stop) = (tasks.clone(), &stop);
            scope.spawn(move || work(run, &tasks, stop));
        }
        drop(tasks);
        let limit = limits.in_flight_len.saturating_mul(n_workers as u64);
        let result = hand_out(&mut plan, limit, &task_sender, &mut output);
        stop.store(true, Ordering::Relaxed);
        result
    })
}

/// Answers tasks until there are no more. A panic is answered, too, so that nobody waits for it.
fn work(run: &(dyn Fn(&Task) -> Answer + Sync), tasks: &Receiver<(Task, Sender<Answer>)>, stop: &AtomicBool) {
    for (task, answer) in tasks {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let result = catch_unwind(AssertUnwindSafe(|| run(&task)));
        // Nobody listens after an error elsewhere.
        let _ = answer.send(result.unwrap_or_else(|_| Err(Error::new(ErrorKind::WorkerLost))));
    }
}

fn hand_out(
    plan: &mut Plan<'_>,
    limit: u64,
    tasks: &Sender<(Task, Sender<Answer>)>,
    output: &mut Output<'_, '_>,
) -> Result<()> {
    let mut waiting: VecDeque<(Task, Receiver<Answer>)> = VecDeque::new();
    let mut in_flight = 0;
    let mut next = plan.next_task()?;
    loop {
        while let Some(task) = next.take() {
            let fits = waiting.len() < MAX_TASKS && in_flight + task.len <= limit;
            if !fits && !waiting.is_empty() {
                next = Some(task);
                break;
            }
            in_flight += task.len;
            let (sender, receiver) = bounded(1);
            tasks
                .send((task.clone(), sender))
                .map_err(|_| Error::new(ErrorKind::WorkerLost))?;
            waiting.push_back((task, receiver));
            next = plan.next_task()?;
        }
        let Some((task, receiver)) = waiting.pop_front() else {
            return Ok(());
        };
        let answer = receiver.recv().map_err(|_| Error::new(ErrorKind::WorkerLost))?;
        in_flight -= task.len;
        output.take(&task, answer)?;
    }
}

/// Some consecutive stretches of contigs, to be decoded together.
#[derive(Debug, Clone, Default)]
struct Task {
    pieces: Vec<Piece>,
    /// Symbols, as far as the stored lengths tell.
    len: u64,
}

/// A step of the output.
#[derive(Debug, Clone)]
enum Piece {
    StartSample(usize),
    Stretch(Stretch),
    EndSample,
}

/// Neighbouring segments of a contig.
#[derive(Debug, Clone)]
struct Stretch {
    sample_idx: usize,
    sample: LoadedSample,
    contig: usize,
    segments: Range<usize>,
    /// At the beginning of a contig or region, what to skip and how much to take.
    start: Option<Trim>,
    /// In a region, the lengths by which it was planned, of all segments of the contig.
    lens: Option<Arc<[u64]>>,
}

/// Symbols to leave out and symbols to take after them.
#[derive(Debug, Clone, Copy)]
struct Trim {
    skip: u64,
    take: u64,
}

/// For each stretch its symbols, which begin with the overlap unless they begin the contig.
type Answer = Result<Vec<Vec<u8>>>;

impl Task {
    fn run(&self, store: &Store) -> Answer {
        let stretches = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Stretch(stretch) => Some(stretch),
            Piece::StartSample(_) | Piece::EndSample => None,
        });
        stretches
            .map(|stretch| stretch.decode(store).map_err(|e| stretch.place(store, e)))
            .collect()
    }
}

impl Stretch {
    fn decode(&self, store: &Store) -> Result<Vec<u8>> {
        let mut joiner = Joiner::new(store.params().k);
        let mut codes = Vec::new();
        for i in self.segments.clone() {
            let decoded = store.segment(&self.sample.segments(self.contig)[i])?;
            if let Some(lens) = &self.lens {
                check_len(&decoded, lens[i])?;
            }
            let new = joiner.join(&decoded)?;
            if self.segments.len() == 1 {
                return Ok(decoded);
            }
            codes.extend_from_slice(new);
        }
        Ok(codes)
    }

    fn name(&self) -> &[u8] {
        self.sample.names.name(self.sample.slot, self.contig)
    }

    /// Adds sample and contig to an error.
    fn place(&self, store: &Store, error: Error) -> Error {
        in_sample(
            store,
            self.sample_idx,
            error.in_contig(&String::from_utf8_lossy(self.name())),
        )
    }
}

/// Checks that a segment is as long as the plan of a region took it to be.
pub(crate) fn check_len(decoded: &[u8], planned: u64) -> Result<()> {
    match decoded.len() as u64 {
        len if len == planned => Ok(()),
        len => Err(Error::corrupt(format!(
            "a segment of {len} symbols instead of {planned}"
        ))),
    }
}

/// Cuts targets into tasks, one after the other.
struct Plan<'a> {
    store: &'a Store,
    task_len: u64,
    /// Tasks that were cut already.
    ahead: VecDeque<Task>,
    targets: std::slice::Iter<'a, Target>,
    current: Option<Place>,
}

/// Where the next stretch begins.
struct Place {
    sample_idx: usize,
    sample: LoadedSample,
    /// Contigs still to come, the current one first.
    contigs: Range<usize>,
    /// Segments of the current contig that are already planned; none at its beginning.
    planned: Option<usize>,
    /// For a region, what of the contig is wanted; without it, whole contigs and the end of the sample.
    window: Option<Window>,
}

struct Window {
    segments: Range<usize>,
    trim: Trim,
    lens: Arc<[u64]>,
}

impl Plan<'_> {
    /// Cuts up to `n` tasks in advance, and tells how many there are.
    fn look_ahead(&mut self, n: usize) -> Result<usize> {
        while self.ahead.len() < n
            && let Some(task) = self.cut_task()?
        {
            self.ahead.push_back(task);
        }
        Ok(self.ahead.len())
    }

    fn next_task(&mut self) -> Result<Option<Task>> {
        match self.ahead.pop_front() {
            Some(task) => Ok(Some(task)),
            None => self.cut_task(),
        }
    }

    fn cut_task(&mut self) -> Result<Option<Task>> {
        let mut task = Task::default();
        while task.len < self.task_len && task.pieces.len() < MAX_PIECES {
            self.current = match self.current.take() {
                Some(place) => place.advance(&mut task, self.task_len),
                None => match self.targets.next() {
                    Some(Target::Sample(sample)) => {
                        task.pieces.push(Piece::StartSample(*sample));
                        Some(
                            Place::sample(self.store, *sample)
                                .map_err(|e| in_sample(self.store, *sample, e))?,
                        )
                    }
                    Some(Target::Region(id, range)) => {
                        let place = Place::region(self.store, *id, range);
                        Some(place.map_err(|e| in_sample(self.store, id.sample, e))?)
                    }
                    None => break,
                },
            };
        }
        Ok((!task.pieces.is_empty()).then_some(task))
    }
}

impl Place {
    fn sample(store: &Store, sample_idx: usize) -> Result<Self> {
        let sample = store.sample(sample_idx)?;
        Ok(Self {
            sample_idx,
            contigs: 0..sample.n_contigs(),
            sample,
            planned: None,
            window: None,
        })
    }

    fn region(store: &Store, id: ContigId, range: &Range<u64>) -> Result<Self> {
        let sample = store.sample(id.sample)?;
        if id.contig >= sample.n_contigs() {
            return Err(no_such_place(id));
        }
        let lens = store.segment_lens(&sample, id.contig)?;
        let slices = plan::slices(&lens, store.params().k.into(), range)?;
        let (segments, skip) = match (slices.first(), slices.last()) {
            (Some(first), Some(last)) => (first.segment..last.segment + 1, first.range.start),
            _ => (0..0, 0),
        };
        let take = slices
            .iter()
            .map(|slice| slice.range.end - slice.range.start)
            .sum();
        let window = Window {
            segments,
            trim: Trim { skip, take },
            lens: lens.into(),
        };
        Ok(Self {
            sample_idx: id.sample,
            sample,
            contigs: id.contig..id.contig + 1,
            planned: None,
            window: Some(window),
        })
    }

    /// Moves one stretch into the task, or the end of the sample.
    fn advance(mut self, task: &mut Task, task_len: u64) -> Option<Self> {
        if self.contigs.is_empty() {
            if self.window.is_none() {
                task.pieces.push(Piece::EndSample);
            }
            return None;
        }
        let contig = self.contigs.start;
        let segments = self.sample.segments(contig);
        let (wanted, trim) = match &self.window {
            Some(window) => (window.segments.clone(), window.trim),
            None => (
                0..segments.len(),
                Trim {
                    skip: 0,
                    take: u64::MAX,
                },
            ),
        };
        let start = self.planned.unwrap_or(wanted.start);
        let mut end = start;
        while end < wanted.end && (end == start || task.len < task_len) {
            task.len += u64::from(segments[end].raw_len);
            end += 1;
        }
        task.pieces.push(Piece::Stretch(Stretch {
            sample_idx: self.sample_idx,
            sample: self.sample.clone(),
            contig,
            segments: start..end,
            start: self.planned.is_none().then_some(trim),
            lens: self.window.as_ref().map(|window| Arc::clone(&window.lens)),
        }));
        self.planned = (end < wanted.end).then_some(end);
        self.contigs.start += usize::from(self.planned.is_none());
        Some(self)
    }
}

/// The ordered end: headers, overlaps between stretches, the ends of regions, and the sink.
struct Output<'a, 'b> {
    store: &'a Store,
    joiner: Joiner,
    /// Symbols of the region's first segment that are still in front of the region.
    skip: u64,
    /// Symbols of the region still to come.
    left: u64,
    sink: &'b mut dyn SampleSink,
}

impl Output<'_, '_> {
    fn take(&mut self, task: &Task, answer: Answer) -> Result<()> {
        let mut stretches = answer?.into_iter();
        for piece in &task.pieces {
            match piece {
                Piece::StartSample(sample) => {
                    let name = self.store.samples()?.get(*sample).unwrap_or_default();
                    self.sink.start_sample(name)?;
                }
                Piece::Stretch(stretch) => {
                    let codes = stretches
                        .next()
                        .ok_or_else(|| Error::new(ErrorKind::WorkerLost))?;
                    self.stretch(stretch, &codes)?;
                }
                Piece::EndSample => self.sink.end_sample()?,
            }
        }
        Ok(())
    }

    fn stretch(&mut self, stretch: &Stretch, codes: &[u8]) -> Result<()> {
        if let Some(trim) = stretch.start {
            self.joiner.restart();
            (self.skip, self.left) = (trim.skip, trim.take);
            self.sink.start_contig(stretch.name())?;
        }
        let new = self
            .joiner
            .join(codes)
            .map_err(|e| stretch.place(self.store, e))?;
        let skipped = self.skip.min(new.len() as u64) as usize;
        let taken = self.left.min((new.len() - skipped) as u64) as usize;
        self.skip -= skipped as u64;
        self.left -= taken as u64;
        self.sink.symbols(&new[skipped..skipped + taken])
    }
}

fn in_sample(store: &Store, sample: usize, error: Error) -> Error {
    match store.samples().ok().and_then(|samples| samples.get(sample)) {
        Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::ArchiveReader;
    use crate::extract::fasta::FastaWriter;

    /// FASTA of everything, with the sample names between.
    struct Text(FastaWriter<Vec<u8>>);

    impl SampleSink for Text {
        fn start_sample(&mut self, name: &[u8]) -> Result<()> {
            self.0.start_contig(&[b"sample ", name].concat())
        }

        fn start_contig(&mut self, name: &[u8]) -> Result<()> {
            self.0.start_contig(name)
        }

        fn symbols(&mut self, codes: &[u8]) -> Result<()> {
            self.0.symbols(codes)
        }

        fn end_sample(&mut self) -> Result<()> {
            self.0.start_contig(b"end")
        }
    }

    fn store(name: &str) -> Store {
        let path = format!("{}/../data/golden/archives/{name}", env!("CARGO_MANIFEST_DIR"));
        Store::open(
            ArchiveReader::open(std::fs::read(path).unwrap()).unwrap(),
            1 << 20,
        )
        .unwrap()
    }

    fn text(limits: Limits, store: &Store, targets: &[Target], n_threads: usize) -> Vec<u8> {
        let mut sink = Text(FastaWriter::new(Vec::new(), 61));
        stream_within(limits, store, targets, n_threads, &mut sink, &|task| {
            task.run(store)
        })
        .unwrap();
        sink.0.finish().unwrap()
    }

    #[test]
    fn neither_threads_nor_limits_change_the_text() {
        for name in ["v3_s100.agc", "v3_concat.agc"] {
            let store = store(name);
            let samples = (0..store.samples().unwrap().len()).map(Target::Sample);
            let region = |contig, range| Target::Region(ContigId { sample: 0, contig }, range);
            let regions = [
                region(0, 150..2500),
                region(0, 0..u64::MAX),
                region(0, 7..8),
                region(0, 1 << 40..u64::MAX),
            ];
            let targets: Vec<Target> = samples.chain(regions).collect();
            let whole = text(LIMITS, &store, &targets, 1);
            for (task_len, in_flight_len) in [(1, 1), (300, 1), (300, 10_000), (5_000, 20_000)] {
                for n_threads in [1, 2, 7] {
                    let limits = Limits {
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
    }

    #[test]
    fn a_worker_that_panics_is_an_error_and_no_end_of_data() {
        let store = store("tiny.agc");
        let targets: Vec<Target> = (0..4).map(Target::Sample).collect();
        let limits = Limits {
            task_len: 50,
            in_flight_len: 100,
        };
        let mut sink = Text(FastaWriter::new(Vec::new(), 80));
        let run = |task: &Task| -> Answer {
            assert!(
                !task
                    .pieces
                    .iter()
                    .any(|piece| matches!(piece, Piece::Stretch(s) if s.sample_idx == 2)),
                "on purpose"
            );
            task.run(&store)
        };
        let error = stream_within(limits, &store, &targets, 2, &mut sink, &run).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::WorkerLost);
    }
}
