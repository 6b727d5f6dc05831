//! Merges archives.

use std::io::Write;
use std::sync::Arc;

use super::item::needed;
use super::options::{MergeOptions, Merged};
use super::recompress::recompress;
use super::regroup::Regrouping;
use super::samples::{self, in_archive};
use crate::compress::continued;
use crate::compress::memory::Memory;
use crate::compress::place::Placer;
use crate::compress::placing::{Placing, RawPlacing};
use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::observe::Observer;
use crate::params::Params;
use crate::rewrite::{Existing, Plan, commit};

impl MergeOptions {
    /// Writes an archive to `sink`, front to back, that holds the samples of all these archives, in order. Samples of equal name and content,
    /// as the common reference sample of shards, are taken once.
    ///
    /// Archives are made one without compressing their samples again if k, the minimum length of matches and the size of segments are the
    /// same; for others there is [`MergeOptions::recompresses`]. Parameters of the first archive stay, what the archives keep of original files
    /// stays too. The bytes written depend on the archives and the options, and not on the number of threads or on time.
    ///
    /// ```
    /// use ragc_core::Archive;
    /// use ragc_core::compress::{CreateOptions, Input, MergeOptions};
    /// use ragc_core::observe::Silent;
    /// use std::sync::Arc;
    /// let shard = |name: &str, text: &'static str| -> ragc_core::Result<Arc<Archive>> {
    ///     let inputs = [
    ///         Input::bytes("reference", &b">chr1\nACGTTGCAAC\n"[..]),
    ///         Input::bytes(name, text.as_bytes()),
    ///     ];
    ///     let mut archive = Vec::new();
    ///     CreateOptions::default().create(&inputs, &mut archive, Arc::new(Silent))?;
    ///     Ok(Arc::new(Archive::from_reader(archive)?))
    /// };
    /// let shards = [shard("a", ">chr1\nACGTTGCTAC\n")?, shard("b", ">chr1\nACCTTGCAAC\n")?];
    /// let mut all = Vec::new();
    /// let merged = MergeOptions::default().merge(&shards, &mut all, Arc::new(Silent))?;
    /// assert_eq!((merged.n_samples, merged.n_same), (3, 1));
    /// let all = Archive::from_reader(all)?;
    /// assert!(all.samples()?.iter().eq(["reference", "a", "b"].map(str::as_bytes)));
    /// # Ok::<(), ragc_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `BadInput` without archives, for archives of different parameters, and for a name that two different samples have; `Unsupported` for
    /// archives of file version 1 or 2; `Corrupt` when what has to be decoded is damaged; `Io`. What was written to `sink` before is no archive.
    pub fn merge<W: Write + Send>(
        &self,
        archives: &[Arc<Archive>],
        sink: W,
        observer: Arc<dyn Observer>,
    ) -> Result<Merged> {
        let sources: Vec<Existing<'_>> = archives
            .iter()
            .map(|archive| Existing::open(archive))
            .collect::<Result<_>>()?;
        let Some(first) = sources.first() else {
            return Err(Error::bad_input("there are no archives"));
        };
        let mut merged = Merged::default();
        let samples = samples::kept(&sources, self, &mut merged)?;
        let mut plan = Plan {
            samples,
            run: self.provenance.clone(),
            ..Plan::default()
        };
        if self.recompresses {
            return recompress(archives, &plan, &sources, self, merged, sink, observer);
        }
        check_params(&sources)?;
        let memory = Memory::new(self.memory, self.n_threads);
        let placer = Placer::new(&first.params(), placing(&sources)?, memory).resume(first)?;
        let mut regrouping = Regrouping::of_first(first, placer, self.n_threads)?;
        for (source, existing) in sources.iter().enumerate().skip(1) {
            let needed = needed(&plan, source, existing)?;
            regrouping.add(source, existing, &needed, &mut merged)?;
        }
        plan.regrouped = Some(regrouping.finish()?);
        let rewritten = commit(&plan, &sources, self.n_threads, &*observer, sink)?;
        Ok(Merged {
            n_samples: rewritten.n_samples,
            n_groups: rewritten.n_groups,
            dropped_streams: rewritten.dropped_streams,
            stream_lens: rewritten.stream_lens,
            ..merged
        })
    }
}

/// Refuses archives whose groups cannot stand in one.
fn check_params(sources: &[Existing<'_>]) -> Result<()> {
    let told = |params: &Params| {
        let Params {
            k,
            min_match_len,
            segment_size,
            ..
        } = params;
        format!("k {k}, matches of {min_match_len} and segments of {segment_size}")
    };
    let [first, others @ ..] = sources else {
        return Ok(());
    };
    let first = told(&first.params());
    match others.iter().find(|other| told(&other.params()) != first) {
        None => Ok(()),
        Some(other) => {
            let why = format!(
                "made with {}, the first archive with {first}: --recompress stores its samples again",
                told(&other.params())
            );
            Err(in_archive(Error::bad_input(why), other.archive()))
        }
    }
}

/// How what does not go on as it is is placed: as if it were appended.
fn placing(sources: &[Existing<'_>]) -> Result<Placing> {
    let first = &sources[0];
    let mut n_bases = 0;
    for existing in sources {
        if let Some(genome) = continued::reference_genome(existing)? {
            n_bases = genome.len;
            break;
        }
    }
    let raw = match continued::ends_raw(first)? {
        false => RawPlacing::TINY,
        true => {
            let n_raw = sources.iter().try_fold(0u64, |sum, existing| {
                Ok::<_, Error>(sum.saturating_add(existing.n_raw_bytes()?))
            })?;
            RawPlacing::of_archive(n_raw, &first.params(), first.n_used_raw_groups())
        }
    };
    Ok(Placing::of_genome(n_bases, None, raw))
}
