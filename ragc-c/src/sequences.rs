//! Contigs, and stretches of them.

use std::io::BufRead;
use std::ops::Range;

use ragc_core::extract::{ContigId, SampleSink, Spelling};
use ragc_core::{Archive, Error, ErrorKind};

use crate::failure::{Failure, Result};
use crate::memory::{MallocText, Room, collect};

/// A stretch of a contig, as the caller names it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Region<'a> {
    /// Without one the contig must be unique.
    pub(crate) sample: Option<&'a [u8]>,
    pub(crate) contig: &'a [u8],
    /// 0-based, half-open. What lies behind the end of the contig is left out.
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// A stretch that there is.
#[derive(Debug, Clone)]
pub(crate) struct ContigStretch {
    pub(crate) id: ContigId,
    pub(crate) range: Range<u64>,
}

/// `RAGC_UPPER`, `RAGC_AS_STORED` and `RAGC_NUCLEOTIDES` of `ragc.h`.
pub(crate) fn spelling(number: i32) -> Result<Spelling> {
    match number {
        0 => Ok(Spelling::Residues),
        1 => Ok(Spelling::Cased),
        2 => Ok(Spelling::Nucleotides),
        _ => Err(Failure::argument(format!("there is no spelling {number}"))),
    }
}

/// Names that are NULL or empty name no sample.
pub(crate) fn some_sample(sample: Option<&[u8]>) -> Option<&[u8]> {
    sample.filter(|name| !name.is_empty())
}

/// Number of bases of a contig.
pub(crate) fn contig_len(archive: &Archive, sample: Option<&[u8]>, contig: &[u8]) -> Result<u64> {
    let id = archive.find_contig(some_sample(sample), contig)?;
    Ok(archive.contig_len_of(id)?)
}

/// Finds the contig and cuts the range at its end.
pub(crate) fn locate(archive: &Archive, region: Region<'_>) -> Result<ContigStretch> {
    let Region { start, end, .. } = region;
    if start > end {
        return Err(Failure::argument(format!(
            "the region begins at {start}, behind its end at {end}"
        )));
    }
    let id = archive.find_contig(some_sample(region.sample), region.contig)?;
    let len = archive.contig_len_of(id)?;
    Ok(ContigStretch {
        id,
        range: start.min(len)..end.min(len),
    })
}

impl ContigStretch {
    /// Number of bases.
    pub(crate) fn len(&self) -> Result<usize> {
        let len = self.range.end - self.range.start;
        usize::try_from(len).map_err(|_| Error::no_memory(format!("a sequence of {len} bases")).into())
    }

    /// Writes its letters, which the room is enough for, piece by piece.
    pub(crate) fn write_to(&self, archive: &Archive, spelling: Spelling, room: &mut Room<'_>) -> Result<()> {
        let mut letters = archive.read_letters(self.id, self.range.clone(), spelling)?;
        loop {
            let piece = letters.fill_buf()?;
            if piece.is_empty() {
                return Ok(());
            }
            room.push(piece)?;
            let n = piece.len();
            letters.consume(n);
        }
    }
}

/// The letters of a stretch.
pub(crate) fn fetch(archive: &Archive, stretch: &ContigStretch, spelling: Spelling) -> Result<MallocText> {
    let mut text = MallocText::with_len(stretch.len()?)?;
    stretch.write_to(archive, spelling, &mut text.room())?;
    Ok(text)
}

/// The letters of many stretches, decoded on `n_threads` threads.
pub(crate) fn fetch_many(
    archive: &Archive,
    stretches: &[ContigStretch],
    spelling: Spelling,
    n_threads: usize,
) -> Result<Vec<MallocText>> {
    let texts = stretches
        .iter()
        .map(|stretch| MallocText::with_len(stretch.len()?));
    let mut texts = collect(texts)?;
    let regions = collect(
        stretches
            .iter()
            .map(|stretch| Ok((stretch.id, stretch.range.clone()))),
    )?;
    let mut rooms = Rooms {
        left: collect(texts.iter_mut().map(|text| Ok(text.room())))?.into_iter(),
        room: None,
    };
    archive.stream_regions(&regions, spelling, n_threads, &mut rooms)?;
    Ok(texts)
}

/// Fills a room with the letters of each region.
struct Rooms<'a> {
    left: std::vec::IntoIter<Room<'a>>,
    room: Option<Room<'a>>,
}

impl SampleSink for Rooms<'_> {
    fn start_contig(&mut self, _name: &[u8]) -> ragc_core::Result<()> {
        self.room = self.left.next();
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        let pushed = self.room.as_mut().map(|room| room.push(letters));
        let misfit = || Error::new(ErrorKind::Internal("a region is longer than it was told to be"));
        pushed.and_then(Result::ok).ok_or_else(misfit)
    }
}
