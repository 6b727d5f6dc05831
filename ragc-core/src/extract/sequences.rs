//! Contigs and regions, as letters or as codes.

use std::ops::Range;
use std::sync::Arc;

use crate::alphabet::{Alphabet, Codes, Letters};
use crate::collection::SegmentDesc;
use crate::error::Result;
use crate::extract::assembly::{LoadedContig, append_contig, contig_len};
use crate::extract::reader::{ContigReader, Handle, Symbols};
use crate::extract::store::{Overlays, Store, Upcoming};
use crate::extract::{Archive, ContigId, Spelling};
use crate::memory;
use crate::sequence::BASES_PER_WORD;
use crate::visibility::internal;

impl Archive {
    /// Length of a contig in bases.
    ///
    /// # Errors
    /// `NotFound` without sample or contig; `Corrupt` when the segments cannot be joined.
    ///
    /// # Cost
    /// No sequence is decoded (see FORMAT.md, "Lengths of appended samples", for the rare exception).
    pub fn contig_len(&self, sample: impl AsRef<[u8]>, contig: impl AsRef<[u8]>) -> Result<u64> {
        let id = self.find_contig(Some(sample.as_ref()), contig)?;
        self.contig_len_of(id)
    }

    /// Length of a contig in bases, by its places.
    ///
    /// # Errors
    /// As [`Self::contig_len`].
    pub fn contig_len_of(&self, id: ContigId) -> Result<u64> {
        self.in_contig(id, || LoadedContig::load(self.store(), id)?.len(self.store()))
    }

    /// Lengths in bases of all contigs of a sample, in order.
    ///
    /// # Errors
    /// `NotFound` for a sample that does not exist; `Corrupt` when the collection is damaged.
    pub fn contig_lens(&self, sample: usize) -> Result<Vec<u64>> {
        let loaded = self.placed(|| self.store().catalogue().sample(sample))?;
        let code = self.placed(|| self.store().length_code(&loaded))?;
        let len_of = |contig| {
            let lens = loaded.segments(contig).iter().map(|segment| code.len_of(segment));
            let id = ContigId { sample, contig };
            self.in_contig(id, || contig_len(lens, self.params().k))
        };
        let mut lens = self.placed(|| memory::room(loaded.n_contigs()))?;
        for contig in 0..loaded.n_contigs() {
            lens.push(len_of(contig)?);
        }
        Ok(lens)
    }

    internal! {
        /// Segments of a contig, in order, with their lengths in bases.
        ///
        /// # Errors
        /// As [`Self::contig_len`].
        fn contig_segments(&self, id: ContigId) -> Result<Vec<(SegmentDesc, u64)>> {
            self.in_contig(id, || {
                let contig = LoadedContig::load(self.store(), id)?;
                memory::collected(contig.segments().iter().copied().zip(contig.lens()))
            })
        }
    }

    /// The symbol codes of a segment as its group holds it: where `is_rev_comp` is set, the reverse complement of the
    /// contig's stretch.
    ///
    /// # Errors
    /// `Corrupt` when the group has no such item, or one of another length, or is damaged.
    pub(crate) fn segment_codes(&self, segment: &SegmentDesc) -> Result<Vec<u8>> {
        self.placed(|| {
            let as_held = SegmentDesc {
                is_rev_comp: false,
                ..*segment
            };
            let mut codes = Vec::new();
            let items = self.store().items();
            items.append_segment::<Codes>(&as_held, Upcoming::default(), &mut codes)?;
            Ok(codes)
        })
    }

    /// The symbol codes of a group's reference.
    ///
    /// # Errors
    /// `NotFound` for a group that has none; `Corrupt` when it is damaged.
    pub(crate) fn reference_codes(&self, group: u32) -> Result<Vec<u8>> {
        self.placed(|| {
            let reference = self.store().items().reference(group)?;
            // Whole words are written.
            let mut codes = memory::room(reference.len() + BASES_PER_WORD)?;
            reference.unpack_into(0..reference.len(), &mut codes);
            Ok(codes)
        })
    }

    /// A whole contig as letters.
    ///
    /// # Errors
    /// `NotFound` without sample or contig; `Corrupt` when anything it is made of is damaged.
    pub fn contig(&self, sample: impl AsRef<[u8]>, contig: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        let id = self.find_contig(Some(sample.as_ref()), contig)?;
        self.contig_letters(id, Spelling::Residues)
    }

    /// A whole contig as letters in this spelling, by its places.
    ///
    /// # Errors
    /// As [`Self::contig`].
    pub fn contig_letters(&self, id: ContigId, spelling: Spelling) -> Result<Vec<u8>> {
        let mut letters = self.contig_symbols::<Letters>(id)?;
        self.spell(id, spelling, (0, None), &mut letters)?;
        Ok(letters)
    }

    /// A stretch of a contig as letters; what lies past its end is left out.
    ///
    /// # Errors
    /// As [`Self::contig`].
    ///
    /// # Cost
    /// Only the segments that the range touches are decoded, and of them only what it needs.
    pub fn region(
        &self,
        sample: impl AsRef<[u8]>,
        contig: impl AsRef<[u8]>,
        range: Range<u64>,
    ) -> Result<Vec<u8>> {
        let id = self.find_contig(Some(sample.as_ref()), contig)?;
        self.region_letters(id, range, Spelling::Residues)
    }

    /// A stretch of a contig as letters in this spelling, by its places; what lies past its end is left out.
    ///
    /// # Errors
    /// As [`Self::contig`].
    pub fn region_letters(&self, id: ContigId, range: Range<u64>, spelling: Spelling) -> Result<Vec<u8>> {
        let (start, end) = (range.start, range.end);
        let mut letters = self.region_symbols::<Letters>(id, range, Some(spelling))?;
        self.spell(id, spelling, (start, Some(end)), &mut letters)?;
        Ok(letters)
    }

    /// A whole contig as symbol codes, one a byte (0 to 3 are `ACGT`).
    ///
    /// # Errors
    /// As [`Self::contig`].
    pub fn contig_codes(&self, id: ContigId) -> Result<Vec<u8>> {
        self.contig_symbols::<Codes>(id)
    }

    /// A stretch of a contig as symbol codes; what lies past its end is left out.
    ///
    /// # Errors
    /// As [`Self::contig`].
    pub fn region_codes(&self, id: ContigId, range: Range<u64>) -> Result<Vec<u8>> {
        self.region_symbols::<Codes>(id, range, None)
    }

    /// The letters of a stretch of a contig in this spelling, decoded as they are read.
    ///
    /// # Errors
    /// As [`Self::contig_len`]; reading fails when what it comes to is damaged.
    ///
    /// # Cost
    /// A buffer of some hundred kilobytes, however long the range.
    pub fn read_letters(
        &self,
        id: ContigId,
        range: Range<u64>,
        spelling: Spelling,
    ) -> Result<ContigReader<'_>> {
        self.reader(Handle::Borrowed(self), id, range, Some(spelling))
    }

    /// The symbol codes of a stretch of a contig, one a byte, decoded as they are read.
    ///
    /// # Errors
    /// As [`Self::read_letters`].
    pub fn read_codes(&self, id: ContigId, range: Range<u64>) -> Result<ContigReader<'_>> {
        self.reader(Handle::Borrowed(self), id, range, None)
    }

    /// As [`Self::read_letters`], by a reader that owns its archive.
    ///
    /// # Errors
    /// As [`Self::read_letters`].
    pub fn read_letters_shared(
        self: &Arc<Self>,
        id: ContigId,
        range: Range<u64>,
        spelling: Spelling,
    ) -> Result<ContigReader<'static>> {
        self.reader(Handle::Shared(Arc::clone(self)), id, range, Some(spelling))
    }

    /// As [`Self::read_codes`], by a reader that owns its archive.
    ///
    /// # Errors
    /// As [`Self::read_letters`].
    pub fn read_codes_shared(
        self: &Arc<Self>,
        id: ContigId,
        range: Range<u64>,
    ) -> Result<ContigReader<'static>> {
        self.reader(Handle::Shared(Arc::clone(self)), id, range, None)
    }

    /// A reader of letters in this spelling, or of codes.
    fn reader<'a>(
        &self,
        archive: Handle<'a>,
        id: ContigId,
        range: Range<u64>,
        spelling: Option<Spelling>,
    ) -> Result<ContigReader<'a>> {
        self.in_contig(id, || {
            let contig = LoadedContig::load_region(self.store(), id, &range, spelling)?;
            let symbols = match spelling {
                Some(spelling) => Symbols::Letters(overlays(self.store(), id, Some(range.end), spelling)?),
                None => Symbols::Codes,
            };
            ContigReader::new(archive, id, contig, range, symbols)
        })
    }

    fn spell(
        &self,
        id: ContigId,
        spelling: Spelling,
        range: (u64, Option<u64>),
        letters: &mut [u8],
    ) -> Result<()> {
        let (start, end) = range;
        self.in_contig(id, || {
            overlays(self.store(), id, end, spelling)?.apply(start, letters)
        })
    }

    fn contig_symbols<A: Alphabet>(&self, id: ContigId) -> Result<Vec<u8>> {
        self.in_contig(id, || {
            let mut symbols = Vec::new();
            append_contig::<A>(self.store(), id, &mut symbols)?;
            Ok(symbols)
        })
    }

    /// With the spelling in which the letters will be told, if they will be.
    fn region_symbols<A: Alphabet>(
        &self,
        id: ContigId,
        range: Range<u64>,
        spelling: Option<Spelling>,
    ) -> Result<Vec<u8>> {
        self.in_contig(id, || {
            let contig = LoadedContig::load_region(self.store(), id, &range, spelling)?;
            let mut symbols = Vec::new();
            contig.append_region::<A>(self.store(), range, &mut symbols)?;
            Ok(symbols)
        })
    }
}

/// What is put over the letters of a contig.
fn overlays(store: &Store, id: ContigId, end: Option<u64>, spelling: Spelling) -> Result<Overlays> {
    let n_contigs = || Ok(store.catalogue().sample(id.sample)?.n_contigs());
    store.texts().overlays(id, end, spelling, &n_contigs)
}
