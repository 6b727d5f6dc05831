//! How an output is packed, and the stream that does it.

use std::ffi::OsStr;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ragc_core::internals::memory;

use crate::out::bgzf::BgzfWriter;
use crate::out::latch::Latched;

/// Level of BGZF and gzip where none is asked for, as that of `bgzip`.
const DEFAULT_DEFLATE_LEVEL: u32 = 6;
/// Level of zstd: its own default.
const ZSTD_LEVEL: i32 = 3;

/// How an output is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputPacking {
    /// Not at all.
    Plain,
    /// One gzip stream.
    Gzip { level: u32 },
    /// Gzip in blocks that can be read from anywhere.
    Bgzf { level: u32, n_threads: NonZeroUsize },
    /// One zstd frame.
    Zstd,
}

/// From AGC's level: 0 is plain, anything else gzip.
impl From<u32> for OutputPacking {
    fn from(level: u32) -> Self {
        match level {
            0 => Self::Plain,
            level => Self::Gzip { level },
        }
    }
}

impl OutputPacking {
    /// BGZF at the default level, or the one given.
    pub(crate) fn bgzf(level: Option<u32>, n_threads: NonZeroUsize) -> Self {
        Self::Bgzf {
            level: level.unwrap_or(DEFAULT_DEFLATE_LEVEL),
            n_threads,
        }
    }

    /// What the ending of a name asks for.
    pub(crate) fn of_name(path: &Path, n_threads: NonZeroUsize) -> Self {
        match path.extension().and_then(OsStr::to_str) {
            Some("gz" | "bgz") => Self::bgzf(None, n_threads),
            Some("zst") => Self::Zstd,
            _ => Self::Plain,
        }
    }

    /// Whether positions in the text can be found without unpacking everything before them.
    pub(crate) fn is_seekable(self) -> bool {
        matches!(self, Self::Plain | Self::Bgzf { .. })
    }
}

/// Text on its way into a target.
pub(super) enum Packer {
    Plain(BufWriter<Latched>),
    Gzip(Box<GzEncoder<BufWriter<Latched>>>),
    Bgzf(Box<BgzfWriter<BufWriter<Latched>>>),
    Zstd(Box<zstd::Encoder<'static, BufWriter<Latched>>>),
}

impl Packer {
    pub(super) fn new(target: Latched, packing: OutputPacking) -> io::Result<Self> {
        let buffered = BufWriter::with_capacity(1 << 16, target);
        Ok(match packing {
            OutputPacking::Plain => Self::Plain(buffered),
            OutputPacking::Gzip { level } => {
                let gzip = memory::make(|| GzEncoder::new(buffered, Compression::new(level)));
                Self::Gzip(Box::new(gzip?))
            }
            OutputPacking::Bgzf { level, n_threads } => {
                Self::Bgzf(Box::new(BgzfWriter::new(buffered, level, n_threads)))
            }
            OutputPacking::Zstd => {
                let mut encoder = memory::make(|| zstd::Encoder::new(buffered, ZSTD_LEVEL))??;
                encoder.include_checksum(true)?;
                Self::Zstd(Box::new(encoder))
            }
        })
    }

    pub(super) fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(buf),
            Self::Gzip(out) => out.write(buf),
            Self::Bgzf(out) => out.write(buf),
            Self::Zstd(out) => out.write(buf),
        }
    }

    /// Writes everything, and the mark that ends the packed text.
    pub(super) fn finish(self) -> io::Result<Latched> {
        let buffered = match self {
            Self::Plain(buffered) => buffered,
            Self::Gzip(gzip) => gzip.finish()?,
            Self::Bgzf(bgzf) => bgzf.finish()?,
            Self::Zstd(zstd) => zstd.finish()?,
        };
        buffered.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_packing() {
        let one = NonZeroUsize::MIN;
        let of = |name: &str| OutputPacking::of_name(Path::new(name), one);
        assert_eq!(of("a.fa"), OutputPacking::Plain);
        assert_eq!(of("gz"), OutputPacking::Plain);
        assert_eq!(of("a.fa.gz"), OutputPacking::bgzf(None, one));
        assert_eq!(of("a.bgz"), OutputPacking::bgzf(None, one));
        assert_eq!(of("a.fa.zst"), OutputPacking::Zstd);
        assert_eq!(OutputPacking::from(0), OutputPacking::Plain);
        assert!(!OutputPacking::from(3).is_seekable() && of("a.bgz").is_seekable());
    }
}
