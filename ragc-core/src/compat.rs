//! The surface that programs written for another `ragc-core` call.
//!
//! impg, sweepga and seqwish read archives through a library of the same name, whose `Decompressor` is opened with a
//! configuration, hands out names as `String`s and positions as `usize`, and must be cloned for each thread. The type
//! of this module has those methods, with the names and meanings that these programs rely on, on top of
//! [`crate::Archive`]. So they run on one shared archive with one bounded cache.
//!
//! A program switches by one line of its `Cargo.toml`, with the crate `ragc-compat`, which is this module under the
//! old name:
//!
//! ```toml
//! ragc-core = { package = "ragc-compat", git = "…" }
//! ```
//!
//! One that comes to the other library through a third one is switched by the packages in the directory `shims`, which
//! have the names that `[patch]` looks for.
//!
//! # Mutability
//! Methods take `&mut self` where those of the other library do, though none needs it: a program with
//! `let mut archive` would be warned of an unused `mut`, which many take for an error. Threads have a clone each, or
//! share [`Decompressor::inner`].
//!
//! New code should rather use [`crate::Archive`]: names as bytes, `Range<u64>`, typed errors, streaming.
//!
//! # Letters
//! Everything is as AGC has it, whatever else the archive keeps: codes, and FASTA in upper case. [`Decompressor::inner`] tells lower
//! case ([`crate::extract::Spelling::Cased`]) and original files.
//!
//! # Names
//! Names that are no UTF-8 come out with replacement characters, and cannot be asked for here.
//!
//! # Example
//! ```
//! use ragc_core::compat::{Decompressor, DecompressorConfig};
//! # fn main() -> ragc_core::Result<()> {
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
//! let mut archive = Decompressor::open(path, DecompressorConfig { verbosity: 0 })?;
//! assert_eq!(archive.list_samples(), ["r", "s", "t", "u"]);
//! assert_eq!(archive.list_contigs("s")?, ["chr1 demo", "tiny"]);
//! // Half-open, counted from 0; codes 0 to 3 are A C G T.
//! assert_eq!(archive.get_contig_range("s", "tiny", 1, 4)?, [1, 2, 3]);
//! assert_eq!(archive.get_contig_length("s", "tiny")?, 5);
//! # Ok(())
//! # }
//! ```

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use crate::alphabet::{CODE_OF_LETTER, LETTERS, NO_CODE};
use crate::collection;
use crate::error::{Error, Result};
use crate::extract::{ContigId, DEFAULT_LINE_WIDTH};
use crate::group;

/// Letter of each code, at 0 to 15; code of each letter, either case, at its place in ASCII. Letters without a code have
/// 30 there, and what is neither has a blank, as in AGC.
pub const CNV_NUM: [u8; 128] = conversions();

const fn conversions() -> [u8; 128] {
    const NO_LETTER: u8 = b' ';
    const LETTER_WITHOUT_CODE: u8 = 30;
    let mut table = [NO_LETTER; 128];
    let mut place = 0;
    while place < table.len() {
        if place < LETTERS.len() {
            table[place] = LETTERS[place];
        } else if place > b'@' as usize && place != b'`' as usize {
            table[place] = match CODE_OF_LETTER[place] {
                NO_CODE => LETTER_WITHOUT_CODE,
                code => code,
            };
        }
        place += 1;
    }
    table
}

/// Symbol codes of a sequence, one a byte: 0 to 3 are `A C G T`, 4 is `N`, 5 to 15 other IUPAC letters.
pub type Contig = Vec<u8>;

/// How an archive is opened.
#[derive(Debug, Clone)]
pub struct DecompressorConfig {
    /// Kept for the sake of callers: the library prints nothing.
    pub verbosity: u32,
}

impl Default for DecompressorConfig {
    fn default() -> Self {
        Self { verbosity: 1 }
    }
}

/// A stored segment of a contig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentDesc {
    /// Group that holds it.
    pub group_id: u32,
    /// Its number in the group; 0 is the reference.
    pub in_group_id: u32,
    /// Whether it is stored as its reverse complement.
    pub is_rev_comp: bool,
    /// Its length in bases, the overlap with the segment before included.
    pub raw_length: u32,
}

impl SegmentDesc {
    /// A segment of this group.
    #[must_use]
    pub fn new(group_id: u32, in_group_id: u32, is_rev_comp: bool, raw_length: u32) -> Self {
        Self {
            group_id,
            in_group_id,
            is_rev_comp,
            raw_length,
        }
    }
}

/// An open archive, as [`crate::Archive`]. A clone is another handle on the same archive and cache.
#[derive(Debug, Clone)]
pub struct Decompressor {
    /// Length of the k-mers at which contigs are cut; neighbouring segments share so many symbols.
    pub kmer_length: u32,
    /// Minimum length of a match in a delta.
    pub min_match_len: u32,
    archive: Arc<crate::Archive>,
    samples: Arc<[String]>,
}

impl Decompressor {
    /// Opens an archive and reads the names of its samples.
    ///
    /// # Errors
    /// As [`crate::Archive::open`] and [`crate::Archive::samples`].
    pub fn open(path: &str, _config: DecompressorConfig) -> Result<Self> {
        let archive = crate::Archive::open(path)?;
        let samples = archive.samples()?.iter().map(text).collect();
        Ok(Self {
            kmer_length: archive.params().k,
            min_match_len: archive.params().min_match_len,
            archive: Arc::new(archive),
            samples,
        })
    }

    /// The archive below.
    #[must_use]
    pub fn inner(&self) -> &crate::Archive {
        &self.archive
    }

    /// Names of all samples, in archive order.
    #[must_use]
    pub fn list_samples(&self) -> Vec<String> {
        self.samples.to_vec()
    }

    /// Names of the samples that begin with `prefix`, in archive order.
    #[must_use]
    pub fn list_samples_with_prefix(&self, prefix: &str) -> Vec<String> {
        let matching = self.samples.iter().filter(|name| name.starts_with(prefix));
        matching.cloned().collect()
    }

    /// Names of the contigs of a sample: complete header lines, in order.
    ///
    /// # Errors
    /// As [`crate::Archive::contigs`].
    pub fn list_contigs(&mut self, sample: &str) -> Result<Vec<String>> {
        Ok(self.archive.contigs(sample)?.iter().map(text).collect())
    }

    /// As [`Self::list_contigs`], which never reads anything but names.
    ///
    /// # Errors
    /// As [`Self::list_contigs`].
    pub fn list_contigs_names_only(&mut self, sample: &str) -> Result<Vec<String>> {
        self.list_contigs(sample)
    }

    /// Length of a contig in bases. No sequence is decoded.
    ///
    /// # Errors
    /// As [`crate::Archive::contig_len`].
    pub fn get_contig_length(&mut self, sample: &str, contig: &str) -> Result<usize> {
        let len = self.archive.contig_len(sample, contig)?;
        usize::try_from(len).map_err(|_| Error::corrupt(format!("a contig of {len} bases")))
    }

    /// A whole contig.
    ///
    /// # Errors
    /// As [`crate::Archive::contig`].
    pub fn get_contig(&mut self, sample: &str, contig: &str) -> Result<Contig> {
        self.archive.contig_codes(self.find(sample, contig)?)
    }

    /// The stretch of a contig from `start` up to and without `end`, both counted from 0. What lies past the end of the
    /// contig is left out, and a range that ends before it begins is empty.
    ///
    /// # Errors
    /// As [`crate::Archive::region`].
    pub fn get_contig_range(
        &mut self,
        sample: &str,
        contig: &str,
        start: usize,
        end: usize,
    ) -> Result<Contig> {
        let id = self.find(sample, contig)?;
        self.archive.region_codes(id, start as u64..end as u64)
    }

    /// The segments of a contig, in order.
    ///
    /// # Errors
    /// As [`Self::get_contig_length`].
    pub fn get_contig_segments_desc(&mut self, sample: &str, contig: &str) -> Result<Vec<SegmentDesc>> {
        let segments = self.archive.contig_segments(self.find(sample, contig)?)?;
        segments.into_iter().map(describe).collect()
    }

    /// The symbols of a segment as its group holds it: where `is_rev_comp` is set, the reverse complement of the contig's
    /// stretch.
    ///
    /// # Errors
    /// `Corrupt` when the group has no such item, or one of another length, or is damaged.
    pub fn get_segment_data_by_desc(&mut self, desc: &SegmentDesc) -> Result<Contig> {
        self.archive.segment_codes(&collection::SegmentDesc {
            group: desc.group_id,
            in_group_id: desc.in_group_id,
            is_rev_comp: desc.is_rev_comp,
            raw_len: desc.raw_length,
        })
    }

    /// The reference of a group. Groups 0 to 15 have none.
    ///
    /// # Errors
    /// `NotFound` for a group that has none; `Corrupt` when it is damaged.
    pub fn get_reference_segment(&mut self, group_id: u32) -> Result<Contig> {
        self.archive.reference_codes(group_id)
    }

    /// The segments of all contigs: sample, contig, segments.
    ///
    /// # Errors
    /// As [`Self::get_contig_segments_desc`].
    pub fn get_all_segments(&mut self) -> Result<Vec<(String, String, Vec<SegmentDesc>)>> {
        let mut all = Vec::new();
        for (sample, name) in self.samples.iter().enumerate() {
            for (contig, contig_name) in self.archive.contigs(name)?.iter().enumerate() {
                let segments = self.archive.contig_segments(ContigId { sample, contig })?;
                let segments = segments.into_iter().map(describe).collect::<Result<_>>()?;
                all.push((name.clone(), text(contig_name), segments));
            }
        }
        Ok(all)
    }

    /// How many segments each group has: group, all, references, others. In the order of groups.
    ///
    /// # Errors
    /// As [`Self::get_all_segments`].
    pub fn get_group_statistics(&mut self) -> Result<Vec<(u32, usize, usize, usize)>> {
        let mut groups: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for (_, _, segments) in self.get_all_segments()? {
            for segment in segments {
                let (references, others) = groups.entry(segment.group_id).or_default();
                match segment.in_group_id {
                    0 if !group::is_raw(segment.group_id) => *references += 1,
                    _ => *others += 1,
                }
            }
        }
        let count = |(group, (references, others))| (group, references + others, references, others);
        Ok(groups.into_iter().map(count).collect())
    }

    /// The streams of the archive: name, decoded bytes, which the format leaves 0, bytes, parts.
    #[must_use]
    pub fn get_compression_stats(&self) -> Vec<(String, u64, u64, usize)> {
        let footer = self.archive.container().footer();
        let count = |stream| {
            let parts = footer.parts(stream);
            let len = parts.iter().map(|part| part.len).sum();
            (text(footer.name(stream)), 0, len, parts.len())
        };
        footer.streams().map(count).collect()
    }

    /// All contigs of a sample, with their names.
    ///
    /// # Errors
    /// As [`crate::Archive::contig`].
    pub fn get_sample(&mut self, sample: &str) -> Result<Vec<(String, Contig)>> {
        let idx = self.archive.find_sample(sample)?;
        let names = self.archive.contigs(sample)?;
        let read = |(contig, name): (usize, &[u8])| {
            let id = ContigId { sample: idx, contig };
            Ok((text(name), self.archive.contig_codes(id)?))
        };
        names.iter().enumerate().map(read).collect()
    }

    /// All samples that begin with `prefix`, by name.
    ///
    /// # Errors
    /// As [`Self::get_sample`].
    pub fn get_samples_by_prefix(&mut self, prefix: &str) -> Result<HashMap<String, Vec<(String, Contig)>>> {
        let names = self.list_samples_with_prefix(prefix).into_iter();
        names
            .map(|name| {
                let contigs = self.get_sample(&name)?;
                Ok((name, contigs))
            })
            .collect()
    }

    /// Writes a sample as FASTA, in lines of 80.
    ///
    /// # Errors
    /// As [`crate::Archive::write_sample`], and `Io` when the file cannot be made.
    pub fn write_sample_fasta(&mut self, sample: &str, path: &Path) -> Result<()> {
        // Before anything is written over.
        self.archive.find_sample(sample)?;
        let file = File::create(path).map_err(|e| Error::io("cannot create", e).in_file(path))?;
        self.archive
            .write_sample(sample, BufWriter::new(file), DEFAULT_LINE_WIDTH)
    }

    /// Another handle on the same archive; threads need not have one of their own.
    ///
    /// # Errors
    /// None; callers expect a `Result`.
    pub fn clone_for_thread(&self) -> Result<Self> {
        Ok(self.clone())
    }

    /// Ends the use of the archive. Dropping it does the same.
    ///
    /// # Errors
    /// None; callers expect a `Result`.
    pub fn close(self) -> Result<()> {
        Ok(())
    }

    fn find(&self, sample: &str, contig: &str) -> Result<ContigId> {
        self.archive.find_contig(Some(sample.as_bytes()), contig)
    }
}

fn describe((segment, len): (collection::SegmentDesc, u64)) -> Result<SegmentDesc> {
    let too_long = |_| Error::corrupt(format!("a segment of {len} bases"));
    Ok(SegmentDesc {
        group_id: segment.group,
        in_group_id: segment.in_group_id,
        is_rev_comp: segment.is_rev_comp,
        raw_length: u32::try_from(len).map_err(too_long)?,
    })
}

fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
