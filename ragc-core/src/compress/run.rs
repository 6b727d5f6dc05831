//! Joins the stages: files in, archive out. Creating is appending to nothing.

use super::cut::InputCutter;
use super::encode::{GroupWorker, Job};
use super::ended::{Ended, reason};
use super::input::{Input, total_size};
use super::last_packs::{LastPacks, last_packs};
use super::memory::Memory;
use super::messages::Message;
use super::place::{KeyedGroups, Placer};
use super::placing::Placing;
use super::pool::{self, WorkerInbox};
use super::read::{self, Assignment, OrderedInputs, Reading};
use super::round::Rounds;
use super::route::{Outcome, PlacementStage, Summary};
use super::write::ArchiveStage;
use crate::container::ContainerWriter;
use crate::error::Result;
use crate::file_info::FileInfo;
use crate::group::key::Key;
use crate::observe::Phase;
use crate::params::Params;
use crate::provenance::{Counts, Forgotten, HistoryEntry, write_history};
use crate::queue;
use crate::rewrite::{Existing, SmallStreams, lens_by_kind};
use crate::splitter::{AdaptiveSplitters, Splitters};
use crate::splitter_streams::SegmentKey;
use crate::threads::{Started, n_startable, start, start_some};
use crate::times::{Role, Stage, Tally, within};
use crate::track::Wanted;
use crossbeam_channel::Receiver;
use std::collections::BTreeMap;
use std::io::Write;
use std::thread::{self, Scope};

/// Bytes of jobs that wait for one worker.
const JOB_BYTES: usize = 4 << 20;

/// Bytes of parts and descriptors that wait for the writer.
const WRITER_BYTES: usize = 8 << 20;

/// Parts are written one after the other.
const N_WRITERS: usize = 1;

/// What all stages of a run know.
pub(super) struct Run<'a> {
    pub(super) inputs: &'a [Input],
    /// The first of them as it is read; it may have been copied to be read twice.
    pub(super) first: &'a Input,
    pub(super) params: Params,
    pub(super) placing: Placing,
    pub(super) memory: Memory,
    pub(super) reading: &'a Reading,
    /// Which tracks are written.
    pub(super) wanted: Wanted,
    pub(super) n_threads: usize,
    pub(super) splitters: &'a Splitters,
    /// The archive that is appended to.
    pub(super) existing: Option<&'a Existing<'a>>,
    /// Counts the threads.
    pub(super) tally: &'a Tally,
    /// What the archive is to say about itself.
    pub(super) info: &'a FileInfo,
}

impl Run<'_> {
    /// Writes the archive, from its first part to its footer. In adaptive mode, `reference_kmers` may not be splitters.
    ///
    /// # Errors
    /// The reason of the stage that failed first.
    pub(super) fn write_archive<W: Write + Send>(
        &self,
        reference_kmers: Option<Vec<u64>>,
        sink: W,
    ) -> Result<Summary> {
        let adaptive = reference_kmers
            .map(|kmers| AdaptiveSplitters::new(self.splitters, self.params.segment_size, kmers));
        let (mut archive, outcome) = self.stages(adaptive, sink)?;
        let mut splitters = self.splitters.clone();
        if let Some(more) = &outcome.more_splitters {
            splitters.extend(more.sorted());
        }
        let mut stream_lens = BTreeMap::new();
        within(Stage::Write, || {
            SmallStreams {
                params: &self.params,
                splitters: &splitters.sorted(),
                keys: &segment_keys(&outcome.groups),
                info: self.info,
            }
            .write(&mut archive)?;
            self.write_history(&outcome.summary, &mut archive)?;
            if let Some(existing) = self.existing {
                existing.write_previous(&mut archive)?;
            }
            if self.wanted.has_checksums {
                archive.write_sums()?;
            }
            stream_lens = lens_by_kind(archive.lens());
            archive.finish()
        })?;
        Ok(Summary {
            keep: self.reading.rules.keep,
            stream_lens,
            ..outcome.summary
        })
    }

    /// Writes what was done to the archive before, and what is done now if that is to be told.
    fn write_history<W: Write>(&self, summary: &Summary, container: &mut ContainerWriter<W>) -> Result<()> {
        let old = self.existing.map(|existing| existing.archive().container());
        let added = Counts::of(summary.n_samples.into(), summary.n_contigs, summary.n_bases);
        let run = self.reading.provenance.as_ref();
        let len_before = self.existing.map_or(0, Existing::len_before_change);
        let entry = run.map(|run| HistoryEntry {
            len_before,
            ..HistoryEntry::of(run, added)
        });
        write_history(old.into_iter(), Forgotten::default(), entry, container)
    }

    /// Runs all stages to their end and joins every thread.
    fn stages<W: Write + Send>(
        &self,
        adaptive: Option<AdaptiveSplitters>,
        sink: W,
    ) -> Result<(ContainerWriter<W>, Outcome)> {
        let (tally, memory) = (self.tally, &self.memory);
        let n_workers = n_workers(self.n_threads);
        let n_readers = read::n_readers(n_workers);
        let all: Vec<Input> = [self.first]
            .into_iter()
            .chain(self.inputs.iter().skip(1))
            .cloned()
            .collect();
        let observer = &*self.reading.observer;
        observer.phase_begins(Phase::Resume, None);
        let total = total_size(&all);
        let (ordered, assignments) = OrderedInputs::new(all, n_readers, memory);
        let (pool, work) = pool::channels(n_workers, memory.channel_bytes(JOB_BYTES));
        let (to_writer, messages) = queue::bounded(memory.channel_bytes(WRITER_BYTES));
        let archive_stage =
            ArchiveStage::new(sink, self.params, n_workers, self.existing, memory, self.wanted);

        thread::scope(|scope| {
            let workers = self.start_workers(scope, work, &to_writer)?;
            let writer = start(scope, "write", move || {
                tally.count_thread(Role::Writer, Stage::Write, || archive_stage.run(&messages))
            })?;
            // The last ones: where threads have become few since they were tried, these can do with fewer.
            let readers = self.start_readers(scope, n_readers, assignments)?;
            let outcome = self.begin(ordered, adaptive).and_then(|(rounds, placer)| {
                observer.phase_begins(Phase::Store, total);
                let stage = PlacementStage::new(
                    self.params,
                    rounds,
                    placer,
                    pool,
                    to_writer,
                    observer,
                    memory.clone(),
                );
                within(Stage::Place, || stage.run())
            });
            let worked: Vec<Result<(), Ended>> =
                readers.into_iter().chain(workers).map(Started::join).collect();
            let archive = writer.join();
            finished(outcome, worked, archive)
        })
    }

    /// Starts as many as there can be. Each takes the next input, and one alone takes all of them in their order.
    fn start_readers<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        n_readers: usize,
        assignments: Receiver<Assignment>,
    ) -> Result<Vec<Started<'scope, (), Ended>>> {
        // All have gone when readers have: whoever hands out inputs learns of it.
        let run = || {
            let inputs = assignments.clone();
            move || {
                let cutter = InputCutter {
                    splitters: self.splitters,
                    wanted: self.wanted,
                    reading: self.reading,
                    n_threads: self.n_threads,
                    tally: self.tally,
                };
                self.tally
                    .count_thread(Role::Reader, Stage::Read, || cutter.run(&inputs))
            }
        };
        start_some(scope, "read", n_readers, run)
    }

    fn start_workers<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        work: Vec<WorkerInbox<Job>>,
        to_writer: &queue::Sender<Message>,
    ) -> Result<Vec<Started<'scope, (), Ended>>> {
        let n_workers = work.len();
        let start_one = |(number, (work, last_packs)): (usize, (WorkerInbox<Job>, LastPacks))| {
            let worker = GroupWorker::new(
                number,
                n_workers,
                self.params.pack_cardinality,
                self.existing,
                self.memory.clone(),
                &*self.reading.observer,
                to_writer.clone(),
            );
            start(scope, "encode", move || {
                self.tally
                    .count_thread(Role::Worker, Stage::Encode, || worker.run(&work, last_packs))
            })
        };
        let work = work.into_iter().zip(last_packs(n_workers));
        work.enumerate().map(start_one).collect()
    }

    /// The rounds to come, and what placement knows before them.
    fn begin(
        &self,
        ordered: OrderedInputs,
        adaptive: Option<AdaptiveSplitters>,
    ) -> Result<(Rounds<'_>, Placer<'_>), Ended> {
        let rounds = Rounds::new(ordered, self.inputs, self.reading, adaptive);
        let placer = Placer::new(&self.params, self.placing, self.memory.clone());
        let Some(existing) = self.existing else {
            return Ok((rounds, placer));
        };
        let rounds = rounds.resume(existing.sample_names(), existing.n_reference_bases()?);
        let placer = within(Stage::Index, || placer.resume(existing))?;
        Ok((rounds, placer))
    }
}

/// How many workers there can be, where so many are wanted and each role must have a thread.
fn n_workers(wanted: usize) -> usize {
    let n_needed = |n_workers| n_workers + read::n_readers(n_workers) + N_WRITERS;
    let n_startable = n_startable(n_needed(wanted));
    let fits = |n_workers: &usize| n_needed(*n_workers) <= n_startable;
    // If there are not even threads for one, starting them tells why.
    (1..=wanted).rev().find(fits).unwrap_or(1)
}

/// All results, or the error that tells most.
fn finished<W>(
    outcome: Result<Outcome, Ended>,
    worked: Vec<Result<(), Ended>>,
    container: Result<ContainerWriter<W>, Ended>,
) -> Result<(ContainerWriter<W>, Outcome)> {
    let mut ends: Vec<Ended> = worked.into_iter().filter_map(Result::err).collect();
    match (outcome, container) {
        (Ok(outcome), Ok(container)) if ends.is_empty() => Ok((container, outcome)),
        (outcome, container) => {
            ends.extend(outcome.err().into_iter().chain(container.err()));
            Err(reason(ends))
        }
    }
}

/// Which segments belong to which group; those without a splitter to the first raw one.
fn segment_keys(groups: &KeyedGroups) -> Vec<SegmentKey> {
    let keys = groups.keys.iter().copied().chain([(Key::NO_SPLITTER, 0)]);
    keys.map(|(key, group)| SegmentKey {
        a: key.0,
        b: key.1,
        group,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind};

    #[test]
    fn whichever_stage_knows_the_reason_tells_it() {
        let bug = ErrorKind::Internal("made for a test");
        for knows in 0..3 {
            let end = |stage| match stage == knows {
                true => Ended::Failed(Error::new(bug.clone())),
                false => Ended::CutOff,
            };
            let all = finished::<Vec<u8>>(Err(end(0)), vec![Ok(()), Err(end(1))], Err(end(2)));
            assert_eq!(*all.err().unwrap().kind(), bug, "{knows}");
        }
    }
}
