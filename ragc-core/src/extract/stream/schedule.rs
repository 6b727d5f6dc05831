//! Cuts targets into tasks, one after the other, as they are asked for.

use std::ops::Range;

use crate::error::Result;
use crate::extract::assembly::{self, Slice};
use crate::extract::scan::Scan;
use crate::extract::store::{LoadedSample, Spelling, Store};
use crate::extract::stream::Target;
use crate::extract::stream::regions_ahead::RegionsAhead;
use crate::extract::stream::task::{DecodeTask, Extent, OutputStep, Stretch};
use crate::extract::{ContigId, no_such_place};

/// Contigs and stretches of a task, at most.
const MAX_STEPS: usize = 4096;

/// The tasks still to come.
pub(super) struct Schedule<'a> {
    store: &'a Store,
    task_len: u64,
    targets: Targets<'a>,
    current: Option<Ongoing>,
    ahead: RegionsAhead,
}

/// Where targets come from.
#[derive(Debug)]
pub(crate) enum Targets<'a> {
    /// Out of the cache, one by one.
    Listed(std::slice::Iter<'a, Target>),
    /// Whole samples, which share what is decoded for them.
    Scanned(Scan<'a>),
    /// One whole sample that is loaded.
    Loaded(Option<(usize, LoadedSample)>),
}

/// Where the next stretch begins.
#[derive(Debug)]
enum Ongoing {
    Sample(InSample),
    Region(InRegion),
}

#[derive(Debug)]
struct InSample {
    sample_idx: usize,
    sample: LoadedSample,
    /// Contigs still to come, the current one first.
    contigs: Range<usize>,
    /// Segments of the current contig that are already scheduled.
    n_done: usize,
}

#[derive(Debug)]
struct InRegion {
    sample_idx: usize,
    sample: LoadedSample,
    contig: usize,
    /// Slices still to come.
    slices: std::vec::IntoIter<Slice>,
    /// Where the region begins, until its first stretch is scheduled.
    start: Option<u64>,
    end: u64,
}

impl<'a> Schedule<'a> {
    pub(super) fn new(store: &'a Store, task_len: u64, targets: Targets<'a>, spelling: Spelling) -> Self {
        Self {
            store,
            task_len,
            targets,
            current: None,
            ahead: RegionsAhead::new(spelling),
        }
    }

    /// The next task, if there is one.
    pub(super) fn next_task(&mut self) -> Result<Option<DecodeTask>> {
        let mut task = DecodeTask::default();
        while task.len < self.task_len && task.steps.len() < MAX_STEPS {
            self.current = match self.current.take() {
                Some(Ongoing::Sample(place)) => place.advance(&mut task, self.task_len).map(Ongoing::Sample),
                Some(Ongoing::Region(place)) => place
                    .advance(self.store.params().k, &mut task, self.task_len)
                    .map(Ongoing::Region),
                None => match self.start_next(&mut task)? {
                    Some(place) => Some(place),
                    None => break,
                },
            };
        }
        if let Targets::Scanned(scan) = &mut self.targets {
            scan.scheduled(task.steps.iter().map(OutputStep::n_segments).sum());
        }
        Ok((!task.steps.is_empty()).then_some(task))
    }

    fn start_next(&mut self, task: &mut DecodeTask) -> Result<Option<Ongoing>> {
        if let Targets::Listed(targets) = &self.targets {
            self.ahead.advance(self.store, targets.as_slice());
        }
        match &mut self.targets {
            Targets::Scanned(scan) => match scan.next_sample() {
                Some((sample, loaded)) => self.start_sample(sample, loaded, task).map(Some),
                None => Ok(None),
            },
            Targets::Loaded(sample) => match sample.take() {
                Some((sample, loaded)) => self.start_sample(sample, Ok(loaded), task).map(Some),
                None => Ok(None),
            },
            Targets::Listed(targets) => match targets.next() {
                Some(Target::Sample(sample)) => {
                    let loaded = self.store.catalogue().sample(*sample);
                    self.start_sample(*sample, loaded, task).map(Some)
                }
                Some(Target::Region(id, range)) => match InRegion::new(self.store, *id, range) {
                    Ok(place) => Ok(Some(Ongoing::Region(place))),
                    Err(error) => Err(self.store.catalogue().in_sample(id.sample, error)),
                },
                None => Ok(None),
            },
        }
    }

    fn start_sample(
        &self,
        sample: usize,
        loaded: Result<LoadedSample>,
        task: &mut DecodeTask,
    ) -> Result<Ongoing> {
        let loaded = loaded.map_err(|error| self.store.catalogue().in_sample(sample, error))?;
        task.steps.push(OutputStep::StartSample(sample));
        Ok(Ongoing::Sample(InSample::new(sample, loaded)))
    }
}

impl InSample {
    fn new(sample_idx: usize, sample: LoadedSample) -> Self {
        Self {
            sample_idx,
            contigs: 0..sample.n_contigs(),
            sample,
            n_done: 0,
        }
    }

    /// Moves one stretch into the task, or the end of the sample.
    fn advance(mut self, task: &mut DecodeTask, task_len: u64) -> Option<Self> {
        if self.contigs.is_empty() {
            task.steps.push(OutputStep::EndSample);
            return None;
        }
        let contig = self.contigs.start;
        let segments = self.sample.segments(contig);
        let start = self.n_done;
        let mut end = start;
        while end < segments.len() && (end == start || task.len < task_len) {
            task.len = task.len.saturating_add(segments[end].raw_len.into());
            end += 1;
        }
        let is_complete = end == segments.len();
        task.steps.push(OutputStep::Stretch(Stretch {
            sample_idx: self.sample_idx,
            sample: self.sample.clone(),
            contig,
            extent: Extent::Segments(start..end),
            start: (start == 0).then_some(0),
            end: None,
        }));
        self.n_done = if is_complete { 0 } else { end };
        self.contigs.start += usize::from(is_complete);
        Some(self)
    }
}

impl InRegion {
    fn new(store: &Store, id: ContigId, range: &Range<u64>) -> Result<Self> {
        let sample = store.catalogue().sample(id.sample)?;
        if id.contig >= sample.n_contigs() {
            return Err(no_such_place(id));
        }
        let code = store.length_code(&sample)?;
        let lens = sample
            .segments(id.contig)
            .iter()
            .map(|segment| code.len_of(segment));
        let slices = assembly::slices(lens, store.params().k, range)?;
        Ok(Self {
            sample_idx: id.sample,
            contig: id.contig,
            sample,
            slices: slices.into_iter(),
            start: Some(range.start),
            end: range.end,
        })
    }

    /// Moves one stretch into the task. A region without symbols has one stretch, too: it has a header.
    fn advance(mut self, k: u32, task: &mut DecodeTask, task_len: u64) -> Option<Self> {
        let mut slices: Vec<Slice> = Vec::new();
        for mut slice in self.slices.by_ref() {
            if slices.is_empty() && self.start.is_none() {
                slice.range.start = slice.range.start.saturating_sub(k.into());
            }
            task.len = task.len.saturating_add(slice.range.end - slice.range.start);
            slices.push(slice);
            if task.len >= task_len {
                break;
            }
        }
        if slices.is_empty() && self.start.is_none() {
            return None;
        }
        task.steps.push(OutputStep::Stretch(Stretch {
            sample_idx: self.sample_idx,
            sample: self.sample.clone(),
            contig: self.contig,
            extent: Extent::Slices(slices),
            start: self.start.take(),
            end: Some(self.end),
        }));
        Some(self)
    }
}
