//! What `--json` prints: one schema, described in docs/json.md. No sequence is decoded for it.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use ragc_core::Decompressor;
use ragc_core::extract::ContigId;
use ragc_core::fasta::name::short_name;
use serde::Serialize;

use crate::out::Out;

/// Number of the schema. It grows when a field changes its meaning or goes; fields may be added at any time.
const SCHEMA: u32 = 1;

/// What a command prints.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    schema: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    archive: Option<Archive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<Vec<Sample>>,
}

impl Document {
    fn of_samples(samples: Vec<Sample>) -> Self {
        Self {
            schema: SCHEMA,
            archive: None,
            samples: Some(samples),
        }
    }
}

#[derive(Debug, Serialize)]
struct Archive {
    path: String,
    n_bytes: u64,
    file_version: String,
    producer: String,
    k: u32,
    min_match_length: u32,
    segment_size: u32,
    batch_size: u32,
    reference_sample: Option<String>,
    n_samples: usize,
    n_contigs: u64,
    n_bases: u64,
}

#[derive(Debug, Serialize)]
struct Sample {
    name: String,
    n_contigs: usize,
    n_bases: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    contigs: Option<Vec<Contig>>,
}

#[derive(Debug, Serialize)]
struct Contig {
    name: String,
    header: String,
    length: u64,
}

/// What `info` tells.
pub(crate) fn describe(archive: &Decompressor, path: &Path) -> anyhow::Result<Document> {
    let names = archive.samples()?;
    let (mut n_contigs, mut n_bases) = (0, 0);
    for place in 0..names.len() {
        let sample = sample(archive, place, false)?;
        n_contigs += sample.n_contigs as u64;
        n_bases += sample.n_bases;
    }
    let (params, info) = (archive.params(), archive.file_info());
    let value = |key: &str| info.get(key).map_or_else(String::new, text);
    let archive = Archive {
        path: path.display().to_string(),
        n_bytes: path.metadata().with_context(|| path.display().to_string())?.len(),
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
    };
    Ok(Document {
        schema: SCHEMA,
        archive: Some(archive),
        samples: None,
    })
}

/// What `listset` tells: all samples, sorted by name. They are read in archive order, so that no batch is read twice.
pub(crate) fn list_samples(archive: &Decompressor) -> anyhow::Result<Document> {
    let places = 0..archive.samples()?.len();
    let samples = places.map(|place| sample(archive, place, false));
    let mut samples = samples.collect::<ragc_core::Result<Vec<_>>>()?;
    samples.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Document::of_samples(samples))
}

/// What `listctg` tells of these samples.
pub(crate) fn list_contigs(archive: &Decompressor, places: &[usize]) -> anyhow::Result<Document> {
    let samples = places.iter().map(|place| sample(archive, *place, true));
    Ok(Document::of_samples(samples.collect::<ragc_core::Result<_>>()?))
}

/// Writes a document in one line.
pub(crate) fn write(mut out: Out, document: &Document) -> anyhow::Result<()> {
    let text = serde_json::to_vec(document)?;
    out.write_all(&text)?;
    out.write_all(b"\n")?;
    out.finish()
}

fn sample(archive: &Decompressor, place: usize, with_contigs: bool) -> ragc_core::Result<Sample> {
    let name = archive.samples()?.get(place).unwrap_or_default();
    let headers = archive.contigs(name)?;
    let mut n_bases = 0;
    let mut contigs = with_contigs.then(Vec::new);
    for (contig, header) in headers.iter().enumerate() {
        let length = archive.contig_len_of(ContigId {
            sample: place,
            contig,
        })?;
        n_bases += length;
        if let Some(contigs) = &mut contigs {
            contigs.push(Contig {
                name: text(short_name(header)),
                header: text(header),
                length,
            });
        }
    }
    Ok(Sample {
        name: text(name),
        n_contigs: headers.len(),
        n_bases,
        contigs,
    })
}

/// Names are bytes; JSON is Unicode.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
