//! A contig with all that is needed to put it together.

use std::ops::Range;

use crate::alphabet::Alphabet;
use crate::collection::SegmentDesc;
use crate::error::Result;
use crate::extract::assembly::plan;
use crate::extract::assembly::segments::{append_segments, append_slices};
use crate::extract::contig_id::{ContigId, no_such_place};
use crate::extract::store::{LengthCode, LoadedSample, Spelling, Store};

/// A contig with all that is needed to plan a query of it.
#[derive(Debug)]
pub(crate) struct LoadedContig {
    sample: LoadedSample,
    contig: usize,
    length_code: LengthCode,
}

impl LoadedContig {
    /// A contig of which the lengths are asked.
    pub(crate) fn load(store: &Store, id: ContigId) -> Result<Self> {
        Self::with_length_code(store, id, load_sample(store, id)?)
    }

    /// A contig of which a range will be read. With the first query of a sample all that it needs is fetched.
    pub(crate) fn load_region(
        store: &Store,
        id: ContigId,
        range: &Range<u64>,
        spelling: Option<Spelling>,
    ) -> Result<Self> {
        let sample = load_sample(store, id)?;
        if sample.is_first_query() {
            let mut demand = store.demand();
            let read = segments_of_range(&sample, id.contig, store.params().k, range);
            store.demand_region(&mut demand, id.sample, &sample, read, spelling);
            demand.fetch();
        }
        Self::with_length_code(store, id, sample)
    }

    fn with_length_code(store: &Store, id: ContigId, sample: LoadedSample) -> Result<Self> {
        let length_code = store.length_code(&sample)?;
        Ok(Self {
            sample,
            contig: id.contig,
            length_code,
        })
    }

    pub(crate) fn segments(&self) -> &[SegmentDesc] {
        self.sample.segments(self.contig)
    }

    /// Lengths of its segments.
    pub(crate) fn lens(&self) -> impl ExactSizeIterator<Item = u64> {
        let code = self.length_code;
        self.segments().iter().map(move |segment| code.len_of(segment))
    }

    /// Its length in bases.
    pub(crate) fn len(&self, store: &Store) -> Result<u64> {
        plan::contig_len(self.lens(), store.params().k)
    }

    /// Appends the symbols of a range; what lies past the end of the contig is left out.
    pub(crate) fn append_region<A: Alphabet>(
        &self,
        store: &Store,
        range: Range<u64>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let slices = plan::slices(self.lens(), store.params().k, &range)?;
        append_slices::<A>(store.items(), &self.sample, self.contig, &slices, out)
    }
}

/// Appends all symbols of a contig. The lengths of its segments need not be known.
pub(crate) fn append_contig<A: Alphabet>(store: &Store, id: ContigId, out: &mut Vec<u8>) -> Result<()> {
    let sample = load_sample(store, id)?;
    let segments = 0..sample.segments(id.contig).len();
    append_segments::<A>(store.items(), &sample, id.contig, segments, out)
}

/// The segments that a range of a contig needs, as if lengths were stored as they are, which is nearly always so.
pub(crate) fn segments_of_range<'s>(
    sample: &'s LoadedSample,
    contig: usize,
    k: u32,
    range: &Range<u64>,
) -> impl Iterator<Item = &'s SegmentDesc> {
    let segments = sample.segments(contig);
    let lens = segments.iter().map(|segment| LengthCode::Plain.len_of(segment));
    let slices = plan::slices(lens, k, range).unwrap_or_default();
    slices.into_iter().map(|slice| &segments[slice.segment])
}

/// The sample of a contig that exists.
fn load_sample(store: &Store, id: ContigId) -> Result<LoadedSample> {
    if id.sample >= store.catalogue().samples()?.len() {
        return Err(no_such_place(id));
    }
    let sample = store.catalogue().sample(id.sample)?;
    if id.contig >= sample.n_contigs() {
        return Err(no_such_place(id));
    }
    Ok(sample)
}
