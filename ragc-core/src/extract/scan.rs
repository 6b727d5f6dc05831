//! Whole samples one after the other, with what they have in common decoded once.
//!
//! ```text
//! samples   ──────────────────────────────────▶
//! series    |  one or more batches   |              names and segments are decoded once, and references that are
//!           |                        |              needed again in the series stay in the cache
//! portions  |      |      |      |   |              of packs, what is needed in the portion is decoded once
//! ```
//!
//! A series whose packs take little memory has one portion. A larger one is cut, in five at most: to decode the packs of many
//! drafts once is little of the work of extracting these. So memory does not grow with the number of
//! samples until a batch is complete.
//!
//! When packs and segments were in a cache instead, a small one took many times as long, and one with room for all of them twice the memory
//! (docs/measurements.md, "Details of reading").

use std::sync::Arc;

use ahash::AHashMap;

use crate::collection::SegmentDesc;
use crate::error::Result;
use crate::extract::lookahead::Lookahead;
use crate::extract::store::{Batch, LoadedSample, Needs, ReferenceUses, Store};

/// How much is decoded together.
#[derive(Debug, Clone, Copy)]
struct ScanLimits {
    /// Segments from which on a series ends with its batch. With batches of 50 samples, references that all samples need would
    /// be decoded once for each fifty.
    series_segments: usize,
    /// Segments of loaded batches from which on no other is loaded, for samples in no order, which may come from all batches.
    loaded_segments: usize,
    /// Bytes of items that a portion may have.
    portion_len: u64,
    /// Portions of a series, if that makes them longer.
    max_portions: u64,
}

/// Segments take 4 MiB in a series, and 64 MiB if its samples are in no order.
const LIMITS: ScanLimits = ScanLimits {
    series_segments: 1 << 18,
    loaded_segments: 1 << 22,
    portion_len: 32 << 20,
    max_portions: 5,
};

/// Samples in the order given, each with what is decoded for it and its neighbours.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    store: &'a Store,
    limits: ScanLimits,
    /// Samples still to come.
    left: &'a [usize],
    /// The first of them belong to it.
    series: Option<Series>,
}

impl<'a> Scan<'a> {
    /// A scan over samples that exist.
    pub(crate) fn new(store: &'a Store, samples: &'a [usize]) -> Self {
        Self::within(LIMITS, store, samples)
    }

    fn within(limits: ScanLimits, store: &'a Store, samples: &'a [usize]) -> Self {
        Self {
            store,
            limits,
            left: samples,
            series: None,
        }
    }

    /// The next sample and what is known of it, if there is one; the scan goes on behind one that cannot be loaded.
    pub(crate) fn next_sample(&mut self) -> Option<(usize, Result<LoadedSample>)> {
        let left = self.left;
        let (sample, behind) = left.split_first()?;
        self.left = behind;
        Some((*sample, self.load_first(left)))
    }

    /// So many segments of the samples that have come are scheduled, and will be read.
    pub(crate) fn scheduled(&mut self, n_segments: usize) {
        if let Some(series) = &mut self.series {
            series.scheduled(self.store, n_segments);
        }
    }

    fn load_first(&mut self, samples: &[usize]) -> Result<LoadedSample> {
        // What the last series has loaded goes before there is more.
        let series = match self.series.take().filter(|series| !series.is_over()) {
            Some(series) => series,
            None => Series::load(self.limits, self.store, samples)?,
        };
        self.series.insert(series).next_sample(self.store)
    }
}

/// Samples whose segments are loaded together.
#[derive(Debug)]
struct Series {
    /// The batch of each sample, and its place there.
    places: Vec<(Arc<Batch>, usize)>,
    /// Samples that are done.
    n_done: usize,
    references: Arc<ReferenceUses>,
    /// Samples of a portion.
    portion_len: usize,
    /// What the samples of the portion need.
    needs: Arc<Needs>,
    lookahead: Lookahead,
}

impl Series {
    /// Loads the first of these samples, and those behind it as far as they go together.
    fn load(limits: ScanLimits, store: &Store, samples: &[usize]) -> Result<Self> {
        let places = load_batches(limits, store, samples)?;
        let references = Arc::new(ReferenceUses::of(segments_of(&places)));
        let mut needs = store.items().needs_of(segments_of(&places), &references);
        let portion_len = match places.len() {
            1 => 1,
            n_samples => n_samples.div_ceil(n_portions(limits, store, &needs)),
        };
        if portion_len < places.len() {
            needs = store
                .items()
                .needs_of(segments_of(&places[..portion_len]), &references);
        }
        Ok(Self {
            places,
            n_done: 0,
            references,
            portion_len,
            needs: Arc::new(needs),
            lookahead: Lookahead::default(),
        })
    }

    fn scheduled(&mut self, store: &Store, n_segments: usize) {
        let places = &self.places;
        let behind = |n| segments_of(places).skip(n);
        self.lookahead.advance(n_segments, store, &self.needs, behind);
    }

    fn is_over(&self) -> bool {
        self.n_done == self.places.len()
    }

    /// The next sample; there is one.
    fn next_sample(&mut self, store: &Store) -> Result<LoadedSample> {
        if self.n_done > 0 && self.n_done.is_multiple_of(self.portion_len) {
            let end = self.places.len().min(self.n_done + self.portion_len);
            let segments = segments_of(&self.places[self.n_done..end]);
            self.needs = Arc::new(store.items().needs_of(segments, &self.references));
        }
        // The first segments are on their way with all others.
        self.scheduled(store, 0);
        let (batch, slot) = &self.places[self.n_done];
        self.n_done += 1;
        let loaded = store.catalogue().sample_in(batch, *slot)?;
        Ok(loaded.with_needs(Arc::clone(&self.needs)))
    }
}

/// Decodes the batches of the samples of a series: one for each sample, and its place there. A series ends in front of a batch
/// that is damaged.
fn load_batches(limits: ScanLimits, store: &Store, samples: &[usize]) -> Result<Vec<(Arc<Batch>, usize)>> {
    let mut places = Vec::new();
    let mut loaded = AHashMap::<usize, Arc<Batch>>::new();
    let (mut n_used, mut n_loaded) = (0, 0);
    for sample in samples {
        let (number, slot) = store.catalogue().place_of(*sample)?;
        let batch = match loaded.get(&number) {
            Some(batch) => Arc::clone(batch),
            None if n_used >= limits.series_segments || n_loaded >= limits.loaded_segments => break,
            None => match store.catalogue().batch(number) {
                Ok(batch) => Arc::new(batch),
                Err(error) if places.is_empty() => return Err(error),
                Err(_) => break,
            },
        };
        if loaded.insert(number, Arc::clone(&batch)).is_none() {
            n_loaded += batch.n_segments();
        }
        n_used += batch.segments_of(slot).len();
        places.push((batch, slot));
    }
    Ok(places)
}

/// All segments of some samples.
fn segments_of(places: &[(Arc<Batch>, usize)]) -> impl Iterator<Item = &SegmentDesc> {
    places.iter().flat_map(|(batch, slot)| batch.segments_of(*slot))
}

/// How many portions a series with these needs is cut into. They leave half of the cache's size to references.
fn n_portions(limits: ScanLimits, store: &Store, needs: &Needs) -> usize {
    let len = store.items().needed_len(needs);
    let room = len.div_ceil(limits.max_portions).max(limits.portion_len);
    let room = room.min(store.cache_limit() / 2).max(1);
    usize::try_from(len.div_ceil(room)).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::Codes;
    use crate::container::ContainerReader;
    use crate::extract::assembly::append_segments;

    fn store(name: &str, cache_limit: u64) -> Store {
        let path = format!("{}/../data/golden/archives/{name}", env!("CARGO_MANIFEST_DIR"));
        let archive = ContainerReader::open(std::fs::read(path).unwrap()).unwrap();
        Store::open(archive, cache_limit).unwrap()
    }

    /// All contigs of a sample, with their names.
    fn contigs(store: &Store, sample: &LoadedSample) -> Vec<(Vec<u8>, Vec<u8>)> {
        let contig = |i| {
            let mut codes = Vec::new();
            let segments = sample.segments(i);
            append_segments::<Codes>(store.items(), sample, i, 0..segments.len(), &mut codes).unwrap();
            if let Some(needs) = sample.needs() {
                store.items().done(needs, segments);
            }
            (sample.name(i).to_vec(), codes)
        };
        (0..sample.n_contigs()).map(contig).collect()
    }

    #[test]
    fn limits_and_order_change_no_sample_and_nothing_is_left() {
        const LEAST: ScanLimits = ScanLimits {
            series_segments: 1,
            loaded_segments: 1,
            portion_len: 1,
            max_portions: u64::MAX,
        };
        let limits = [
            LIMITS,
            LEAST,
            ScanLimits {
                series_segments: 70,
                ..LIMITS
            },
            ScanLimits {
                portion_len: 1000,
                max_portions: 3,
                ..LIMITS
            },
        ];
        for name in [
            "v3_s500_b1.agc",
            "v3_s500_b3.agc",
            "v3_s100.agc",
            "old_v1.0_s500.agc",
            "old_v2.0_b3.agc",
        ] {
            for (limits, cache_limit) in limits.into_iter().zip([1 << 20, 1 << 20, 0, 1 << 20]) {
                let store = store(name, cache_limit);
                let n_samples = store.catalogue().samples().unwrap().len();
                let mut order: Vec<usize> = (0..n_samples).rev().chain([0, 0]).collect();
                order.rotate_right(1);
                store.catalogue().batch(0).unwrap();
                let held = store.held();
                let mut scan = Scan::within(limits, &store, &order);
                for expected in &order {
                    let (sample, loaded) = scan.next_sample().unwrap();
                    assert_eq!(sample, *expected);
                    let scanned = contigs(&store, &loaded.unwrap());
                    let other = self::store(name, 1 << 20);
                    assert!(
                        scanned == contigs(&other, &other.catalogue().sample(sample).unwrap()),
                        "{name} {limits:?}"
                    );
                }
                assert!(scan.next_sample().is_none());
                // What a version keeps of all samples may stay.
                assert!(store.held() <= held, "{name} {limits:?}");
            }
        }
    }

    #[test]
    fn a_run_ends_with_its_batch_and_portions_share_it_evenly() {
        let store = store("v3_s500_b3.agc", 1 << 20);
        let n_samples = store.catalogue().samples().unwrap().len();
        let all: Vec<usize> = (0..n_samples).collect();
        let series = |limits| Series::load(limits, &store, &all).unwrap();
        assert_eq!(series(LIMITS).places.len(), n_samples);
        let of_batch = series(ScanLimits {
            series_segments: 1,
            ..LIMITS
        });
        assert_eq!((of_batch.places.len(), of_batch.portion_len), (3, 3));
        let cut = series(ScanLimits {
            portion_len: 1,
            max_portions: 2,
            ..LIMITS
        });
        assert_eq!(cut.portion_len, n_samples.div_ceil(2));
    }
}
