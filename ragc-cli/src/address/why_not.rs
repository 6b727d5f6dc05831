//! Why an address names nothing: what it names instead, or what is near.

use ragc_core::internals::quoted::Quoted;

use crate::address::range::Counting;
use crate::address::scope::Scope;
use crate::address::text::{AddressReading, lossy, readings};
use crate::args::Named;
use crate::near::{did_you_mean, near_contigs, near_samples};

/// The reason in words.
pub(super) fn explain(scope: &Scope<'_>, text: &[u8], with_near: bool) -> String {
    let mut readings = readings(text, scope.own);
    let is_a_sample = readings.iter().find_map(|reading| is_a_sample(scope, reading));
    readings.retain(|reading| !reading.has_wrong_range());
    if let Some(told) = is_a_sample.or_else(|| readings.iter().find_map(|reading| swapped(scope, reading))) {
        return told;
    }
    // Of several samples the one with the longest name.
    let in_samples = readings
        .iter()
        .filter_map(|reading| Some((reading, sample_of(scope, reading)?)));
    let in_longest = in_samples.max_by_key(|(reading, sample)| (sample.len(), reading.range.is_some()));
    match in_longest {
        Some((reading, sample)) => not_in_sample(scope, reading, &sample, with_near),
        None => in_no_sample(scope, text, &readings, with_near),
    }
}

/// The reason, where no reading names a sample that is there.
fn in_no_sample(scope: &Scope<'_>, text: &[u8], readings: &[AddressReading<'_>], with_near: bool) -> String {
    let without_sample = |counting| {
        readings
            .iter()
            .rev()
            .filter(move |reading| reading.sample.is_some() && reading.counting == counting)
            .max_by_key(|reading| reading.range.is_some())
    };
    if let (Some(reading), None) = (without_sample(Counting::From0), &scope.selected) {
        let name = lossy(reading.sample.unwrap_or_default());
        let near = when(with_near, || near_samples(scope.archive, &name));
        return format!("there is no sample {}{}", Quoted(&name), did_you_mean(&near));
    }
    // A range is more likely than a name with a colon.
    let alone = readings.iter().find(|reading| reading.sample.is_none());
    let name = lossy(alone.map_or(text, |reading| reading.contig));
    if let Some(selected) = &scope.selected {
        let near = when(with_near, || near_contigs(scope.archive, None, &name));
        let n = selected.len();
        return format!(
            "none of the {n} selected samples has contig {}{}",
            Quoted(&name),
            did_you_mean(&near)
        );
    }
    let near = when(with_near, || match without_sample(Counting::From1) {
        Some(reading) => near_with_sample(scope, reading),
        None => near_contigs(scope.archive, None, &name),
    });
    format!("there is no contig {}{}", Quoted(&name), did_you_mean(&near))
}

/// Whoever asks for a sample as if it were a contig.
fn is_a_sample(scope: &Scope<'_>, reading: &AddressReading<'_>) -> Option<String> {
    let named = scope
        .samples
        .find(reading.contig)
        .filter(|_| reading.sample.is_none())?;
    let name = lossy(reading.contig);
    let of_it = match scope.own {
        Counting::From0 => format!("CONTIG@{name}"),
        Counting::From1 => format!("{name}#CONTIG"),
    };
    Some(match named {
        Named::One(_) => {
            format!(
                "{name:?} is a sample, not a contig: getset prints samples, and {of_it} is a contig of it"
            )
        }
        Named::Several(samples) => {
            let n = samples.len();
            format!(
                "{name:?} is the beginning of the names of {n} samples, not a contig: name it, too ({of_it})"
            )
        }
    })
}

/// Whoever writes sample and contig in the other order.
fn swapped(scope: &Scope<'_>, reading: &AddressReading<'_>) -> Option<String> {
    let claimed = reading
        .sample
        .filter(|sample| scope.samples.find(sample).is_none())?;
    let sample = scope.samples.find(reading.contig)?;
    let (name, contig) = (lossy(reading.contig), lossy(claimed));
    let range = reading.range.as_ref();
    let range = range.map_or_else(String::new, |range| format!(":{}", lossy(range.text)));
    let right = match reading.counting {
        Counting::From0 => format!("{contig}@{name}{range}"),
        Counting::From1 => format!("{name}#{contig}{range}"),
    };
    matches!(sample, Named::One(_)).then(|| format!("{name:?} is a sample: write {right}"))
}

/// The name of the sample of a reading, if there is such a sample.
fn sample_of(scope: &Scope<'_>, reading: &AddressReading<'_>) -> Option<String> {
    let name = reading.sample?;
    scope.samples.find(name).map(|_| lossy(name))
}

fn not_in_sample(scope: &Scope<'_>, reading: &AddressReading<'_>, sample: &str, with_near: bool) -> String {
    let contig = lossy(reading.contig);
    if let Some(Named::Several(samples)) = scope.samples.find(sample.as_bytes()) {
        let n = samples.len();
        return format!(
            "there is no contig {} in any of the {n} samples that begin with {}",
            Quoted(&contig),
            Quoted(sample)
        );
    }
    let mut near = when(with_near, || near_contigs(scope.archive, Some(sample), &contig));
    if reading.counting == Counting::From1 {
        near.iter_mut()
            .for_each(|name| *name = format!("{sample}#{name}"));
    }
    format!(
        "there is no contig {} in sample {}{}",
        Quoted(&contig),
        Quoted(sample),
        did_you_mean(&near)
    )
}

/// Samples named nearly so that have the contig.
fn near_with_sample(scope: &Scope<'_>, reading: &AddressReading<'_>) -> Vec<String> {
    let (sample, contig) = (lossy(reading.sample.unwrap_or_default()), reading.contig);
    let has_contig = |sample: &String| scope.archive.find_contig(Some(sample.as_bytes()), contig).is_ok();
    let samples = near_samples(scope.archive, &sample)
        .into_iter()
        .filter(has_contig);
    samples
        .map(|sample| format!("{sample}#{}", lossy(contig)))
        .collect()
}

fn when(with_near: bool, near: impl FnOnce() -> Vec<String>) -> Vec<String> {
    match with_near {
        true => near(),
        false => Vec::new(),
    }
}
