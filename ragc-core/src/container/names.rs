//! Names of the streams.
//!
//! A group has a stream for its reference and one for its packs; their names carry the group number, in a way that
//! depends on the file version, see [`GroupNaming`].

/// Name of the stream of sample names.
pub const COLLECTION_SAMPLES: &str = "collection-samples";
/// Name of the stream of contig names, one part per batch.
pub const COLLECTION_CONTIGS: &str = "collection-contigs";
/// Name of the stream of segment descriptors, one part per batch.
pub const COLLECTION_DETAILS: &str = "collection-details";
/// Name of the stream of the whole collection in file version 1.
pub const COLLECTION_DESC: &str = "collection-desc";
/// Name of the stream of all names and numbers of segments in file version 2.
pub const COLLECTION_MAIN: &str = "collection-main";
/// Name of the stream of the four parameters.
pub const PARAMS: &str = "params";
/// Name of the stream of splitters.
pub const SPLITTERS: &str = "splitters";
/// Name of the stream that maps pairs of splitters to groups.
pub const SEGMENT_SPLITTERS: &str = "segment-splitters";
/// Name of the stream of key-value pairs, the format version among them.
pub const FILE_INFO: &str = "file_type_info";

/// Name of the stream that tells of the file before it was changed in place; other programs do not know it.
pub const PREVIOUS: &str = "ragc.previous";
/// Name of the stream of the index in front of a streamable archive; other programs do not know it.
pub const FRONT_INDEX: &str = "ragc.front-index";
/// Name of the stream of the checksums of all parts; other programs do not know it.
pub const SUMS: &str = "ragc.sums";
/// Name of the stream of checksums of decoded sequence; other programs do not know it.
pub const SEQUENCE_SUMS: &str = "ragc.sequence-sums";

/// Name of the stream of refget and MD5 digests; other programs do not know it.
pub const DIGESTS: &str = "ragc.digests";

/// Name of the stream of residues that are no nucleotide code; other programs do not know it.
pub const ODD: &str = "ragc.odd";
/// Name of the stream of lower case; other programs do not know it.
pub const CASE: &str = "ragc.case";
/// Name of the stream of the layout of files; other programs do not know it.
pub const LAYOUT: &str = "ragc.layout";

/// Name of the stream of header lines that the collection cannot hold; other programs do not know it.
pub const NAMES: &str = "ragc.names";

/// Name of the stream of the files that samples came from; other programs do not know it.
pub const SOURCES: &str = "ragc.sources";

/// Name of the stream of the commands that an archive was made by; other programs do not know it.
pub const HISTORY: &str = "ragc.history";

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_#";

/// How the streams of groups are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupNaming {
    /// File versions 1 and 2: `seg-64-ref` and `seg-64-delta`.
    Decimal,
    /// File version 3: the number in base 64, *least* significant digit first. Group 64 is `x01r` and `x01d`.
    Base64,
}

impl GroupNaming {
    /// Name of the stream that holds the reference of a group.
    #[must_use]
    pub fn reference_stream(self, group: u32) -> String {
        match self {
            Self::Decimal => format!("seg-{group}-ref"),
            Self::Base64 => reference_stream(group),
        }
    }

    /// Name of the stream that holds the packs of a group.
    #[must_use]
    pub fn delta_stream(self, group: u32) -> String {
        match self {
            Self::Decimal => format!("seg-{group}-delta"),
            Self::Base64 => delta_stream(group),
        }
    }

    /// Which group a stream belongs to; `None` for streams of another kind.
    #[must_use]
    pub fn group_of(self, name: &[u8]) -> Option<GroupStream> {
        match self {
            Self::Decimal => decimal_group_of(name),
            Self::Base64 => group_of(name),
        }
    }
}

fn decimal_group_of(name: &[u8]) -> Option<GroupStream> {
    let (number, kind) = std::str::from_utf8(name)
        .ok()?
        .strip_prefix("seg-")?
        .split_once('-')?;
    let group = number.parse().ok()?;
    let (stream, written) = match kind {
        "ref" => (
            GroupStream::Reference(group),
            GroupNaming::Decimal.reference_stream(group),
        ),
        "delta" => (
            GroupStream::Deltas(group),
            GroupNaming::Decimal.delta_stream(group),
        ),
        _ => return None,
    };
    // A number with zeros in front is a name that nobody looks up.
    (written.as_bytes() == name).then_some(stream)
}

/// Name of the stream that holds the reference of a group, in file version 3.
#[must_use]
pub fn reference_stream(group: u32) -> String {
    base64_stream(group, 'r')
}

/// Name of the stream that holds the packs of a group, in file version 3.
#[must_use]
pub fn delta_stream(group: u32) -> String {
    base64_stream(group, 'd')
}

fn base64_stream(group: u32, kind: char) -> String {
    let mut name = String::with_capacity(8);
    name.push('x');
    let mut left = group as usize;
    loop {
        name.push(char::from(DIGITS[left % 64]));
        left /= 64;
        if left == 0 {
            break;
        }
    }
    name.push(kind);
    name
}

/// A stream of a group, by what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupStream {
    /// The reference of this group.
    Reference(u32),
    /// The packs of this group.
    Deltas(u32),
}

/// Which group a stream of file version 3 belongs to; `None` for streams of another kind.
#[must_use]
pub fn group_of(name: &[u8]) -> Option<GroupStream> {
    let [b'x', digits @ .., kind] = name else {
        return None;
    };
    let group = digits.iter().rev().try_fold(0u32, |group, digit| {
        let digit = DIGITS.iter().position(|known| known == digit)?;
        group.checked_mul(64)?.checked_add(digit as u32)
    })?;
    let (stream, written) = match kind {
        b'r' => (GroupStream::Reference(group), reference_stream(group)),
        b'd' => (GroupStream::Deltas(group), delta_stream(group)),
        _ => return None,
    };
    // A number with zeros in front is a name that nobody looks up.
    (written.as_bytes() == name).then_some(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_numbers_are_written_least_significant_digit_first() {
        let cases = [
            (0, "x0r"),
            (15, "xFr"),
            (16, "xGr"),
            (62, "x_r"),
            (63, "x#r"),
            (64, "x01r"),
            (65, "x11r"),
            (127, "x#1r"),
            (4096, "x001r"),
        ];
        for (group, name) in cases {
            assert_eq!(reference_stream(group), name);
        }
        assert_eq!(delta_stream(64), "x01d");
        assert_eq!(delta_stream(u32::MAX), "x#####3d");
        assert_eq!(GroupNaming::Base64.delta_stream(64), "x01d");
        assert_eq!(GroupNaming::Decimal.reference_stream(64), "seg-64-ref");
        assert_eq!(GroupNaming::Decimal.delta_stream(0), "seg-0-delta");
    }
    #[test]
    fn group_numbers_are_read_back_from_names() {
        for group in [0, 15, 16, 63, 64, 4095, 4096, u32::MAX] {
            assert_eq!(
                group_of(reference_stream(group).as_bytes()),
                Some(GroupStream::Reference(group))
            );
            assert_eq!(
                group_of(delta_stream(group).as_bytes()),
                Some(GroupStream::Deltas(group))
            );
        }
        for name in [
            "", "x", "xr", "xGq", "yGr", "xG0r", "x######r", "x-r", "params", "xG\0r",
        ] {
            assert_eq!(group_of(name.as_bytes()), None, "{name}");
        }
        let decimal = |name: &str| GroupNaming::Decimal.group_of(name.as_bytes());
        assert_eq!(decimal("seg-0-ref"), Some(GroupStream::Reference(0)));
        assert_eq!(decimal("seg-64-delta"), Some(GroupStream::Deltas(64)));
        for name in [
            "seg-064-ref",
            "seg--1-ref",
            "seg-+1-ref",
            "seg-1-",
            "seg-4294967296-ref",
            "x0d",
        ] {
            assert_eq!(decimal(name), None, "{name}");
        }
    }
}
