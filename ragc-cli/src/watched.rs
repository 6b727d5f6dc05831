//! Progress of commands that print or go through sequences, on standard error when that is a terminal.
//!
//! Nothing is shown for two seconds: most commands have ended by then, and what is to come need not be counted.

use std::io::IsTerminal;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use ragc_core::Archive;
use ragc_core::extract::{ContigId, SampleSink};

use crate::progress;

/// How long a command goes on before anything is shown.
const PATIENCE: Duration = Duration::from_secs(2);

/// So many samples or regions are counted one by one; the bases of fewer are, whose lengths are soon added up.
const MANY: usize = 100;

/// Whether there is anything to show progress on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen(bool);

impl Screen {
    /// The terminal of standard error, unless what the command prints comes there, too: sequences to a terminal, or a line per
    /// sample.
    pub(crate) fn of(output: Option<&Path>, verbosity: u8) -> Self {
        let is_free = output.is_some() || !std::io::stdout().is_terminal();
        Self(is_free && verbosity < 2 && std::io::stderr().is_terminal())
    }
}

/// What goes through a sink.
#[derive(Debug, Clone, Copy)]
enum SinkTargets<'a> {
    Samples(&'a [usize]),
    Regions(&'a [(ContigId, Range<u64>)]),
}

impl SinkTargets<'_> {
    fn len(self) -> usize {
        match self {
            Self::Samples(samples) => samples.len(),
            Self::Regions(regions) => regions.len(),
        }
    }

    /// What is counted, and how much of it there is in all.
    fn total(self, archive: &Archive) -> ragc_core::Result<(Unit, u64)> {
        if self.len() >= MANY {
            return Ok((Unit::Target, self.len() as u64));
        }
        let n_bases = match self {
            Self::Samples(samples) => samples.iter().map(|sample| n_bases(archive, *sample)).sum(),
            Self::Regions(regions) => regions
                .iter()
                .map(|(contig, range)| {
                    let end = archive.contig_len_of(*contig)?.min(range.end);
                    Ok(end.saturating_sub(range.start))
                })
                .sum::<ragc_core::Result<u64>>(),
        };
        Ok((Unit::Base, n_bases?))
    }
}

fn n_bases(archive: &Archive, sample: usize) -> ragc_core::Result<u64> {
    let name = archive.samples()?.get(sample).unwrap_or_default();
    (0..archive.contigs(name)?.len())
        .map(|contig| archive.contig_len_of(ContigId { sample, contig }))
        .sum()
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Base,
    /// Samples or regions.
    Target,
}

/// A sink of which is shown how much it has taken.
pub(crate) struct ProgressSink<'a> {
    sink: &'a mut dyn SampleSink,
    archive: &'a Archive,
    targets: SinkTargets<'a>,
    screen: Screen,
    started: Instant,
    /// Bases, and samples or regions that are complete or begun.
    n_bases: u64,
    n_begun: u64,
    /// When there is one.
    bar: Option<(Unit, ProgressBar)>,
}

impl<'a> ProgressSink<'a> {
    /// Watches samples.
    pub(crate) fn samples(
        sink: &'a mut dyn SampleSink,
        archive: &'a Archive,
        samples: &'a [usize],
        screen: Screen,
    ) -> Self {
        Self::new(sink, archive, SinkTargets::Samples(samples), screen)
    }

    /// Watches regions.
    pub(crate) fn regions(
        sink: &'a mut dyn SampleSink,
        archive: &'a Archive,
        regions: &'a [(ContigId, Range<u64>)],
        screen: Screen,
    ) -> Self {
        Self::new(sink, archive, SinkTargets::Regions(regions), screen)
    }

    fn new(
        sink: &'a mut dyn SampleSink,
        archive: &'a Archive,
        targets: SinkTargets<'a>,
        screen: Screen,
    ) -> Self {
        Self {
            sink,
            archive,
            targets,
            screen,
            started: Instant::now(),
            n_bases: 0,
            n_begun: 0,
            bar: None,
        }
    }

    fn begin_target(&mut self) {
        self.n_begun += 1;
        self.show();
    }

    fn show(&mut self) {
        if !self.screen.0 {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() >= PATIENCE {
            // What cannot be counted is damaged, which the command is about to tell.
            let total = self.targets.total(self.archive).ok();
            self.bar = total.map(|(unit, total)| (unit, bar(unit, self.n_done(unit), total)));
        }
        if let Some((unit, bar)) = &self.bar {
            bar.set_position(self.n_done(*unit));
        }
    }

    fn n_done(&self, unit: Unit) -> u64 {
        match unit {
            Unit::Base => self.n_bases,
            Unit::Target => self.n_begun.saturating_sub(1),
        }
    }
}

/// A bar that begins here; the rate is that from now on.
fn bar(unit: Unit, n_done: u64, total: u64) -> ProgressBar {
    let template = match unit {
        Unit::Base => "{bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} ETA {eta}",
        Unit::Target => "{bar:30} {pos}/{len} ETA {eta}",
    };
    let bar = progress::bar(template, Some(total));
    bar.set_position(n_done);
    bar.reset_eta();
    bar
}

impl Drop for ProgressSink<'_> {
    fn drop(&mut self) {
        if let Some((_, bar)) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl SampleSink for ProgressSink<'_> {
    fn start_sample(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        if matches!(self.targets, SinkTargets::Samples(_)) {
            self.begin_target();
        }
        self.sink.start_sample(name)
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        if matches!(self.targets, SinkTargets::Regions(_)) {
            self.begin_target();
        }
        self.sink.start_contig(name)
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.sink.letters(letters)?;
        self.n_bases += letters.len() as u64;
        self.show();
        Ok(())
    }

    fn end_sample(&mut self) -> ragc_core::Result<()> {
        self.sink.end_sample()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ragc_core::extract::Spelling;

    struct Ignore;

    impl SampleSink for Ignore {
        fn letters(&mut self, _letters: &[u8]) -> ragc_core::Result<()> {
            Ok(())
        }
    }

    fn archive(name: &str) -> Archive {
        let path = format!("{}/../data/golden/archives/{name}", env!("CARGO_MANIFEST_DIR"));
        Archive::open(path).unwrap()
    }

    #[test]
    fn what_is_done_comes_to_the_total() {
        for name in ["v3_s500.agc", "v3_concat.agc"] {
            let archive = archive(name);
            let samples: Vec<usize> = (0..archive.samples().unwrap().len()).collect();
            let mut ignore = Ignore;
            let mut watched = ProgressSink::samples(&mut ignore, &archive, &samples, Screen(false));
            let (unit, total) = watched.targets.total(&archive).unwrap();
            assert_eq!(unit == Unit::Target, samples.len() >= MANY, "{name}");
            archive
                .stream_samples_once(&samples, Spelling::Cased, 2, &mut watched)
                .unwrap();
            // The last one is complete only when the command is.
            let n_open = u64::from(unit == Unit::Target);
            assert_eq!(watched.n_done(unit) + n_open, total, "{name}");
        }
    }

    #[test]
    fn regions_count_up_to_the_ends_of_their_contigs() {
        let archive = archive("tiny.agc");
        let contig = archive.find_contig(Some(b"s"), "tiny").unwrap();
        let regions = [(contig, 1..3), (contig, 2..u64::MAX), (contig, 9..12)];
        let mut ignore = Ignore;
        let mut watched = ProgressSink::regions(&mut ignore, &archive, &regions, Screen(false));
        assert_eq!(watched.targets.total(&archive).unwrap(), (Unit::Base, 5));
        archive
            .stream_regions(&regions, Spelling::Cased, 1, &mut watched)
            .unwrap();
        assert_eq!(watched.n_done(Unit::Base), 5);
        let many = vec![(contig, 0..1); MANY];
        assert_eq!(
            SinkTargets::Regions(&many).total(&archive).unwrap(),
            (Unit::Target, 100)
        );
    }
}
