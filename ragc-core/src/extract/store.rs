//! What a query needs from the archive, decoded on first use and shared through the cache.

use std::sync::{Arc, OnceLock};

use crate::alphabet;
use crate::archive::{ArchiveReader, names};
use crate::collection::{
    BatchDetails, BatchNames, SampleNames, SegmentDesc, decode_contig_names, decode_details, decode_samples,
    repaired_len,
};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::cache::Cache;
use crate::file_info::{FileInfo, FormatVersion};
use crate::group::{self, ItemPlace, Pack};
use crate::lz_diff;
use crate::params::Params;

/// One archive, and everything decoded from it so far.
#[derive(Debug)]
pub(crate) struct Store {
    archive: ArchiveReader,
    info: FileInfo,
    params: Params,
    samples: OnceLock<SampleNames>,
    cache: Cache<Key, Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Names(usize),
    Details(usize),
    Reference(u32),
    Pack { group: u32, pack: u32 },
}

#[derive(Debug, Clone)]
enum Value {
    Names(Arc<BatchNames>),
    Details(Arc<LoadedDetails>),
    Reference(Arc<Vec<u8>>),
    Pack(Arc<Pack>),
}

/// The segments of a batch, and per sample how its lengths are coded.
#[derive(Debug)]
pub(crate) struct LoadedDetails {
    pub(crate) details: BatchDetails,
    /// Whether a sample's lengths need repair; found out when first asked.
    needs_repair: Vec<OnceLock<bool>>,
}

/// A sample with the batch it is in: names and segments of its contigs.
#[derive(Debug, Clone)]
pub(crate) struct LoadedSample {
    pub(crate) names: Arc<BatchNames>,
    pub(crate) batch: Arc<LoadedDetails>,
    /// Place of the sample in its batch.
    pub(crate) slot: usize,
}

impl LoadedSample {
    pub(crate) fn n_contigs(&self) -> usize {
        self.names.n_contigs(self.slot)
    }

    pub(crate) fn segments(&self, contig: usize) -> &[SegmentDesc] {
        self.batch.details.segments(self.slot, contig)
    }
}

impl Store {
    /// Reads the two small streams that everything depends on.
    pub(crate) fn open(archive: ArchiveReader, cache_limit: u64) -> Result<Self> {
        let part = archive.read_only_part(names::FILE_INFO)?;
        let info =
            FileInfo::decode(part.metadata, part.payload()).map_err(|e| e.in_stream(names::FILE_INFO))?;
        let version = info.version().map_err(|e| e.in_stream(names::FILE_INFO))?;
        match version {
            FormatVersion::V3 => {}
            FormatVersion::V1 | FormatVersion::V2 => {
                let why = "an archive of file version 1 or 2; only version 3 can be read so far";
                return Err(Error::new(ErrorKind::Unsupported(why.to_owned())));
            }
        }
        let part = archive.read_only_part(names::PARAMS)?;
        let params = Params::decode(part.payload(), version).map_err(|e| e.in_stream(names::PARAMS))?;
        Ok(Self {
            archive,
            info,
            params,
            samples: OnceLock::new(),
            cache: Cache::new(cache_limit),
        })
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    pub(crate) fn info(&self) -> &FileInfo {
        &self.info
    }

    pub(crate) fn archive(&self) -> &ArchiveReader {
        &self.archive
    }

    /// Names of all samples. Two threads may both decode them at first; one result is kept.
    pub(crate) fn samples(&self) -> Result<&SampleNames> {
        if let Some(samples) = self.samples.get() {
            return Ok(samples);
        }
        let part = self.archive.read_only_part(names::COLLECTION_SAMPLES)?;
        let samples = decode_samples(part.metadata, part.payload())
            .map_err(|e| e.in_part(0).in_stream(names::COLLECTION_SAMPLES))?;
        Ok(self.samples.get_or_init(|| samples))
    }

    fn batch_of(&self, sample: usize) -> (usize, usize) {
        let n = self.params.pack_cardinality as usize;
        (sample / n, sample % n)
    }

    /// Names of the contigs of a sample: its batch, and its place there.
    pub(crate) fn names_of(&self, sample: usize) -> Result<(Arc<BatchNames>, usize)> {
        let (batch, slot) = self.batch_of(sample);
        let value = self.cache.get_or_load(Key::Names(batch), || {
            let load = || {
                let stream = self.archive.stream(names::COLLECTION_CONTIGS)?;
                let part = self.archive.read_part(stream, batch)?;
                let names = decode_contig_names(part.metadata, part.payload())?;
                self.check_batch_len(batch, names.n_samples())?;
                let len = names.mem_len() as u64;
                Ok((Value::Names(Arc::new(names)), len))
            };
            load().map_err(|e: Error| e.in_part(batch as u64).in_stream(names::COLLECTION_CONTIGS))
        })?;
        match value {
            Value::Names(names) => Ok((names, slot)),
            _ => unreachable!("the key of names holds names"),
        }
    }

    /// Names and segments of the contigs of a sample.
    pub(crate) fn sample(&self, sample: usize) -> Result<LoadedSample> {
        let (names, slot) = self.names_of(sample)?;
        let (batch, _) = self.batch_of(sample);
        let value = self.cache.get_or_load(Key::Details(batch), || {
            let load = || {
                let stream = self.archive.stream(names::COLLECTION_DETAILS)?;
                let part = self.archive.read_part(stream, batch)?;
                let details = decode_details(part.payload(), self.params.predicted_len())?;
                self.check_batch_len(batch, details.n_samples())?;
                let len = details.mem_len() as u64;
                let needs_repair = (0..details.n_samples()).map(|_| OnceLock::new()).collect();
                Ok((
                    Value::Details(Arc::new(LoadedDetails {
                        details,
                        needs_repair,
                    })),
                    len,
                ))
            };
            load().map_err(|e: Error| e.in_part(batch as u64).in_stream(names::COLLECTION_DETAILS))
        })?;
        let Value::Details(loaded) = value else {
            unreachable!("the key of details holds details")
        };
        let (n_names, n_contigs) = (names.n_contigs(slot), loaded.details.n_contigs(slot));
        if n_names != n_contigs {
            return Err(
                Error::corrupt(format!("{n_names} contig names for {n_contigs} contigs"))
                    .in_part(batch as u64)
                    .in_stream(names::COLLECTION_DETAILS),
            );
        }
        Ok(LoadedSample {
            names,
            batch: loaded,
            slot,
        })
    }

    fn check_batch_len(&self, batch: usize, n_samples: usize) -> Result<()> {
        let full = self.params.pack_cardinality as usize;
        let expected = self
            .samples()?
            .len()
            .saturating_sub(batch.saturating_mul(full))
            .min(full);
        if n_samples == expected {
            Ok(())
        } else {
            Err(Error::corrupt(format!(
                "a batch of {n_samples} samples, {expected} expected"
            )))
        }
    }

    /// Decodes a segment to symbol codes in the direction of its contig.
    ///
    /// Its length is the stored one or, in samples appended by some releases of AGC, the repaired one.
    pub(crate) fn segment(&self, segment: &SegmentDesc) -> Result<Vec<u8>> {
        let lens = [u64::from(segment.raw_len), self.repaired_len(segment)];
        let max_len = usize::try_from(lens[0].max(lens[1])).unwrap_or(usize::MAX);
        let mut codes = self.item(segment, max_len)?;
        if !lens.contains(&(codes.len() as u64)) {
            return Err(Error::corrupt(format!(
                "item {} of group {} holds {} symbols, {} declared",
                segment.in_group_id,
                segment.group,
                codes.len(),
                segment.raw_len
            )));
        }
        if segment.is_rev_comp {
            alphabet::reverse_complement(&mut codes);
        }
        Ok(codes)
    }

    fn item(&self, segment: &SegmentDesc, max_len: usize) -> Result<Vec<u8>> {
        let group = segment.group;
        match group::place_of(group, segment.in_group_id, self.params.pack_cardinality)? {
            ItemPlace::Reference => Ok(self.reference(group)?.to_vec()),
            ItemPlace::Packed { pack: pack_idx, slot } => {
                let pack = self.pack(group, pack_idx)?;
                let item = pack
                    .item(slot)
                    .ok_or_else(|| Error::corrupt(format!("item {} does not exist", segment.in_group_id)));
                let decoded = item.and_then(|item| {
                    if group::is_raw(group) {
                        group::check_symbols(item)?;
                        return Ok(item.to_vec());
                    }
                    let reference = self.reference(group)?;
                    lz_diff::decode(item, &reference, self.params.min_match_len, max_len)
                });
                decoded.map_err(|e| e.in_part(pack_idx.into()).in_stream(&names::delta_stream(group)))
            }
        }
    }

    fn reference(&self, group: u32) -> Result<Arc<Vec<u8>>> {
        let value = self.cache.get_or_load(Key::Reference(group), || {
            let reference = group::read_reference(&self.archive, group)?;
            let len = reference.capacity() as u64;
            Ok((Value::Reference(Arc::new(reference)), len))
        })?;
        match value {
            Value::Reference(reference) => Ok(reference),
            _ => unreachable!("the key of a reference holds a reference"),
        }
    }

    fn pack(&self, group: u32, pack: u32) -> Result<Arc<Pack>> {
        let value = self.cache.get_or_load(Key::Pack { group, pack }, || {
            let pack = group::read_pack(&self.archive, group, pack, self.params.pack_cardinality)?;
            let len = pack.mem_len() as u64;
            Ok((Value::Pack(Arc::new(pack)), len))
        })?;
        match value {
            Value::Pack(pack) => Ok(pack),
            _ => unreachable!("the key of a pack holds a pack"),
        }
    }

    fn repaired_len(&self, segment: &SegmentDesc) -> u64 {
        repaired_len(segment.raw_len, self.params.predicted_len(), self.params.k)
    }

    /// Lengths of the segments of a contig, repaired where its sample needs it.
    ///
    /// # Cost
    /// The first time for a sample, the length of one of its segments is compared with what is stored: usually the
    /// number of one part is read, rarely a segment is decoded.
    pub(crate) fn segment_lens(&self, sample: &LoadedSample, contig: usize) -> Result<Vec<u64>> {
        let repair = match sample.batch.needs_repair[sample.slot].get() {
            Some(repair) => *repair,
            None => {
                let found = self.needs_repair(sample.batch.details.segments_of_sample(sample.slot))?;
                *sample.batch.needs_repair[sample.slot].get_or_init(|| found)
            }
        };
        let len = |segment: &SegmentDesc| {
            if repair {
                self.repaired_len(segment)
            } else {
                segment.raw_len.into()
            }
        };
        Ok(sample.segments(contig).iter().map(len).collect())
    }

    /// Whether the lengths of a sample's segments were coded against `k` instead of segment size + k.
    ///
    /// A sample is added in one run, so one segment whose two readings differ decides for all of them. A segment that
    /// is its group's reference tells its length without being decoded.
    fn needs_repair(&self, segments: &[SegmentDesc]) -> Result<bool> {
        let telling = || {
            segments
                .iter()
                .filter(|segment| self.repaired_len(segment) != segment.raw_len.into())
        };
        if let Some(segment) =
            telling().find(|segment| segment.in_group_id == 0 && !group::is_raw(segment.group))
        {
            let len = group::reference_len(&self.archive, segment.group)?;
            return Ok(len != u64::from(segment.raw_len) && len == self.repaired_len(segment));
        }
        match telling().next() {
            Some(segment) => Ok(self.segment(segment)?.len() as u64 != u64::from(segment.raw_len)),
            None => Ok(false),
        }
    }
}
