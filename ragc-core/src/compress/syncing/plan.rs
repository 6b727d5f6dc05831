//! What is new, changed, or as it was.

use std::sync::Arc;

use ahash::AHashSet;

use super::same::{ComparedArchive, Evidence, Sameness};
use crate::compress::input::{Input, check_inputs, total_size};
use crate::compress::options::{AppendOptions, InputRules};
use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::observe::{Observer, Phase, unless_cancelled};
use crate::threads;

/// Files that are compared at a time may wait for those before them: they are no more than an answer.
const ROOM: u64 = 1 << 10;

/// What has to be done to make an archive hold what files hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncPlan {
    samples: Vec<PlannedSample>,
    /// Names of samples that no file has, in archive order.
    pub gone: Vec<Vec<u8>>,
}

/// A sample of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PlannedSample {
    /// Its files. What can be read once only has been copied.
    input: Input,
    /// What is to be done with it.
    change: SampleChange,
}

/// What is to be done with a sample of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SampleChange {
    /// The archive has none of its name.
    New,
    /// The archive has another one of its name.
    Changed(Evidence),
    /// The archive has it.
    Unchanged(Evidence),
}

impl SampleChange {
    /// A word for it that stays the same from release to release.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed(_) => "changed",
            Self::Unchanged(_) => "unchanged",
        }
    }

    /// By what it is known; `None` where there was nothing to compare with.
    #[must_use]
    pub fn evidence(self) -> Option<Evidence> {
        match self {
            Self::New => None,
            Self::Changed(evidence) | Self::Unchanged(evidence) => Some(evidence),
        }
    }
}

impl SyncPlan {
    /// The samples of the files, in their order, and what is to be done with each. What can be read once only has been copied.
    pub fn samples(&self) -> impl Iterator<Item = (&Input, SampleChange)> {
        self.samples.iter().map(|sample| (&sample.input, sample.change))
    }

    /// Samples that are to be stored, in their order.
    pub fn to_store(&self) -> impl Iterator<Item = &Input> {
        let stored = |sample: &&PlannedSample| !matches!(sample.change, SampleChange::Unchanged(_));
        self.samples.iter().filter(stored).map(|sample| &sample.input)
    }

    /// Names of samples of the archive that are to be replaced, and of those that are gone if these are to be removed.
    pub(crate) fn to_remove(&self, removes_gone: bool) -> impl Iterator<Item = &[u8]> {
        let changed = |sample: &&PlannedSample| matches!(sample.change, SampleChange::Changed(_));
        let changed = self.samples.iter().filter(changed);
        let gone = self.gone.iter().filter(move |_| removes_gone);
        changed
            .map(|sample| sample.input.sample.as_bytes())
            .chain(gone.map(Vec::as_slice))
    }

    /// Whether samples are to be added and nothing else is to be done: [`AppendOptions::append_behind`] does that, too, for the samples of
    /// [`Self::to_store`].
    #[must_use]
    pub fn adds_only(&self, removes_gone: bool) -> bool {
        self.to_store().next().is_some() && self.to_remove(removes_gone).next().is_none()
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_empty(&self, removes_gone: bool) -> bool {
        self.to_store().next().is_none() && self.to_remove(removes_gone).next().is_none()
    }
}

impl AppendOptions {
    /// Compares files with an archive, each input being a sample. Without an archive all of them are new. Files whose sizes and times are those
    /// that the archive tells are not read if `trusts_stamps` is set.
    ///
    /// Other files are read from front to back, once: most of them are only digested. Those whose bytes are others than the archive tells, or of which
    /// it tells nothing, are compared with what it holds, unless they are sure to differ.
    ///
    /// # Errors
    /// `BadInput` for inputs of one name, `Io` for files that are not there or cannot be read; `Corrupt` when what has to be decoded is damaged.
    pub fn plan_sync(
        &self,
        archive: Option<&Archive>,
        inputs: &[Input],
        trusts_stamps: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<SyncPlan> {
        let rules = InputRules {
            renames_duplicates: false,
            skips_duplicates: false,
            ..self.rules
        };
        check_inputs(inputs, rules, |_| false)?;
        let Some(archive) = archive else {
            let samples = inputs.iter().cloned().map(PlannedSample::new).collect();
            return Ok(SyncPlan {
                samples,
                gone: Vec::new(),
            });
        };
        observer.phase_begins(Phase::Sift, total_size(inputs));
        let stored = ComparedArchive::open(archive, rules, trusts_stamps, observer)?;
        let mut left = inputs.iter();
        let mut next = || Ok(left.next().map(|input| (1, input)));
        let work = |input: &&Input, _: Option<PlannedSample>| compare(&stored, input).map(Some);
        let mut samples = Vec::with_capacity(inputs.len());
        let mut put_out = |_: &&Input, planned: &mut Option<PlannedSample>| {
            samples.extend(planned.take());
            Ok(())
        };
        let compared = threads::in_order("compare", self.n_threads, ROOM, &mut next, &work, &mut put_out);
        unless_cancelled(&**observer, compared)?;
        Ok(SyncPlan {
            samples,
            gone: gone(archive, inputs)?,
        })
    }
}

impl PlannedSample {
    fn new(input: Input) -> Self {
        Self {
            input,
            change: SampleChange::New,
        }
    }
}

fn compare(stored: &ComparedArchive<'_>, input: &Input) -> Result<PlannedSample> {
    let Some(sample) = stored.find(&input.sample) else {
        return Ok(PlannedSample::new(input.clone()));
    };
    let planned = |input: Input, answer: Sameness| PlannedSample {
        input,
        change: match answer {
            Sameness::Same(evidence) => SampleChange::Unchanged(evidence),
            Sameness::Other(evidence) => SampleChange::Changed(evidence),
        },
    };
    if let Some(answer) = stored.compare_stamps(sample, input) {
        return Ok(planned(input.clone(), answer));
    }
    let input = input.read_repeatedly()?;
    let answer = stored
        .compare(sample, &input)
        .map_err(|error: Error| error.in_sample(&input.sample))?;
    Ok(planned(input, answer))
}

fn gone(archive: &Archive, inputs: &[Input]) -> Result<Vec<Vec<u8>>> {
    let there: AHashSet<&[u8]> = inputs.iter().map(|input| input.sample.as_bytes()).collect();
    let names = archive.samples()?.iter();
    Ok(names
        .filter(|name| !there.contains(name))
        .map(<[u8]>::to_vec)
        .collect())
}
