//! What `--json` prints: one schema, described in docs/json.md. No sequence is decoded for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use ragc_core::Archive;
use ragc_core::digest::{SequenceDigest, seqcol};
use ragc_core::extract::{ContigId, ContigNames, Report};
use ragc_core::internals::extract::{self, Lost};
use ragc_core::internals::original::Packing;
use ragc_core::internals::printable::text_of;
use ragc_core::internals::provenance::{self, SampleSource, Sources};
use ragc_core::short_name;
use serde::{Serialize, Serializer};

use crate::clock;
use crate::out::Out;

/// Number of the schema. It grows when a field changes its meaning or goes; fields may be added at any time.
pub(crate) const SCHEMA: u32 = 1;

/// What a command prints.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    schema: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<ArchiveInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<Vec<SampleInfo<'static>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
}

impl Document {
    /// What is told of the archive as a whole.
    pub(crate) fn archive(&self) -> Option<&ArchiveInfo> {
        self.archive.as_ref()
    }

    fn of_samples(samples: Vec<SampleInfo<'static>>) -> Self {
        Self {
            schema: SCHEMA,
            archive: None,
            samples: Some(samples),
            verification: None,
        }
    }

    fn of_verification(verification: Verification) -> Self {
        Self {
            schema: SCHEMA,
            archive: None,
            samples: None,
            verification: Some(verification),
        }
    }
}

/// What `--stats=FILE` writes: the figures of a run, which are those of its command.
#[derive(Debug, Serialize)]
pub(crate) struct RunDocument<T> {
    schema: u32,
    run: T,
}

impl<T: Serialize> RunDocument<T> {
    pub(crate) fn of(run: T) -> Self {
        Self { schema: SCHEMA, run }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct ArchiveInfo {
    path: String,
    pub(crate) n_bytes: u64,
    pub(crate) n_replaced_bytes: u64,
    pub(crate) file_version: String,
    pub(crate) producer: String,
    k: u32,
    min_match_length: u32,
    segment_size: u32,
    batch_size: u32,
    reference_sample: Option<String>,
    n_samples: usize,
    pub(crate) n_contigs: u64,
    pub(crate) n_bases: u64,
    pub(crate) has_checksums: bool,
    pub(crate) is_streamable: bool,
    pub(crate) kept: KeptInfo,
}

/// What is kept of the original files.
#[derive(Debug, Default, Serialize)]
pub(crate) struct KeptInfo {
    pub(crate) odd_residues: bool,
    pub(crate) n_with_case: usize,
    pub(crate) n_with_layout: usize,
    pub(crate) packings: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
struct SampleInfo<'a> {
    name: String,
    n_contigs: usize,
    n_bases: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    seqcol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    packing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contigs: Option<ContigsOfSample<'a>>,
}

/// Where a sample came from.
#[derive(Debug, Serialize)]
struct SourceInfo {
    stored: String,
    files: Vec<SourceFileInfo>,
}

#[derive(Debug, Serialize)]
struct SourceFileInfo {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    xxh3: Option<String>,
}

impl From<&SampleSource> for SourceInfo {
    fn from(source: &SampleSource) -> Self {
        let file = |file: &provenance::SourceFile| SourceFileInfo {
            path: text(&file.path),
            member: file.member.as_deref().map(text),
            n_bytes: file.size,
            modified: file.modified.map(clock::of_nanoseconds),
            xxh3: file.xxh3_hex(),
        };
        Self {
            stored: clock::of_seconds(source.stored),
            files: source.files.iter().map(file).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct ContigInfo<'a> {
    name: Cow<'a, str>,
    header: Cow<'a, str>,
    length: u64,
    #[serde(flatten)]
    digests: Option<Digests>,
}

#[derive(Debug, Serialize)]
struct Digests {
    refget: String,
    md5: String,
}

#[derive(Debug, Default, Serialize)]
struct Verification {
    path: String,
    /// Why nothing could be verified.
    error: Option<String>,
    is_intact: bool,
    has_part_checksums: bool,
    has_sequence_checksums: bool,
    has_digests: bool,
    n_parts: u64,
    n_samples: Option<usize>,
    n_intact_samples: Option<usize>,
    n_contigs: u64,
    n_intact_contigs: u64,
    n_bases: u64,
    damages: Vec<String>,
    lost: Vec<LostSampleInfo>,
}

#[derive(Debug, Serialize)]
struct LostSampleInfo {
    name: String,
    n_contigs: usize,
    error: Option<String>,
    has_lost_residues: bool,
    has_lost_names: bool,
    contigs: Vec<LostContigInfo>,
}

#[derive(Debug, Serialize)]
struct LostContigInfo {
    name: String,
    error: Option<String>,
}

/// What `verify` found.
pub(crate) fn verification(path: &Path, archive: &Archive, report: &Report) -> Document {
    let lost = report
        .lost()
        .iter()
        .map(|(place, lost)| lost_sample(archive, *place, lost));
    Document::of_verification(Verification {
        path: path.display().to_string(),
        error: None,
        is_intact: report.is_intact(),
        has_part_checksums: report.has_part_sums,
        has_sequence_checksums: report.has_sequence_sums,
        has_digests: report.has_digests,
        n_parts: report.n_parts,
        n_samples: report.n_samples,
        n_intact_samples: report.n_samples.map(|n_samples| n_samples - report.lost().len()),
        n_contigs: report.n_contigs,
        n_intact_contigs: report.n_contigs - report.n_lost_contigs(),
        n_bases: report.n_bases,
        damages: report.damages.iter().map(ToString::to_string).collect(),
        lost: lost.collect(),
    })
}

/// What `verify` tells of what cannot be opened.
pub(crate) fn no_verification(path: &Path, error: String) -> Document {
    Document::of_verification(Verification {
        path: path.display().to_string(),
        error: Some(error),
        ..Verification::default()
    })
}

fn lost_sample(archive: &Archive, place: usize, lost: &extract::LostSample) -> LostSampleInfo {
    let name = archive.samples().ok().and_then(|names| names.get(place));
    let message = |error: &Option<ragc_core::Error>| error.as_ref().map(ToString::to_string);
    let contig = |(contig, error): (&usize, &Option<ragc_core::Error>)| {
        let id = ContigId {
            sample: place,
            contig: *contig,
        };
        LostContigInfo {
            name: archive
                .contig_name(id)
                .map_or_else(|_| String::new(), |name| text(short_name(&name))),
            error: message(error),
        }
    };
    let (error, contigs) = match &lost.lost {
        Lost::Whole(error) => (message(error), Vec::new()),
        Lost::Contigs(contigs) => (None, contigs.iter().map(contig).collect()),
        other => (Some(format!("{other:?}")), Vec::new()),
    };
    LostSampleInfo {
        name: name.map_or_else(String::new, text),
        n_contigs: lost.n_contigs,
        error,
        has_lost_residues: lost.has_lost_residues,
        has_lost_names: lost.has_lost_names,
        contigs,
    }
}

/// What `info` tells.
pub(crate) fn describe(archive: &Archive, path: &Path) -> anyhow::Result<Document> {
    let names = archive.samples()?;
    let (mut n_contigs, mut n_bases) = (0, 0);
    let digests = archive.stored_digests()?;
    let sources = archive.sources()?;
    let mut samples = (digests.is_some() || sources.is_some()).then(Vec::new);
    let sources = sources.unwrap_or_default();
    for place in 0..names.len() {
        let digests = digests.as_ref().and_then(|digests| digests.of(place));
        let sample = sample(archive, place, digests, &sources)?;
        n_contigs += sample.n_contigs as u64;
        n_bases += sample.n_bases;
        if let Some(samples) = &mut samples {
            samples.push(sample);
        }
    }
    Ok(Document {
        schema: SCHEMA,
        archive: Some(archive_info(archive, path, n_contigs, n_bases)?),
        samples,
        verification: None,
    })
}

fn archive_info(archive: &Archive, path: &Path, n_contigs: u64, n_bases: u64) -> anyhow::Result<ArchiveInfo> {
    let (names, params, info) = (archive.samples()?, archive.params(), archive.file_info());
    let value = |key: &str| info.get(key).map_or_else(String::new, text);
    Ok(ArchiveInfo {
        path: path.display().to_string(),
        n_bytes: archive.state().len,
        n_replaced_bytes: archive.container().n_replaced_bytes(),
        file_version: format!("{}.{}", value("file_version_major"), value("file_version_minor")),
        producer: value("comment"),
        k: params.k,
        min_match_length: params.min_match_len,
        segment_size: params.segment_size,
        batch_size: params.pack_cardinality,
        reference_sample: names.get(0).map(text),
        n_samples: names.len(),
        n_contigs,
        n_bases,
        has_checksums: archive.container().has_sums(),
        is_streamable: archive.is_streamable(),
        kept: kept(archive)?,
    })
}

fn kept(archive: &Archive) -> ragc_core::Result<KeptInfo> {
    let mut kept = KeptInfo {
        odd_residues: archive.has_odd_residues()?,
        ..KeptInfo::default()
    };
    for sample in 0..archive.samples()?.len() {
        let keep = archive.keep_of(sample)?;
        kept.n_with_case += usize::from(keep.case);
        kept.n_with_layout += usize::from(keep.layout);
        if let Some(packing) = archive.packing_of(sample)? {
            *kept.packings.entry(packing.name()).or_default() += 1;
        }
    }
    Ok(kept)
}

/// What `listset` tells of these samples, sorted by name. They are read in archive order, so that no batch is read twice.
pub(crate) fn list_samples(archive: &Archive, places: &[usize]) -> anyhow::Result<Document> {
    let mut places = places.to_vec();
    places.sort_unstable();
    let places = places.into_iter();
    let sources = archive.sources()?.unwrap_or_default();
    let samples = places.map(|place| sample(archive, place, None, &sources));
    let mut samples = samples.collect::<ragc_core::Result<Vec<_>>>()?;
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Document::of_samples(samples))
}

/// Writes what `listctg` tells of these samples.
pub(crate) fn list_contigs(mut out: Out, archive: &Archive, places: &[usize]) -> anyhow::Result<()> {
    let samples = places.iter().map(|place| described(archive, *place, true, None));
    write_samples(&mut out, samples)?;
    out.finish()
}

/// Writes what `digest` and `listctg --digests` tell of these samples and their digests.
pub(crate) fn list_digests(
    mut out: Out,
    archive: &Archive,
    samples: &[(usize, Vec<SequenceDigest>)],
) -> anyhow::Result<()> {
    let samples = samples
        .iter()
        .map(|(place, digests)| described(archive, *place, true, Some(digests)));
    write_samples(&mut out, samples)?;
    out.finish()
}

/// Writes a document of samples one by one: their contigs, which may be millions, are never held as text.
fn write_samples<'a>(
    out: &mut Out,
    samples: impl Iterator<Item = ragc_core::Result<SampleInfo<'a>>>,
) -> anyhow::Result<()> {
    write!(out, "{{\"schema\":{SCHEMA},\"samples\":[")?;
    for (i, sample) in samples.enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, &sample?)?;
    }
    Ok(out.write_all(b"]}\n")?)
}

/// Writes a document in one line.
pub(crate) fn write(mut out: Out, document: &impl Serialize) -> anyhow::Result<()> {
    write_line(&mut out, document)?;
    out.finish()
}

/// Writes a document in one line, behind which others may come.
pub(crate) fn write_line(out: &mut Out, document: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_vec(document)?;
    text.push(b'\n');
    Ok(out.write_all(&text)?)
}

fn sample(
    archive: &Archive,
    place: usize,
    digests: Option<&[SequenceDigest]>,
    sources: &Sources,
) -> ragc_core::Result<SampleInfo<'static>> {
    described(archive, place, false, digests).map(|sample| SampleInfo {
        source: sources.of(place).map(SourceInfo::from),
        contigs: None,
        ..sample
    })
}

fn described<'a>(
    archive: &Archive,
    place: usize,
    with_contigs: bool,
    digests: Option<&'a [SequenceDigest]>,
) -> ragc_core::Result<SampleInfo<'a>> {
    let name = archive.samples()?.get(place).unwrap_or_default();
    let headers = archive.contigs(name)?;
    let lengths = archive.contig_lens(place)?;
    let names = headers.iter().map(short_name);
    Ok(SampleInfo {
        name: text(name),
        n_contigs: headers.len(),
        n_bases: lengths.iter().sum(),
        seqcol: digests.map(|digests| seqcol(names.zip(digests))),
        packing: archive.packing_of(place)?.map(Packing::name),
        source: None,
        contigs: with_contigs.then_some(ContigsOfSample {
            headers,
            lengths,
            digests,
        }),
    })
}

/// The contigs of a sample, each made into text when it is written.
#[derive(Debug)]
struct ContigsOfSample<'a> {
    headers: ContigNames,
    lengths: Vec<u64>,
    digests: Option<&'a [SequenceDigest]>,
}

impl Serialize for ContigsOfSample<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let contigs = self.headers.iter().zip(&self.lengths).enumerate();
        serializer.collect_seq(contigs.map(|(contig, (header, length))| {
            ContigInfo {
                name: text_of(short_name(header)),
                header: text_of(header),
                length: *length,
                digests: self
                    .digests
                    .and_then(|digests| digests.get(contig))
                    .map(|digest| Digests {
                        refget: digest.refget(),
                        md5: digest.md5_hex(),
                    }),
            }
        }))
    }
}

/// Names are bytes; JSON is Unicode.
fn text(bytes: &[u8]) -> String {
    text_of(bytes).into_owned()
}
