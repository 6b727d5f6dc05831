//! Kinds of members, by their first bytes.

use crate::file_kind::{BZIP2, GZIP, SKIPPABLE_END, XZ, ZSTD};
use crate::original::Packing;

/// Bytes by which kinds are told apart, and the header of a frame of zstd.
pub(in crate::fasta) const START_LEN: usize = 18;

/// A kind of member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fasta) enum MemberKind {
    Gzip,
    /// A block of BGZF: gzip of at most 64 KiB, with an extra field. The last one of a complete file is empty.
    Bgzf,
    Zstd,
    /// A frame of zstd that holds nothing of the text.
    Skippable,
    Xz,
    Bzip2,
}

impl MemberKind {
    /// The kind of a member that starts so.
    pub(in crate::fasta) fn of(start: &[u8]) -> Option<Self> {
        let is = |magic: &[u8]| start.starts_with(magic);
        Some(if is_bgzf(start) {
            Self::Bgzf
        } else if is(&GZIP[..2]) {
            Self::Gzip
        } else if is(ZSTD) {
            Self::Zstd
        } else if start.len() > SKIPPABLE_END.len() && begins_skippable(start) {
            Self::Skippable
        } else if is(XZ) {
            Self::Xz
        } else if is(BZIP2) && matches!(start.get(3), Some(b'1'..=b'9')) {
            Self::Bzip2
        } else {
            return None;
        })
    }

    /// Whether these bytes, the last ones, are the beginning of a member that is cut short.
    pub(super) fn is_cut_in(self, start: &[u8]) -> bool {
        let is_begun = start.len() <= self.magic().len() && self.magic().starts_with(start);
        is_begun || self.magic() == ZSTD && begins_skippable(start)
    }

    /// Whether a member of this kind seems to start here, but for one byte.
    pub(super) fn is_spoilt_in(self, start: &[u8]) -> bool {
        let magic = self.magic();
        let n_equal = magic.iter().zip(start).filter(|(a, b)| a == b).count();
        start.len() >= magic.len() && n_equal + 1 == magic.len()
    }

    /// Whether a member of this kind starts here, by more than gzip's two bytes: an index behind the members is no member.
    pub(super) fn surely_starts(self, start: &[u8]) -> bool {
        let is_gzip = || matches!(start, [_, _, _, 0..0x20, _, _, _, _, 0 | 2 | 4, 0..=13 | 255, ..]);
        start.starts_with(self.magic()) && (self.magic() != GZIP || is_gzip())
    }

    fn magic(self) -> &'static [u8] {
        match self {
            Self::Gzip | Self::Bgzf => GZIP,
            Self::Zstd | Self::Skippable => ZSTD,
            Self::Xz => XZ,
            Self::Bzip2 => BZIP2,
        }
    }

    /// How long a member that starts so says it is.
    pub(super) fn declared_len(self, start: &[u8]) -> Option<u64> {
        match (self, start) {
            (Self::Bgzf, [.., low, high]) if start.len() == START_LEN => {
                Some(u64::from(u16::from_le_bytes([*low, *high])) + 1)
            }
            _ => None,
        }
    }

    pub(super) fn packing(self) -> Packing {
        match self {
            Self::Gzip => Packing::Gzip,
            Self::Bgzf => Packing::Bgzf,
            Self::Zstd | Self::Skippable => Packing::Zstd,
            Self::Xz => Packing::Xz,
            Self::Bzip2 => Packing::Bzip2,
        }
    }
}

/// Whether a skippable frame may start so, of which perhaps not all bytes are there that tell it.
fn begins_skippable(start: &[u8]) -> bool {
    match start {
        [0x50..=0x5F, rest @ ..] => rest.iter().zip(SKIPPABLE_END).all(|(a, b)| a == b),
        _ => false,
    }
}

/// Whether gzip that starts so is BGZF: it has an extra field, of which the first is named `BC`.
fn is_bgzf(start: &[u8]) -> bool {
    let has_extra_field = start.get(3).is_some_and(|flags| flags & 4 != 0);
    start.starts_with(GZIP) && has_extra_field && start.get(12..16) == Some(b"BC\x02\0")
}
