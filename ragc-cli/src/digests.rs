//! Digests of samples: those that an archive holds, those that are computed, and how they are listed.

use std::io::Write;

use anyhow::bail;
use ragc_core::Archive;
use ragc_core::digest::{Digester, SequenceDigest, StoredDigests, seqcol};
use ragc_core::extract::{SampleSink, Spelling};
use ragc_core::internals::printable::in_one_column;
use ragc_core::short_name;

use crate::watched::{ProgressSink, Screen};

/// Samples, by their places in the archive, with the digests of their contigs.
pub(crate) type Digested = Vec<(usize, Vec<SequenceDigest>)>;

/// The digests of samples that an archive holds.
pub(crate) fn stored(archive: &Archive, samples: &[usize]) -> anyhow::Result<Digested> {
    let stored = archive.stored_digests()?.unwrap_or_default();
    let of = |sample: &usize| Ok((*sample, stored_of(archive, &stored, *sample)?));
    samples.iter().map(of).collect()
}

fn stored_of(
    archive: &Archive,
    stored: &StoredDigests,
    sample: usize,
) -> anyhow::Result<Vec<SequenceDigest>> {
    let name = archive.samples()?.get(sample).unwrap_or_default();
    let n_contigs = archive.contigs(name)?.len();
    let name = String::from_utf8_lossy(name);
    match stored.of(sample) {
        Some(digests) if digests.len() == n_contigs => Ok(digests.to_vec()),
        Some(digests) => bail!(
            "sample {name}: {} digests are stored for {n_contigs} contigs",
            digests.len()
        ),
        None => bail!("sample {name}: no digests are stored; \"ragc digest\" computes them"),
    }
}

/// Decodes samples and takes their digests.
pub(crate) fn compute(
    archive: &Archive,
    samples: &[usize],
    n_threads: usize,
    screen: Screen,
) -> ragc_core::Result<Digested> {
    let mut sink = DigestSink::default();
    let mut watched = ProgressSink::samples(&mut sink, archive, samples, screen);
    archive.stream_samples_once(samples, Spelling::Residues, n_threads, &mut watched)?;
    drop(watched);
    Ok(samples.iter().copied().zip(sink.samples).collect())
}

/// Takes the digests of what streams through.
#[derive(Default)]
struct DigestSink {
    digester: Digester,
    is_in_contig: bool,
    samples: Vec<Vec<SequenceDigest>>,
}

impl DigestSink {
    fn end_contig(&mut self) {
        if std::mem::take(&mut self.is_in_contig) {
            let digest = self.digester.take();
            self.samples
                .iter_mut()
                .last()
                .into_iter()
                .for_each(|sample| sample.push(digest));
        }
    }
}

impl SampleSink for DigestSink {
    fn start_sample(&mut self, _name: &[u8]) -> ragc_core::Result<()> {
        self.samples.push(Vec::new());
        Ok(())
    }

    fn start_contig(&mut self, _name: &[u8]) -> ragc_core::Result<()> {
        self.end_contig();
        self.is_in_contig = true;
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.digester.push(letters);
        Ok(())
    }

    fn end_sample(&mut self) -> ragc_core::Result<()> {
        self.end_contig();
        Ok(())
    }
}

/// Writes samples as `listctg` does, with tabs before what is known: of a sample the digest of the collection, of a contig
/// its length, refget identifier and MD5.
pub(crate) fn write(out: &mut impl Write, archive: &Archive, samples: &Digested) -> anyhow::Result<()> {
    for (sample, digests) in samples {
        let name = archive.samples()?.get(*sample).unwrap_or_default();
        let headers = archive.contigs(name)?;
        let collection = seqcol(headers.iter().map(short_name).zip(digests));
        out.write_all(&in_one_column(name))?;
        writeln!(out, "\t{collection}")?;
        let lengths = archive.contig_lens(*sample)?;
        for ((header, digest), len) in headers.iter().zip(digests).zip(lengths) {
            out.write_all(b"   ")?;
            out.write_all(&in_one_column(header))?;
            writeln!(out, "\t{len}\t{}\t{}", digest.refget(), digest.md5_hex())?;
        }
    }
    Ok(())
}

/// Writes a row for each contig: name up to the first blank, length, sample, refget identifier, MD5.
pub(crate) fn write_table(out: &mut impl Write, archive: &Archive, samples: &Digested) -> anyhow::Result<()> {
    for (sample, digests) in samples {
        let name = archive.samples()?.get(*sample).unwrap_or_default();
        let lengths = archive.contig_lens(*sample)?;
        for ((header, digest), len) in archive.contigs(name)?.iter().zip(digests).zip(lengths) {
            out.write_all(&in_one_column(short_name(header)))?;
            write!(out, "\t{len}\t")?;
            out.write_all(&in_one_column(name))?;
            writeln!(out, "\t{}\t{}", digest.refget(), digest.md5_hex())?;
        }
    }
    Ok(())
}
