//! Decoders of one member, all of them driven alike.

use super::errors::{damaged, needs_memory};
use super::kind::MemberKind;
use bzip2::Decompress as Bzip2;
use flate2::{Decompress as Inflate, FlushDecompress, Status};
use liblzma::stream as xz;
use std::fmt;
use std::io;
use zstd::stream::raw::{DParameter, Decoder as Zstd, Operation};

/// The longest window of zstd that this machine can have, as a power of two: `window.rs` has the limit.
const MAX_WINDOW_LOG: u32 = if cfg!(target_pointer_width = "64") { 31 } else { 30 };

/// Bits of the window of gzip.
const GZIP_WINDOW_BITS: u8 = 15;

/// Decodes one member.
pub(super) enum Decoder {
    Gzip(Inflate),
    Zstd(Zstd<'static>),
    Xz(xz::Stream),
    Bzip2(Bzip2),
}

/// What a step of decoding did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DecodeStep {
    pub(super) n_read: usize,
    pub(super) n_written: usize,
    /// The member is complete.
    pub(super) is_end: bool,
}

impl Decoder {
    /// A decoder for a member of this kind, out of the last one if that will do.
    pub(super) fn new(kind: MemberKind, last: Option<Self>, memory: u64) -> io::Result<Self> {
        Ok(match (kind, last) {
            (MemberKind::Gzip | MemberKind::Bgzf, _) => Self::Gzip(Inflate::new_gzip(GZIP_WINDOW_BITS)),
            (MemberKind::Zstd | MemberKind::Skippable, Some(zstd @ Self::Zstd(_))) => zstd,
            (MemberKind::Zstd | MemberKind::Skippable, _) => {
                let mut zstd = Zstd::new()?;
                zstd.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG))?;
                Self::Zstd(zstd)
            }
            (MemberKind::Xz, _) => {
                Self::Xz(xz::Stream::new_stream_decoder(memory, 0).map_err(|error| xz_error(error, None))?)
            }
            (MemberKind::Bzip2, _) => Self::Bzip2(Bzip2::new(false)),
        })
    }

    /// Decodes from `input` to `output`, of which neither is empty, but for the input at its end.
    pub(super) fn step(&mut self, input: &[u8], output: &mut [u8]) -> io::Result<DecodeStep> {
        match self {
            Self::Gzip(inflate) => {
                let before = (inflate.total_in(), inflate.total_out());
                let status = inflate
                    .decompress(input, output, FlushDecompress::None)
                    .map_err(damaged)?;
                let after = (inflate.total_in(), inflate.total_out());
                Ok(DecodeStep::between(before, after, status == Status::StreamEnd))
            }
            Self::Zstd(zstd) => {
                let status = zstd.run_on_buffers(input, output).map_err(damaged)?;
                Ok(DecodeStep {
                    n_read: status.bytes_read,
                    n_written: status.bytes_written,
                    is_end: status.remaining == 0,
                })
            }
            Self::Xz(xz) => {
                let before = (xz.total_in(), xz.total_out());
                let status = xz.process(input, output, xz::Action::Run);
                let status = status.map_err(|error| xz_error(error, Some(xz)))?;
                let after = (xz.total_in(), xz.total_out());
                Ok(DecodeStep::between(
                    before,
                    after,
                    status == xz::Status::StreamEnd,
                ))
            }
            Self::Bzip2(bzip2) => {
                let before = (bzip2.total_in(), bzip2.total_out());
                let status = bzip2.decompress(input, output).map_err(damaged)?;
                if status == bzip2::Status::MemNeeded {
                    return Err(io::ErrorKind::OutOfMemory.into());
                }
                let after = (bzip2.total_in(), bzip2.total_out());
                Ok(DecodeStep::between(
                    before,
                    after,
                    status == bzip2::Status::StreamEnd,
                ))
            }
        }
    }
}

impl DecodeStep {
    fn between(before: (u64, u64), after: (u64, u64), is_end: bool) -> Self {
        Self {
            n_read: (after.0 - before.0) as usize,
            n_written: (after.1 - before.1) as usize,
            is_end,
        }
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip(_) => "Gzip",
            Self::Zstd(_) => "Zstd",
            Self::Xz(_) => "Xz",
            Self::Bzip2(_) => "Bzip2",
        })
    }
}

/// What is beyond a limit is told as that, and how much would be needed.
fn xz_error(error: xz::Error, stream: Option<&mut xz::Stream>) -> io::Error {
    match error {
        xz::Error::MemLimit => needs_memory("xz", stream.and_then(needed)),
        xz::Error::Mem => io::ErrorKind::OutOfMemory.into(),
        other => damaged(other),
    }
}

/// Memory that is enough for a stream, as a power of two.
fn needed(stream: &mut xz::Stream) -> Option<u64> {
    (20..40)
        .map(|log| 1 << log)
        .find(|memory| stream.set_memlimit(*memory).is_ok())
}
