//! An archive of some of the samples of another, or of some of their contigs.

use std::io::Write;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::observe::Observer;
use crate::rewrite::Existing;
use crate::rewrite::RewriteOptions;
use crate::rewrite::change::named::places;
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;
use crate::track::{KeptContigs, KeptSample};

impl RewriteOptions {
    /// Writes an archive of the samples of these names to `sink`, in the order of the old one; of each those contigs that `keeps` says yes to, by
    /// the name of the sample and the complete header line.
    ///
    /// # Errors
    /// `NotFound` for a name that no sample has, and if no contig is kept; as [`Self::remove`].
    pub fn subset<'a, W: Write + Send>(
        &self,
        archive: &Archive,
        samples: impl IntoIterator<Item = &'a [u8]>,
        keeps: impl Fn(&[u8], &[u8]) -> bool,
        observer: &dyn Observer,
        sink: W,
    ) -> Result<Rewritten> {
        self.validate()?;
        let existing = Existing::open_any(archive)?;
        let kept = places(&existing, samples.into_iter())?;
        let samples: Vec<KeptSample> = kept
            .into_iter()
            .map(|sample| kept_of(&existing, sample, &keeps))
            .collect::<Result<_>>()?;
        let is_empty = |kept: &KeptSample| kept.contigs == KeptContigs::Listed(Vec::new());
        if !samples.is_empty() && samples.iter().all(is_empty) {
            return Err(Error::new(ErrorKind::BadInput("no contig is kept".to_owned())));
        }
        let plan = Plan {
            samples,
            ..self.plan()
        };
        commit(&plan, &[existing], self.n_threads, observer, sink)
    }
}

fn kept_of(
    existing: &Existing<'_>,
    sample: usize,
    keeps: &impl Fn(&[u8], &[u8]) -> bool,
) -> Result<KeptSample> {
    let name = existing.sample_name(sample).unwrap_or_default();
    let contigs = existing.archive().contigs(name)?;
    let is_kept = |(contig, header): (usize, &[u8])| keeps(name, header).then_some(contig);
    let kept: Vec<usize> = contigs.iter().enumerate().filter_map(is_kept).collect();
    Ok(KeptSample {
        contigs: match kept.len() == contigs.len() {
            true => KeptContigs::All,
            false => KeptContigs::Listed(kept),
        },
        ..KeptSample::whole(0, sample)
    })
}
