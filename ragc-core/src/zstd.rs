//! zstd frames: one per unit, with content size, without checksum or dictionary.
//!
//! Compressing goes through a [`Compressor`] that a worker keeps, decompressing through one context per thread. The
//! declared size of a frame is never trusted with memory: it is compared with what the caller expects and with what a
//! frame of that many bytes can produce at all, and only then is the buffer made.
//!
//! # Source
//! FORMAT.md, "Compressed frames"; the frame format itself is RFC 8878.

use std::cell::RefCell;

use ::zstd::zstd_safe::{self, CCtx, CParameter, DCtx, DParameter, InBuffer, OutBuffer, ResetDirective};

use crate::error::{Error, Result};
use crate::memory;

/// No unit of an archive decodes to this many bytes or more (FORMAT.md, "Limits").
pub const MAX_DECODED_LEN: u64 = 1 << 32;

/// The most that a block of a frame decodes to.
const MAX_BLOCK_LEN: u64 = 1 << 17;
/// The fewest bytes that a block takes.
const MIN_BLOCK_LEN: u64 = 4;
/// The longest window that a frame decoded block by block may have, as a power of two: it is the output, so it takes no memory.
const MAX_WINDOW_LOG: u32 = 31;
/// Growth of the output while a frame that does not tell its size is decoded.
const GROWTH_LEN: usize = 1 << 17;

thread_local! {
    static DECOMPRESSOR: RefCell<Option<DCtx<'static>>> = const { RefCell::new(None) };
}

/// Code of the library for an allocation that failed.
const NO_MEMORY: usize = 64_usize.wrapping_neg();

/// Does something with the decompressor of this thread.
fn with_decompressor<T>(decompress: impl FnOnce(&mut DCtx<'static>) -> Result<T>) -> Result<T> {
    DECOMPRESSOR.with_borrow_mut(|kept| {
        let made = match kept.take() {
            Some(context) => Some(context),
            None => DCtx::try_create(),
        };
        decompress(kept.insert(made.ok_or_else(no_context)?))
    })
}

fn no_context() -> Error {
    Error::no_memory("the tables of zstd")
}

/// Compresses units to frames, keeping its tables from one to the next.
pub struct Compressor {
    /// Made by the first call.
    context: Option<CCtx<'static>>,
    buffer: Vec<u8>,
}

impl Compressor {
    /// A compressor without tables; they are made by the first call.
    #[must_use]
    pub fn new() -> Self {
        Self {
            context: None,
            buffer: Vec::new(),
        }
    }

    /// Compresses `bytes` to one frame at this level. The frame is valid until the next call.
    ///
    /// # Errors
    /// `BadOption` when zstd refuses, which means a level that it does not have; `NoMemory`.
    pub fn compress(&mut self, bytes: &[u8], level: i32) -> Result<&[u8]> {
        self.compress_by(bytes, MatchSearch::of_level(level))
    }

    /// As [`Self::compress`], with a search of one's own.
    ///
    /// # Errors
    /// As [`Self::compress`].
    pub fn compress_by(&mut self, bytes: &[u8], search: MatchSearch) -> Result<&[u8]> {
        self.buffer.clear();
        let most = zstd_safe::compress_bound(bytes.len());
        memory::ask(|| self.buffer.try_reserve(most))
            .map_err(|_| Error::no_memory(format!("a frame of {most} bytes")))?;
        let context = made(&mut self.context)?;
        let parameters = [
            CParameter::CompressionLevel(search.level),
            CParameter::HashLog(search.hash_log),
            CParameter::ChainLog(search.chain_log),
            CParameter::SearchLog(search.search_log),
            CParameter::MinMatch(search.min_match),
        ];
        parameters
            .into_iter()
            .try_for_each(|parameter| context.set_parameter(parameter).map(|_| ()))
            .and_then(|()| {
                // A frame of several megabytes looks back to its beginning, whatever the level.
                let window_log = search.looks_back.then(|| window_log(bytes.len()));
                context.set_parameter(CParameter::WindowLog(window_log.unwrap_or(0)))
            })
            .and_then(|_| context.compress2(&mut self.buffer, bytes))
            .map_err(|code| match code {
                NO_MEMORY => no_context(),
                _ => Error::new(crate::ErrorKind::BadOption(format!(
                    "zstd at level {}: {}",
                    search.level,
                    text(code)
                ))),
            })?;
        Ok(&self.buffer)
    }
}

/// How matches are looked for. What is 0 is that of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchSearch {
    /// zstd's level.
    pub level: i32,
    /// Entries of the hash table, as a power of two.
    pub hash_log: u32,
    /// Entries of the table of chains or trees, as a power of two.
    pub chain_log: u32,
    /// Comparisons at each place, as a power of two.
    pub search_log: u32,
    /// Bytes of the shortest match.
    pub min_match: u32,
    /// Matches may begin as far back as the frame does, to 128 MiB.
    pub looks_back: bool,
}

impl MatchSearch {
    /// What zstd does at this level.
    #[must_use]
    pub const fn of_level(level: i32) -> Self {
        Self {
            level,
            hash_log: 0,
            chain_log: 0,
            search_log: 0,
            min_match: 0,
            looks_back: false,
        }
    }
}

/// The binary logarithm of the window that holds a text of `len` bytes.
pub(crate) fn window_log(len: usize) -> u32 {
    (usize::BITS - len.leading_zeros()).clamp(10, 27)
}

/// Longest text that is compressed as well as possible; longer ones take too long for that.
const MAX_BEST_LEN: usize = 1 << 20;
const BEST_LEVEL: i32 = 19;
const FAST_LEVEL: i32 = 12;
/// What repeats far back is looked for from this many bytes on.
const LONG_MATCH_LEN: u32 = 32;

impl Compressor {
    /// Compresses a text of up to 16 MiB to one frame, looking back to its beginning. The frame is valid until the next
    /// call.
    ///
    /// # Errors
    /// As [`Self::compress`].
    pub fn compress_long(&mut self, bytes: &[u8]) -> Result<&[u8]> {
        let is_short = bytes.len() <= MAX_BEST_LEN;
        let far = [
            CParameter::EnableLongDistanceMatching(true),
            CParameter::LdmMinMatch(LONG_MATCH_LEN),
        ];
        let context = made(&mut self.context)?;
        context.reset(ResetDirective::Parameters).map_err(refused)?;
        for parameter in far.into_iter().filter(|_| !is_short) {
            context.set_parameter(parameter).map_err(refused)?;
        }
        let search = MatchSearch {
            looks_back: !is_short,
            ..MatchSearch::of_level(if is_short { BEST_LEVEL } else { FAST_LEVEL })
        };
        self.compress_by(bytes, search)?;
        made(&mut self.context)?
            .reset(ResetDirective::Parameters)
            .map_err(refused)?;
        Ok(&self.buffer)
    }
}

/// The context, which is made if there is none.
fn made<'a>(context: &'a mut Option<CCtx<'static>>) -> Result<&'a mut CCtx<'static>> {
    if context.is_none() {
        *context = CCtx::try_create();
    }
    context.as_mut().ok_or_else(no_context)
}

/// The error for a code of the library.
pub(crate) fn refused(code: usize) -> Error {
    if code == NO_MEMORY {
        return no_context();
    }
    Error::new(crate::ErrorKind::BadOption(format!("zstd: {}", text(code))))
}

impl Default for Compressor {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Compressor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compressor").finish_non_exhaustive()
    }
}

/// Decodes one frame that holds exactly `len` bytes.
///
/// # Errors
/// `Corrupt` when the frame is damaged or holds another number of bytes.
pub fn decompress(frame: &[u8], len: u64) -> Result<Vec<u8>> {
    let bytes = decompress_at_most(frame, len)?;
    if bytes.len() as u64 == len {
        Ok(bytes)
    } else {
        Err(wrong_len(bytes.len() as u64, len))
    }
}

/// Decodes one frame that holds `max_len` bytes or fewer.
///
/// # Errors
/// `Corrupt` when the frame is damaged, holds more, or is followed by other bytes.
pub fn decompress_at_most(frame: &[u8], max_len: u64) -> Result<Vec<u8>> {
    match declared_len(frame, max_len)? {
        Some(len) => with_decompressor(|context| decompress_known(context, frame, len)),
        None => with_decompressor(|context| decompress_unknown(context, frame, max_len as usize)),
    }
}

/// Decodes one frame that holds exactly `len` bytes, block by block, as long as `wants_more` when it is given what came last.
///
/// Fewer than `len` bytes are the beginning, and nothing is known of what follows. A frame that is read to its end is checked as
/// [`decompress`] does.
///
/// # Errors
/// `Corrupt` when the frame is damaged as far as it was read, or declares another number of bytes.
pub fn decompress_while(
    frame: &[u8],
    len: u64,
    mut wants_more: impl FnMut(&[u8]) -> bool,
) -> Result<Vec<u8>> {
    match declared_len(frame, len)? {
        Some(declared) if declared as u64 == len => {
            with_decompressor(|context| decompress_blocks(context, frame, declared, wants_more))
        }
        Some(declared) => Err(wrong_len(declared as u64, len)),
        None => {
            let bytes = decompress(frame, len)?;
            wants_more(&bytes);
            Ok(bytes)
        }
    }
}

/// The size that a frame declares, if it does: `max_len` at most, and no more than it can hold.
fn declared_len(frame: &[u8], max_len: u64) -> Result<Option<usize>> {
    let content_len =
        zstd_safe::get_frame_content_size(frame).map_err(|_| Error::corrupt("not a zstd frame"))?;
    if max_len >= MAX_DECODED_LEN {
        return Err(Error::corrupt(format!("a size of {max_len} bytes is declared")));
    }
    match content_len {
        Some(len) if len > max_len => Err(wrong_len(len, max_len)),
        Some(len) if len > longest_content(frame) => Err(Error::corrupt(format!(
            "a zstd frame of {} bytes declares {len}",
            frame.len()
        ))),
        other => Ok(other.map(|len| len as usize)),
    }
}

/// Upper limit of what a frame of this length can decode to.
fn longest_content(frame: &[u8]) -> u64 {
    (frame.len() as u64 / MIN_BLOCK_LEN).saturating_mul(MAX_BLOCK_LEN)
}

/// Memory for so many bytes; what is not written of it is not touched.
fn room_for(len: usize) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    memory::ask(|| out.try_reserve_exact(len))
        .map_err(|_| Error::no_memory(format!("the {len} bytes of a frame")))?;
    Ok(out)
}

fn decompress_known(context: &mut DCtx<'static>, frame: &[u8], len: usize) -> Result<Vec<u8>> {
    let mut out = room_for(len)?;
    context.decompress(&mut out, frame).map_err(damaged)?;
    check_len(out, len)
}

/// The output is where zstd looks back to, so nothing is copied, and what is not decoded is not touched.
fn decompress_blocks(
    context: &mut DCtx<'static>,
    frame: &[u8],
    len: usize,
    mut wants_more: impl FnMut(&[u8]) -> bool,
) -> Result<Vec<u8>> {
    context
        .reset(ResetDirective::SessionAndParameters)
        .map_err(damaged)?;
    for parameter in [
        DParameter::StableOutBuffer(true),
        DParameter::WindowLogMax(MAX_WINDOW_LOG),
    ] {
        context.set_parameter(parameter).map_err(damaged)?;
    }
    let mut out = room_for(len)?;
    let mut read = 0;
    // As many bytes as the next step needs: no more than a block is decoded in one.
    let mut step = context.init().map_err(damaged)?;
    while step > 0 {
        let start = out.len();
        let mut input = InBuffer::around(&frame[read..frame.len().min(read + step)]);
        step = context
            .decompress_stream(&mut OutBuffer::around_pos(&mut out, start), &mut input)
            .map_err(damaged)?;
        read += input.pos();
        let is_enough = !wants_more(&out[start..]);
        if is_enough && step > 0 {
            out.shrink_to_fit();
            return Ok(out);
        }
        if step > 0 && read == frame.len() {
            return Err(Error::corrupt("a zstd frame is cut short"));
        }
    }
    check_end(frame, read)?;
    check_len(out, len)
}

fn check_len(out: Vec<u8>, len: usize) -> Result<Vec<u8>> {
    match out.len() == len {
        true => Ok(out),
        false => Err(wrong_len(out.len() as u64, len as u64)),
    }
}

fn check_end(frame: &[u8], read: usize) -> Result<()> {
    match read == frame.len() {
        true => Ok(()),
        false => Err(Error::corrupt("bytes follow a zstd frame")),
    }
}

fn decompress_unknown(context: &mut DCtx<'static>, frame: &[u8], max_len: usize) -> Result<Vec<u8>> {
    context
        .reset(ResetDirective::SessionAndParameters)
        .map_err(damaged)?;
    let mut out = Vec::new();
    let mut input = InBuffer::around(frame);
    loop {
        if out.len() == out.capacity() {
            // One byte above the limit, so that a frame that holds more is noticed.
            let growth = out.len().max(GROWTH_LEN).min(max_len + 1 - out.len());
            memory::ask(|| out.try_reserve_exact(growth)).map_err(|_| Error::no_memory("a zstd frame"))?;
        }
        let (read_before, written_before) = (input.pos(), out.len());
        let hint = {
            let mut output = OutBuffer::around_pos(&mut out, written_before);
            context
                .decompress_stream(&mut output, &mut input)
                .map_err(damaged)?
        };
        if out.len() > max_len {
            return Err(wrong_len(out.len() as u64, max_len as u64));
        }
        if hint == 0 {
            break;
        }
        if input.pos() == read_before && out.len() == written_before {
            return Err(Error::corrupt("a zstd frame is cut short"));
        }
    }
    check_end(frame, input.pos())?;
    Ok(out)
}

fn wrong_len(got: u64, expected: u64) -> Error {
    Error::corrupt(format!("a zstd frame holds {got} bytes, {expected} declared"))
}

fn damaged(code: usize) -> Error {
    if code == NO_MEMORY {
        return no_context();
    }
    Error::corrupt(format!("zstd: {}", text(code)))
}

fn text(code: usize) -> &'static str {
    zstd_safe::get_error_name(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Single segment, content size 9, one raw block: `collection-samples` of the test vector.
    const FRAME: [u8; 18] = [
        0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x09, 0x49, 0x00, 0x00, 0x04, b'r', 0, b's', 0, b't', 0, b'u', 0,
    ];

    #[test]
    fn a_frame_reads_back_only_at_its_own_size() {
        assert_eq!(decompress(&FRAME, 9).unwrap(), b"\x04r\0s\0t\0u\0");
        assert_eq!(decompress_at_most(&FRAME, 11).unwrap().len(), 9);
        for len in [0, 8, 10, u64::MAX] {
            assert!(decompress(&FRAME, len).is_err());
        }
        for end in 0..FRAME.len() {
            assert!(decompress(&FRAME[..end], 9).is_err());
        }
    }

    #[test]
    fn a_small_frame_cannot_ask_for_much_memory() {
        let mut frame = vec![0x28, 0xB5, 0x2F, 0xFD, 0xA0];
        frame.extend_from_slice(&0xF000_0000_u32.to_le_bytes());
        frame.extend_from_slice(&[0x49, 0, 0]);
        let error = decompress(&frame, 0xF000_0000).unwrap_err();
        assert!(error.to_string().contains("declares"), "{error}");
    }

    #[test]
    fn frames_carry_their_size_and_nothing_else() {
        let mut compressor = Compressor::new();
        for level in [1, 13, 19] {
            for bytes in [&b""[..], b"ACGT", &[7; 70_000]] {
                let frame = compressor.compress(bytes, level).unwrap();
                assert_eq!(
                    zstd_safe::get_frame_content_size(frame).unwrap(),
                    Some(bytes.len() as u64)
                );
                let (checksum, dictionary) = (frame[4] & 4, frame[4] & 3);
                assert_eq!((checksum, dictionary), (0, 0));
                assert_eq!(decompress(frame, bytes.len() as u64).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn long_texts_look_back_to_their_beginning() {
        let mut state = 1u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 56) as u8
        })
        .take(5 << 20)
        .collect();
        let mut compressor = Compressor::new();
        let twice = noise.repeat(2);
        let frame = compressor.compress_long(&twice).unwrap();
        assert!(frame.len() < noise.len() + noise.len() / 50);
        assert_eq!(decompress(frame, twice.len() as u64).unwrap(), twice);
        let short = compressor.compress_long(b"ACGT").unwrap();
        assert_eq!(decompress(short, 4).unwrap(), b"ACGT");
    }

    /// Bases that do not repeat.
    fn noise(len: usize) -> Vec<u8> {
        let mut state = 1u64;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            b"ACGT"[(state >> 62) as usize]
        })
        .take(len)
        .collect()
    }

    /// What is decoded until this many bytes are there.
    fn decompress_from(frame: &[u8], len: u64, n_wanted: usize) -> Result<Vec<u8>> {
        let mut n_seen = 0;
        decompress_while(frame, len, |bytes| {
            n_seen += bytes.len();
            n_seen < n_wanted
        })
    }

    #[test]
    fn a_frame_is_decoded_as_far_as_it_is_wanted() {
        let bytes = noise(1_000_000).repeat(2);
        let len = bytes.len() as u64;
        let mut compressor = Compressor::new();
        let frame = compressor.compress_long(&bytes).unwrap();
        for n_wanted in [0, 1, 131_072, 131_073, 700_000, 1_999_999, 2_000_000, usize::MAX] {
            let start = decompress_from(frame, len, n_wanted).unwrap();
            assert!(bytes.starts_with(&start));
            assert!(start.len() >= n_wanted.min(bytes.len()), "{n_wanted}");
            assert!(start.len() < n_wanted.saturating_add(1 << 17), "{n_wanted}");
            assert!(start.capacity() < start.len() + 100, "{n_wanted}");
            // The context is used for whole frames as well.
            assert_eq!(decompress(&FRAME, 9).unwrap().len(), 9);
        }
    }

    #[test]
    fn damage_is_told_as_far_as_a_frame_is_read() {
        let bytes = noise(400_000);
        let mut compressor = Compressor::new();
        let frame = compressor.compress(&bytes, 3).unwrap().to_vec();
        let half = frame.len() / 2;
        let whole = |frame: &[u8], len| decompress_from(frame, len, usize::MAX);
        assert!(decompress_from(&frame[..half], 400_000, 1000).is_ok());
        assert!(decompress_from(&frame[..half], 400_000, 300_000).is_err());
        for end in [0, 1, 4, 5, 8, 9, half, frame.len() - 1] {
            assert!(whole(&frame[..end], 400_000).is_err(), "{end}");
        }
        let longer = [&frame[..], &[0]].concat();
        assert!(whole(&longer, 400_000).is_err());
        for len in [0, 399_999, 400_001, u64::MAX] {
            assert!(decompress_from(&frame, len, 0).is_err(), "{len}");
        }
        let mut declares_more = frame;
        declares_more[5] += 1;
        assert!(whole(&declares_more, 400_001).is_err());
    }

    #[test]
    fn a_frame_without_size_is_decoded_whole() {
        let bytes = b"ACGTTTGACA".repeat(60_000);
        let mut frame = Vec::new();
        ::zstd::stream::copy_encode(&bytes[..], &mut frame, 3).unwrap();
        assert_eq!(decompress_from(&frame, 600_000, 1).unwrap(), bytes);
        assert!(decompress_from(&frame, 599_999, 1).is_err());
    }

    #[test]
    fn a_frame_without_size_is_decoded_up_to_the_limit() {
        let bytes = b"ACGTTTGACA".repeat(60_000);
        let mut frame = Vec::new();
        ::zstd::stream::copy_encode(&bytes[..], &mut frame, 3).unwrap();
        assert_eq!(zstd_safe::get_frame_content_size(&frame).unwrap(), None);
        assert_eq!(decompress(&frame, 600_000).unwrap(), bytes);
        assert!(decompress(&frame, 599_999).is_err());
        assert!(decompress(&frame, 600_001).is_err());
        for end in [0, 1, 5, 12, frame.len() - 1] {
            assert!(decompress(&frame[..end], 600_000).is_err());
        }
        frame.push(0);
        assert!(decompress(&frame, 600_000).is_err());
        assert_eq!(decompress(&FRAME, 9).unwrap().len(), 9, "the context recovers");
    }
}
