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
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::error::{Error, ErrorKind, Result};
use crate::extract::join::Joiner;
use crate::extract::plan;
use crate::extract::store::{LoadedSample, Store};
use crate::extract::{ContigId, no_such_place};

/// Symbols of a task, roughly.
const TASK_LEN: u64 = 1 << 20;
/// Contigs and stretches of a task, at most.
const MAX_PIECES: usize = 4096;
/// Symbols handed out and not taken yet, at most, for each thread: one task in work and some ready.
const IN_FLIGHT_LEN: u64 = 4 * TASK_LEN;
/// Tasks handed out and not taken yet, at most.
const MAX_TASKS: usize = 256;

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
    let mut plan = Plan {
        store,
        targets: targets.iter(),
        current: None,
    };
    let mut output = Output {
        store,
        joiner: Joiner::new(store.params().k),
        skip: 0,
        left: 0,
        sink,
    };
    if n_threads <= 1 {
        while let Some(task) = plan.next_task()? {
            let answer = task.run(store);
            output.take(&task, answer)?;
        }
        return Ok(());
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (task_sender, tasks) = bounded::<(Task, Sender<Answer>)>(MAX_TASKS);
        let workers: Vec<_> = (0..n_threads)
            .map(|_| {
                let (tasks, stop) = (tasks.clone(), &stop);
                scope.spawn(move || work(store, &tasks, stop))
            })
            .collect();
        let limit = IN_FLIGHT_LEN * n_threads as u64;
        let result = hand_out(&mut plan, limit, &task_sender, &mut output);
        stop.store(true, Ordering::Relaxed);
        drop(task_sender);
        // A panic of a worker was noticed where its answer is missing.
        workers.into_iter().for_each(|worker| drop(worker.join()));
        result
    })
}

fn work(store: &Store, tasks: &Receiver<(Task, Sender<Answer>)>, stop: &AtomicBool) {
    for (task, answer) in tasks {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // Nobody listens after an error elsewhere.
        let _ = answer.send(task.run(store));
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
    fn next_task(&mut self) -> Result<Option<Task>> {
        let mut task = Task::default();
        while task.len < TASK_LEN && task.pieces.len() < MAX_PIECES {
            self.current = match self.current.take() {
                Some(place) => place.advance(&mut task),
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
    fn advance(mut self, task: &mut Task) -> Option<Self> {
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
        while end < wanted.end && (end == start || task.len < TASK_LEN) {
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
