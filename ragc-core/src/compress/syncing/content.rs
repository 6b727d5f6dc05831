//! What a sample is, decoded, beside what files hold.

use std::io::{self, Write};

use xxhash_rust::xxh3::Xxh3;

use crate::alphabet::{LETTERS, is_blank};
use crate::compress::ended::reason;
use crate::compress::input::Input;
use crate::compress::read::{self, ReadPiece, Reading};
use crate::container::names;
use crate::error::{Error, Result};
use crate::extract::{Archive, SampleSink, Spelling};
use crate::fasta;
use crate::original::Keep;

/// Whether a sample of an archive is what files hold, as far as the archive keeps that. Nothing is held but a digest for each contig.
///
/// # Errors
/// `Corrupt` when the sample is damaged; `Io` and `BadInput` of the files.
pub(super) fn is_same(archive: &Archive, sample: usize, input: &Input, reading: &Reading) -> Result<bool> {
    if archive.keep_of(sample)? == Keep::ALL {
        let stored = archive.write_original(sample, 1, Digest::default())?;
        return Ok(stored.finish() == digest_of_text(input, reading)?);
    }
    let spelling = spelling(archive, sample)?;
    let mut stored = Contigs::default();
    archive.stream_samples(&[sample], spelling, 1, &mut stored)?;
    Ok(stored.finish() == contigs_of(input, spelling, reading)?)
}

/// Letters as the archive can tell them: in both cases if it keeps case, with residues that have no code if it has any.
fn spelling(archive: &Archive, sample: usize) -> Result<Spelling> {
    if archive.keep_of(sample)?.case {
        return Ok(Spelling::Cased);
    }
    Ok(match archive.container().footer().find(names::ODD) {
        Some(_) => Spelling::Residues,
        None => Spelling::Nucleotides,
    })
}

/// The text of all files, unpacked.
fn digest_of_text(input: &Input, reading: &Reading) -> Result<u128> {
    let mut digest = Digest::default();
    for source in input.sources() {
        let copied =
            fasta::open(source, &reading.observer, reading.rules.unpack_memory()).and_then(|mut text| {
                io::copy(&mut text, &mut digest).map_err(|error| Error::io("cannot read", error))
            });
        copied.map_err(|error| error.in_file(source.label()))?;
    }
    Ok(digest.finish())
}

/// Digests what is written to it.
#[derive(Default)]
struct Digest(Box<Xxh3>);

impl Digest {
    fn finish(&self) -> u128 {
        self.0.digest128()
    }
}

impl Write for Digest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Names and letters of the contigs of files.
fn contigs_of(input: &Input, spelling: Spelling, reading: &Reading) -> Result<Vec<ContigDigest>> {
    let mut contigs = Contigs::default();
    let mut letters = Vec::new();
    read::scan(input, reading, |piece| {
        match piece {
            ReadPiece::NextFile { .. } | ReadPiece::EndContig { .. } => {}
            ReadPiece::Contig { name, .. } => contigs.start_contig(name)?,
            ReadPiece::Sequence { codes, text } => {
                letters.clear();
                match spelling {
                    Spelling::Nucleotides => {
                        letters.extend(codes.iter().map(|code| LETTERS[usize::from(*code)]));
                    }
                    Spelling::Residues | Spelling::Cased | Spelling::CasedNucleotides => {
                        letters.extend(text.iter().filter(|byte| !is_blank(**byte)));
                    }
                }
                if spelling == Spelling::Residues {
                    letters.make_ascii_uppercase();
                }
                contigs.letters(&letters)?;
            }
        }
        Ok(())
    })
    .map_err(|ended| reason([ended]))?;
    Ok(contigs.finish())
}

/// The name of a contig, and the digest and number of its letters.
type ContigDigest = (Vec<u8>, u128, u64);

/// Digests contigs, one after the other.
#[derive(Default)]
struct Contigs {
    ended: Vec<ContigDigest>,
    open: Option<Vec<u8>>,
    digest: Digest,
    len: u64,
}

impl Contigs {
    fn end_contig(&mut self) {
        let digest = std::mem::take(&mut self.digest);
        let len = std::mem::take(&mut self.len);
        if let Some(name) = self.open.take() {
            self.ended.push((name, digest.finish(), len));
        }
    }

    fn finish(mut self) -> Vec<ContigDigest> {
        self.end_contig();
        self.ended
    }
}

impl SampleSink for Contigs {
    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.end_contig();
        self.open = Some(name.to_vec());
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.digest.0.update(letters);
        self.len += letters.len() as u64;
        Ok(())
    }
}
