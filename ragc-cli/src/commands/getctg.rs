//! `ragc getctg`: contigs, or regions of contigs.

use std::ffi::OsString;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt;

use ragc_core::extract::{ContigId, Found, Query};
use ragc_core::{Decompressor, Error, ErrorKind};

use crate::args::{ArchiveArgs, Named, OneFileArgs, Samples, SelectArgs, TextArgs};
use crate::fasta::{Label, OneFile};
use crate::freed_memory;
use crate::near::with_near;

/// Arguments of `getctg`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    text: TextArgs,

    #[command(flatten)]
    one_file: OneFileArgs,

    #[command(flatten)]
    select: SelectArgs,

    #[command(flatten)]
    archive: ArchiveArgs,

    /// What to print, in this order: NAME, NAME@SAMPLE, NAME:FROM-TO or NAME@SAMPLE:FROM-TO. Positions count from 0
    /// and both ends are included. A SAMPLE that does not exist is a PanSN prefix: c@HG002 means c of HG002#1 and of
    /// HG002#2. Without one the contig must be in one sample only or, with --samples-from and --prefix, is taken from
    /// each of their samples that has it
    #[arg(required = true, value_name = "CONTIG")]
    contigs: Vec<OsString>,
}

/// Prints the contigs; if one does not exist, nothing is printed.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    freed_memory::keep();
    let archive = args.archive.open()?;
    let finder = Finder::new(&archive, &args.select)?;
    let (mut regions, mut labels) = (Vec::new(), Vec::new());
    let mut notes = Vec::new();
    for query in &args.contigs {
        for found in finder.find(query.as_bytes())? {
            let (range, after) = range_of(query, found.range)?;
            notes.extend(past_the_end(&archive, query, &found)?);
            let mut label = Label::default();
            if args.text.with_sample {
                label = Label::of_sample(archive.samples()?.get(found.contig.sample).unwrap_or_default());
            }
            labels.push(Label { after, ..label });
            regions.push((found.contig, range));
        }
    }
    let samples = regions.iter().map(|(contig, _)| contig.sample);
    let spelling = args.text.case.spelling(&archive, samples)?;
    let output = args.one_file.output();
    let mut sink = OneFile::open(args.archive.path(), output, &args.text)?.with_labels(labels);
    archive.stream_regions(&regions, spelling, args.text.threads.n_threads().get(), &mut sink)?;
    sink.finish()?;
    notes.iter().for_each(|note| eprintln!("ragc: {note}"));
    Ok(())
}

/// What to print of the contig, and what to add to its name.
fn range_of(query: &OsString, range: Option<(u64, u64)>) -> anyhow::Result<(Range<u64>, String)> {
    match range {
        Some((from, to)) if from > to => {
            anyhow::bail!("{}: the range ends before it begins", query.to_string_lossy())
        }
        Some((from, to)) => Ok((from..to.saturating_add(1), format!(":{from}-{to}"))),
        None => Ok((0..u64::MAX, String::new())),
    }
}

/// What to say of a range that reaches beyond its contig.
fn past_the_end(
    archive: &Decompressor,
    query: &OsString,
    found: &Found,
) -> ragc_core::Result<Option<String>> {
    let Some((_, to)) = found.range else {
        return Ok(None);
    };
    let len = archive.contig_len_of(found.contig)?;
    let sample = archive.samples()?.get(found.contig.sample).unwrap_or_default();
    let (query, sample) = (query.to_string_lossy(), String::from_utf8_lossy(sample));
    Ok((to >= len).then(|| {
        format!("{query}: the contig has {len} bases in sample {sample:?}; what lies behind them is left out")
    }))
}

/// Finds contigs in the samples that are asked for.
struct Finder<'a> {
    archive: &'a Decompressor,
    samples: Samples<'a>,
    /// Samples to look into, if some are selected.
    selected: Option<Vec<usize>>,
}

impl<'a> Finder<'a> {
    fn new(archive: &'a Decompressor, select: &SelectArgs) -> anyhow::Result<Self> {
        let selected = if select.is_empty() {
            None
        } else {
            Some(select.select(archive, &[])?)
        };
        Ok(Self {
            archive,
            samples: Samples::of(archive)?,
            selected,
        })
    }

    /// The contigs that a query names; one at least.
    fn find(&self, query: &[u8]) -> anyhow::Result<Vec<Found>> {
        if let Some(selected) = &self.selected {
            return self.find_in_selected(query, selected);
        }
        match self.archive.find(query) {
            Ok(found) => Ok(vec![found]),
            Err(error) if is_not_found(&error) => self.find_by_prefix(query, error),
            Err(error) => Err(error.into()),
        }
    }

    fn find_in_selected(&self, query: &[u8], selected: &[usize]) -> anyhow::Result<Vec<Found>> {
        for reading in Query::readings(query)
            .iter()
            .filter(|reading| reading.sample.is_none())
        {
            let found = self.find_in(selected, reading)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let query = String::from_utf8_lossy(query);
        anyhow::bail!(
            "none of the {} selected samples has contig {query:?}",
            selected.len()
        )
    }

    /// Takes the sample for the beginning of PanSN names.
    fn find_by_prefix(&self, query: &[u8], error: Error) -> anyhow::Result<Vec<Found>> {
        for reading in Query::readings(query) {
            if let Some(prefix) = reading.sample
                && let Ok(Named::Several(samples)) = self.samples.named(prefix)
            {
                let found = self.find_in(&samples, &reading)?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
        }
        Err(with_near(self.archive, error))
    }

    /// The contig in each of the samples that has it; it is told when some have not.
    fn find_in(&self, samples: &[usize], reading: &Query<'_>) -> ragc_core::Result<Vec<Found>> {
        let mut found = Vec::new();
        for sample in samples {
            match self.find_in_one(*sample, reading.name) {
                Ok(contig) => found.push(Found {
                    contig,
                    range: reading.range,
                }),
                Err(error) if is_not_found(&error) => {}
                Err(error) => return Err(error),
            }
        }
        let n_without = samples.len() - found.len();
        if n_without > 0 && !found.is_empty() {
            let name = String::from_utf8_lossy(reading.name);
            eprintln!(
                "ragc: {n_without} of {} samples have no contig {name:?}",
                samples.len()
            );
        }
        Ok(found)
    }

    fn find_in_one(&self, sample: usize, contig: &[u8]) -> ragc_core::Result<ContigId> {
        let name = self.archive.samples()?.get(sample).unwrap_or_default();
        self.archive.find_contig(Some(name), contig)
    }
}

fn is_not_found(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound { .. })
}
