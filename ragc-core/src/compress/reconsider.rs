//! Whether what is appended is stored as it is or as deltas.
//!
//! An archive that was made of many samples goes on as it ends: [`CreateOptions::create`] has tried with some of all. But one that begins with
//! a genome or two says little about those that come. So the trial is made again, with what the archive holds and what comes,
//! whenever the samples have become twice as many. A few are enough, and the first of them mislead (docs/measurements.md, "Archives that begin small").

use super::choose;
use super::continued;
use super::create::measure;
use super::excerpt::Genome;
use super::input::Input;
use super::options::{AppendOptions, CreateOptions, SamplesBy};
use super::placing::RawPlacing;
use super::read::Reading;
use super::trial::{self, Trial};
use crate::error::Result;
use crate::rewrite::Existing;

/// An archive of so many samples is as it is: no trial takes more.
const MAX_SAMPLES: usize = 128;

/// Which of the segments that come go to raw groups.
///
/// # Errors
/// `Corrupt` when the archive is damaged; `Io`.
pub(super) fn raw_placing(
    existing: &Existing<'_>,
    genome: Genome,
    inputs: &[Input],
    options: &AppendOptions,
    reading: &Reading,
) -> Result<RawPlacing> {
    let is_raw = match options.raw_contigs {
        Some(is_raw) => is_raw,
        None if is_open(existing, genome, inputs, reading) => {
            prefers_raw(existing, genome, inputs, options, reading)?
        }
        None => continued::ends_raw(existing)?,
    };
    if !is_raw {
        return Ok(RawPlacing::TINY);
    }
    let n_bases = existing
        .n_raw_bytes()?
        .saturating_add(choose::n_all_bases(inputs));
    Ok(RawPlacing::of_archive(
        n_bases,
        &existing.params(),
        existing.n_used_raw_groups(),
    ))
}

/// Whether a trial can tell something new.
fn is_open(existing: &Existing<'_>, genome: Genome, inputs: &[Input], reading: &Reading) -> bool {
    let n_before = existing.sample_names().len();
    let samples_by = reading.rules.samples_by;
    // In one file there may be any number of samples.
    let is_twice = samples_by != SamplesBy::Input || n_before.ilog2() != (n_before + inputs.len()).ilog2();
    n_before < MAX_SAMPLES
        && is_twice
        && choose::may_be_raw(genome, samples_by)
        && choose::is_chosen(existing.params().segment_size, genome)
}

fn prefers_raw(
    existing: &Existing<'_>,
    genome: Genome,
    inputs: &[Input],
    options: &AppendOptions,
    reading: &Reading,
) -> Result<bool> {
    let n_before = existing.sample_names().len();
    let reading = &trial::quiet(reading);
    let excerpt = |number: usize, most| match number.checked_sub(n_before) {
        // A sample of an archive may have no contigs, which no file could give.
        None => continued::excerpt(existing, number, most)
            .map(|excerpt| Some(excerpt).filter(|it| !it.is_empty())),
        Some(number) => Ok(trial::excerpt_of_input(&inputs[number], reading, most)),
    };
    let n_all = n_before + inputs.len();
    let trial = Trial::of(genome, n_all, reading.rules.samples_by, excerpt)?;
    let options = CreateOptions {
        k: existing.params().k,
        min_match: existing.params().min_match_len,
        n_threads: options.n_threads,
        ..CreateOptions::default()
    };
    Ok(trial
        .raw_item_len(existing.params().segment_size, &options, measure)?
        .is_some())
}
