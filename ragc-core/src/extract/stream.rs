//! Whole samples in order, decoded ahead on several threads.
//!
//! ```text
//!            ┌─▶ worker ─┐
//! plan ──────┼─▶ worker ─┼──▶ answers in the order of the plan ──▶ sink
//!            └─▶ worker ─┘
//! ```
//!
//! The work is cut into tasks of about a megabase: a stretch of a long contig, or many short contigs. A task's answer
//! travels in a channel of its own, and the answers are taken in the order in which the tasks were handed out, so the
//! output does not depend on timing. Handed out and not taken yet are at most [`IN_FLIGHT_LEN`] symbols; a larger task
//! passes when it is alone. A slow sink therefore costs no memory.
//!
//! An error travels in the place of its data. A task whose worker is gone is `WorkerLost`, never an end of data.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::error::{Error, ErrorKind, Result};
use crate::extract::join::Joiner;
use crate::extract::store::{LoadedSample, Store};

/// Symbols of a task, roughly.
const TASK_LEN: u64 = 1 << 20;
/// Contigs and stretches of a task, at most.
const MAX_PIECES: usize = 4096;
/// Symbols handed out and not taken yet, at most.
const IN_FLIGHT_LEN: u64 = 1 << 26;
/// Tasks handed out and not taken yet, at most.
const MAX_TASKS: usize = 256;

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

/// Sends samples, given by their places in the archive, through `sink`.
pub(crate) fn stream(
    store: &Store,
    samples: &[usize],
    n_threads: usize,
    sink: &mut dyn SampleSink,
) -> Result<()> {
    let mut plan = Plan::new(store, samples);
    let mut output = Output {
        store,
        joiner: Joiner::new(store.params().k),
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
        let result = hand_out(&mut plan, &task_sender, &mut output);
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
    tasks: &Sender<(Task, Sender<Answer>)>,
    output: &mut Output<'_, '_>,
) -> Result<()> {
    let mut waiting: VecDeque<(Task, Receiver<Answer>)> = VecDeque::new();
    let mut in_flight = 0;
    let mut next = plan.next_task()?;
    loop {
        while let Some(task) = next.take() {
            let fits = waiting.len() < MAX_TASKS && in_flight + task.len <= IN_FLIGHT_LEN;
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
    /// Segments of a contig.
    Stretch {
        sample_idx: usize,
        sample: LoadedSample,
        contig: usize,
        segments: Range<usize>,
    },
    EndSample,
}

/// For each stretch its symbols, which begin with the overlap unless they begin the contig.
type Answer = Result<Vec<Vec<u8>>>;

impl Task {
    fn run(&self, store: &Store) -> Answer {
        let mut stretches = Vec::new();
        for piece in &self.pieces {
            if let Piece::Stretch {
                sample_idx,
                sample,
                contig,
                segments,
            } = piece
            {
                let decode = || {
                    let mut joiner = Joiner::new(store.params().k);
                    let mut codes = Vec::new();
                    for segment in &sample.segments(*contig)[segments.clone()] {
                        let decoded = store.segment(segment)?;
                        let new = joiner.join(&decoded)?;
                        if codes.is_empty() && segments.len() == 1 {
                            return Ok(decoded);
                        }
                        codes.extend_from_slice(new);
                    }
                    Ok(codes)
                };
                stretches.push(decode().map_err(|e| in_contig(store, *sample_idx, sample, *contig, e))?);
            }
        }
        Ok(stretches)
    }
}

/// Cuts samples into tasks, one after the other.
struct Plan<'a> {
    store: &'a Store,
    samples: std::slice::Iter<'a, usize>,
    current: Option<Place>,
}

/// Where the next stretch begins.
struct Place {
    sample_idx: usize,
    sample: LoadedSample,
    contig: usize,
    segment: usize,
}

impl<'a> Plan<'a> {
    fn new(store: &'a Store, samples: &'a [usize]) -> Self {
        Self {
            store,
            samples: samples.iter(),
            current: None,
        }
    }

    fn next_task(&mut self) -> Result<Option<Task>> {
        let mut task = Task::default();
        while task.len < TASK_LEN && task.pieces.len() < MAX_PIECES {
            match self.current.take() {
                Some(place) => self.current = place.advance(&mut task),
                None => {
                    let Some(sample) = self.samples.next() else { break };
                    task.pieces.push(Piece::StartSample(*sample));
                    let loaded = self
                        .store
                        .sample(*sample)
                        .map_err(|e| in_sample(self.store, *sample, e))?;
                    self.current = Some(Place {
                        sample_idx: *sample,
                        sample: loaded,
                        contig: 0,
                        segment: 0,
                    });
                }
            }
        }
        Ok((!task.pieces.is_empty()).then_some(task))
    }
}

impl Place {
    /// Moves one stretch into the task, or the end of the sample.
    fn advance(mut self, task: &mut Task) -> Option<Self> {
        if self.contig == self.sample.n_contigs() {
            task.pieces.push(Piece::EndSample);
            return None;
        }
        let segments = self.sample.segments(self.contig);
        let mut end = self.segment;
        while end < segments.len() && (end == self.segment || task.len < TASK_LEN) {
            task.len += u64::from(segments[end].raw_len);
            end += 1;
        }
        let is_last = end == segments.len();
        task.pieces.push(Piece::Stretch {
            sample_idx: self.sample_idx,
            sample: self.sample.clone(),
            contig: self.contig,
            segments: self.segment..end,
        });
        (self.contig, self.segment) = if is_last {
            (self.contig + 1, 0)
        } else {
            (self.contig, end)
        };
        Some(self)
    }
}

/// The ordered end: headers, overlaps between stretches, and the sink.
struct Output<'a, 'b> {
    store: &'a Store,
    joiner: Joiner,
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
                Piece::Stretch {
                    sample_idx,
                    sample,
                    contig,
                    segments,
                } => {
                    if segments.start == 0 {
                        self.joiner.restart();
                        self.sink.start_contig(sample.names.name(sample.slot, *contig))?;
                    }
                    let codes = stretches
                        .next()
                        .ok_or_else(|| Error::new(ErrorKind::WorkerLost))?;
                    let new = self.joiner.join(&codes);
                    let new = new.map_err(|e| in_contig(self.store, *sample_idx, sample, *contig, e))?;
                    self.sink.symbols(new)?;
                }
                Piece::EndSample => self.sink.end_sample()?,
            }
        }
        Ok(())
    }
}

fn in_contig(store: &Store, sample_idx: usize, sample: &LoadedSample, contig: usize, error: Error) -> Error {
    let name = sample.names.name(sample.slot, contig);
    in_sample(store, sample_idx, error.in_contig(&String::from_utf8_lossy(name)))
}

fn in_sample(store: &Store, sample: usize, error: Error) -> Error {
    match store.samples().ok().and_then(|samples| samples.get(sample)) {
        Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
        None => error,
    }
}
