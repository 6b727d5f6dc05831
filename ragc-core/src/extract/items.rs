//! Symbols of segments: whole ones, and stretches of them.

use std::ops::Range;
use std::sync::Arc;

use crate::alphabet::{self, Alphabet};
use crate::archive::StreamId;
use crate::archive::names::GroupStream;
use crate::collection::SegmentDesc;
use crate::error::{Error, Result};
use crate::extract::demand::Upcoming;
use crate::extract::lengths::LengthCode;
use crate::extract::needs::Needs;
use crate::extract::store::{Key, Store};
use crate::file_info::FormatVersion;
use crate::group::{self, ItemPlace, Pack, PickedItems};
use crate::lz_diff::{self, Rules};
use crate::sequence::Sequence;

impl Store {
    /// Appends the symbols of a segment, in the direction of its contig, and tells how many there are.
    ///
    /// Its length is the stored one or, in samples appended by some releases of AGC, the repaired one. Packs come out of
    /// the needs of what is upcoming, if there are some.
    pub(crate) fn append_segment<A: Alphabet>(
        &self,
        segment: &SegmentDesc,
        upcoming: Upcoming<'_>,
        out: &mut Vec<u8>,
    ) -> Result<u64> {
        let stored = LengthCode::Plain.len_of(segment);
        let lens = match self.version {
            FormatVersion::V1 | FormatVersion::V2 => [stored; 2],
            FormatVersion::V3 => [stored, self.misjudged().len_of(segment)],
        };
        self.archive.check_unit_len(lens[0].min(lens[1]))?;
        let max_len = lens[0].max(lens[1]).min(self.archive.max_unit_len());
        let max_len = usize::try_from(max_len).unwrap_or(usize::MAX);
        let start = out.len();
        let rules = self.rules();
        self.with_item(segment, upcoming, |item| match segment.is_rev_comp {
            false => item.append::<A>(rules, max_len, out),
            true => item.append::<A::Complement>(rules, max_len, out),
        })?;
        let len = (out.len() - start) as u64;
        if !lens.contains(&len) {
            return Err(wrong_len(segment, len));
        }
        if segment.is_rev_comp {
            out[start..].reverse();
        }
        Ok(len)
    }

    /// Appends the symbols of `range` of a segment of `len` symbols, in the direction of its contig. The range
    /// lies inside the segment.
    ///
    /// # Cost
    /// Of a delta, the tokens up to the end of the range are read. All are, if the range reaches the end of the segment
    /// or is counted from there because the segment is stored as its reverse complement: a wrong length is noticed.
    pub(crate) fn append_range<A: Alphabet>(
        &self,
        segment: &SegmentDesc,
        len: u64,
        range: Range<u64>,
        upcoming: Upcoming<'_>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.archive.check_unit_len(range.end - range.start)?;
        let rules = self.rules();
        let stored = if segment.is_rev_comp {
            len - range.end..len - range.start
        } else {
            range
        };
        // A range past what memory can hold lies past the item as well.
        let place = |pos: u64| usize::try_from(pos).unwrap_or(usize::MAX);
        let start = out.len();
        let whole = (segment.is_rev_comp || stored.end == len).then_some(len);
        let stored = place(stored.start)..place(stored.end);
        self.with_item(segment, upcoming, |item| match segment.is_rev_comp {
            false => item.append_range::<A>(rules, stored, whole, out),
            true => item.append_range::<A::Complement>(rules, stored, whole, out),
        })?;
        if segment.is_rev_comp {
            out[start..].reverse();
        }
        Ok(())
    }

    /// Number of symbols that an item describes.
    pub(super) fn item_len(&self, segment: &SegmentDesc, needs: Option<&Needs>) -> Result<u64> {
        let upcoming = Upcoming { needs, segments: &[] };
        self.with_item(segment, upcoming, |item| item.len(self.rules()))
    }

    pub(super) fn rules(&self) -> Rules {
        Rules {
            min_match_len: self.params.min_match_len,
            dialect: self.version.delta_dialect(),
        }
    }

    /// Finds the item of a segment, and adds its place to an error.
    fn with_item<T>(
        &self,
        segment: &SegmentDesc,
        upcoming: Upcoming<'_>,
        use_it: impl FnOnce(Item<'_>) -> Result<T>,
    ) -> Result<T> {
        let group = segment.group;
        match group::place_of(group, segment.in_group_id, self.params.pack_cardinality)? {
            ItemPlace::Reference => use_it(Item::Reference(&*self.reference_of(group, upcoming)?)),
            ItemPlace::Packed { pack: pack_idx, slot } => {
                let packed = self.packed(group, (pack_idx, slot), upcoming)?;
                let used = || {
                    let bytes = packed.item(slot).ok_or_else(|| {
                        Error::corrupt(format!("item {} does not exist", segment.in_group_id))
                    })?;
                    if group::is_raw(group) {
                        return use_it(Item::Raw(bytes));
                    }
                    let reference = self.reference_of(group, upcoming)?;
                    use_it(Item::Delta(bytes, &reference))
                };
                let stream = || self.version.group_naming().delta_stream(group);
                used().map_err(|e| e.in_part(pack_idx.into()).in_stream(&stream()))
            }
        }
    }

    /// Bytes of all references once they are decoded, about: four bases fit in a byte here and there, and frames make that by
    /// 2 % smaller in yeast genomes, rarely by a quarter.
    pub(super) fn references_len(&self) -> u64 {
        let (footer, naming) = (self.archive.footer(), self.version.group_naming());
        let is_reference = |stream: &StreamId| {
            matches!(
                naming.group_of(footer.name(*stream)),
                Some(GroupStream::Reference(_))
            )
        };
        let stored = footer
            .streams()
            .filter(is_reference)
            .flat_map(|stream| footer.parts(stream));
        let stored: u64 = stored.map(|part| part.len).fold(0, u64::saturating_add);
        stored.saturating_add(stored / 3)
    }

    pub(super) fn reference(&self, group: u32) -> Result<Arc<Sequence>> {
        self.reference_of(group, Upcoming::default())
    }

    /// A reference that may be one of several things to be read.
    fn reference_of(&self, group: u32, upcoming: Upcoming<'_>) -> Result<Arc<Sequence>> {
        let read = || {
            let naming = self.version.group_naming();
            self.fetch_segments((&naming.reference_stream(group), 0), upcoming);
            group::read_reference(&self.archive, naming, group)
        };
        self.cached(Key::Reference(group), || {
            self.lost_references.read_unless_lost(group, read)
        })
    }

    /// The items of a pack: those that are needed of it or, if nobody says what is needed, that of this slot and some others.
    fn packed(&self, group: u32, (pack, slot): (u32, u32), upcoming: Upcoming<'_>) -> Result<Packed> {
        let read_through = |last_slot| {
            let (naming, cardinality) = (self.version.group_naming(), self.params.pack_cardinality);
            self.fetch_segments((&naming.delta_stream(group), pack), upcoming);
            group::read_pack_through(&self.archive, naming, group, pack, cardinality, last_slot)
        };
        match upcoming.needs.and_then(|needs| needs.pack(group, pack)) {
            Some(needed) => Ok(Packed::Picked(needed.items(read_through)?)),
            None => Ok(Packed::Cached(self.cached_pack(
                group,
                pack,
                slot,
                read_through,
            )?)),
        }
    }

    /// A pack with the item of this slot, if it has one at all.
    ///
    /// The first query decodes the pack up to its own item: half of it, on average. Who needs a later one decodes all of it, so that
    /// nothing is decoded more often than twice. To hold zstd's context and go on would take 96 kB, and the frame, for each pack.
    fn cached_pack(
        &self,
        group: u32,
        pack: u32,
        slot: u32,
        read_through: impl Fn(u32) -> Result<Pack>,
    ) -> Result<Arc<Pack>> {
        let (whole, start) = (Key::Pack { group, pack }, Key::PackStart { group, pack });
        if let Some(pack) = self.cached_already(whole) {
            return Ok(pack);
        }
        let first = self.cached(start, || read_through(slot))?;
        if !first.is_start() || first.item(slot).is_some() {
            return Ok(first);
        }
        let pack = self.cached(whole, || read_through(u32::MAX))?;
        self.cache.forget(start);
        Ok(pack)
    }
}

/// Items of a pack.
#[derive(Debug)]
enum Packed {
    Cached(Arc<Pack>),
    Picked(Arc<PickedItems>),
}

impl Packed {
    fn item(&self, slot: u32) -> Option<&[u8]> {
        match self {
            Self::Cached(pack) => pack.item(slot),
            Self::Picked(items) => items.item(slot),
        }
    }
}

/// An item as it is stored.
#[derive(Debug, Clone, Copy)]
enum Item<'a> {
    Reference(&'a Sequence),
    Raw(&'a [u8]),
    Delta(&'a [u8], &'a Sequence),
}

impl Item<'_> {
    fn len(self, rules: Rules) -> Result<u64> {
        match self {
            Self::Reference(sequence) => Ok(sequence.len() as u64),
            Self::Raw(codes) => Ok(codes.len() as u64),
            Self::Delta(delta, reference) => lz_diff::decoded_len(delta, reference.len(), rules),
        }
    }

    /// Appends all symbols, `max_len` at most if they come out of a delta.
    fn append<A: Alphabet>(self, rules: Rules, max_len: usize, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::Reference(sequence) => {
                sequence.append_symbols::<A>(0..sequence.len(), out);
                Ok(())
            }
            Self::Raw(codes) => append_codes::<A>(codes, out),
            Self::Delta(delta, reference) => lz_diff::decode::<A>(delta, reference, rules, max_len, out),
        }
    }

    /// Appends the symbols of `range`; if `whole` is given, the item must have that many symbols in all.
    fn append_range<A: Alphabet>(
        self,
        rules: Rules,
        range: Range<usize>,
        whole: Option<u64>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        match self {
            Self::Delta(delta, reference) => match whole {
                Some(len) => lz_diff::decode_range_of::<A>(delta, len, reference, rules, range, out),
                None => lz_diff::decode_range::<A>(delta, reference, rules, range, out),
            },
            Self::Reference(sequence) => {
                check_reaches(sequence.len(), range.end, whole)?;
                sequence.append_symbols::<A>(range, out);
                Ok(())
            }
            Self::Raw(codes) => {
                check_reaches(codes.len(), range.end, whole)?;
                append_codes::<A>(&codes[range], out)
            }
        }
    }
}

/// Checks that an item of `len` symbols reaches up to `end`, and has `whole` symbols if that is known.
fn check_reaches(len: usize, end: usize, whole: Option<u64>) -> Result<()> {
    if end <= len && whole.is_none_or(|whole| whole == len as u64) {
        Ok(())
    } else {
        let declared = whole.unwrap_or(end as u64);
        Err(Error::corrupt(format!(
            "an item holds {len} symbols, {declared} declared"
        )))
    }
}

fn append_codes<A: Alphabet>(codes: &[u8], out: &mut Vec<u8>) -> Result<()> {
    alphabet::check_codes(codes)?;
    out.extend(codes.iter().map(|code| A::symbol(*code)));
    Ok(())
}

fn wrong_len(segment: &SegmentDesc, len: u64) -> Error {
    Error::corrupt(format!(
        "item {} of group {} holds {len} symbols, {} declared",
        segment.in_group_id, segment.group, segment.raw_len
    ))
}
