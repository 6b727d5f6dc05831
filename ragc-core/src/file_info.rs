//! Key-value pairs about the file: the format version, and who made it.

use crate::bytes::{Cursor, put_string};
use crate::container::names::GroupNaming;
use crate::error::{Error, ErrorKind, Result};
use crate::lz_diff::Dialect;

/// Generation of the format, decided once when an archive is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatVersion {
    /// File version 1.x: collection in one stream, deltas without `!` and open matches.
    V1,
    /// File version 2.x: details in batches.
    V2,
    /// File version 3.x: names and details in batches; the one that ragc writes.
    V3,
}

impl FormatVersion {
    /// How the streams of groups are named.
    #[must_use]
    pub const fn group_naming(self) -> GroupNaming {
        match self {
            Self::V1 | Self::V2 => GroupNaming::Decimal,
            Self::V3 => GroupNaming::Base64,
        }
    }

    /// The tokens that deltas are made of.
    #[must_use]
    pub const fn delta_dialect(self) -> Dialect {
        match self {
            Self::V1 => Dialect::Closed,
            Self::V2 | Self::V3 => Dialect::Full,
        }
    }
}

/// The pairs of the `file_type_info` stream, in file order.
///
/// # Shape
/// Metadata is the number of pairs; the payload is key, NUL, value, NUL for each.
///
/// # Source
/// FORMAT.md, "`file_type_info`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    pairs: Vec<(Vec<u8>, Vec<u8>)>,
}

const MAJOR: &str = "file_version_major";
const MINOR: &str = "file_version_minor";

impl FileInfo {
    /// What ragc writes: version 3.0, and itself as the producer.
    #[must_use]
    pub fn of_this_program() -> Self {
        let pairs = [
            ("comment", concat!("ragc v. ", env!("CARGO_PKG_VERSION"))),
            (MAJOR, "3"),
            (MINOR, "0"),
            ("producer", "ragc"),
            ("producer_version_build", env!("CARGO_PKG_VERSION_PATCH")),
            ("producer_version_major", env!("CARGO_PKG_VERSION_MAJOR")),
            ("producer_version_minor", env!("CARGO_PKG_VERSION_MINOR")),
        ];
        Self {
            pairs: pairs.map(|(key, value)| (key.into(), value.into())).to_vec(),
        }
    }

    /// Reads the pairs; `n_pairs` is the metadata of the part.
    ///
    /// # Errors
    /// `Truncated` when there are fewer pairs, `Corrupt` when bytes follow them.
    pub fn decode(n_pairs: u64, payload: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(payload, "file information");
        let mut pairs = Vec::new();
        // Each pair takes two bytes at least, so a wrong count runs out of bytes.
        for _ in 0..n_pairs {
            pairs.push((cursor.string()?.to_vec(), cursor.string()?.to_vec()));
        }
        cursor.finish()?;
        Ok(Self { pairs })
    }

    /// Writes the pairs: metadata and payload of the part.
    #[must_use]
    pub fn encode(&self) -> (u64, Vec<u8>) {
        let mut payload = Vec::new();
        for (key, value) in &self.pairs {
            put_string(&mut payload, key);
            put_string(&mut payload, value);
        }
        (self.pairs.len() as u64, payload)
    }

    /// Value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        let pair = self.pairs.iter().find(|(k, _)| k == key.as_bytes());
        pair.map(|(_, value)| value.as_slice())
    }

    /// Which generation of the format the archive follows.
    ///
    /// # Errors
    /// `Corrupt` when the version is missing or no number; `Unsupported` for version 4 and later.
    pub fn version(&self) -> Result<FormatVersion> {
        let (major, minor) = (self.number(MAJOR)?, self.number(MINOR)?);
        match major.saturating_mul(1000).saturating_add(minor) {
            0..2000 => Ok(FormatVersion::V1),
            2000..3000 => Ok(FormatVersion::V2),
            3000..4000 => Ok(FormatVersion::V3),
            _ => Err(Error::new(ErrorKind::Unsupported(format!(
                "an archive of file version {major}.{minor}"
            )))),
        }
    }

    fn number(&self, key: &str) -> Result<u32> {
        let text = self.get(key).ok_or_else(|| Error::corrupt(format!("no {key}")))?;
        let number = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        number
            .ok_or_else(|| Error::corrupt(format!("{key} is no number: {:?}", String::from_utf8_lossy(text))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &[u8] = b"file_version_major\x003\0file_version_minor\x000\0producer\0agc\0";

    #[test]
    fn reads_and_writes_the_same_bytes() {
        let info = FileInfo::decode(3, PAIRS).unwrap();
        assert_eq!(info.get("producer"), Some(&b"agc"[..]));
        assert_eq!(info.version().unwrap(), FormatVersion::V3);
        assert_eq!(info.encode(), (3, PAIRS.to_vec()));
        for end in 0..PAIRS.len() {
            assert!(FileInfo::decode(3, &PAIRS[..end]).is_err());
        }
        assert!(FileInfo::decode(2, PAIRS).is_err());
        assert!(FileInfo::decode(u64::MAX, PAIRS).is_err());
    }

    #[test]
    fn the_version_is_decided_by_thousands() {
        let info = |major: &str, minor: &str| {
            let payload = format!("{MAJOR}\0{major}\0{MINOR}\0{minor}\0");
            FileInfo::decode(2, payload.as_bytes()).unwrap().version()
        };
        assert_eq!(info("1", "1").unwrap(), FormatVersion::V1);
        assert_eq!(info("2", "7").unwrap(), FormatVersion::V2);
        assert_eq!(info("3", "99").unwrap(), FormatVersion::V3);
        assert!(matches!(
            info("4", "0").unwrap_err().kind(),
            ErrorKind::Unsupported(_)
        ));
        assert!(info("4294967295", "4294967295").is_err());
        assert!(info("three", "0").is_err());
        assert!(FileInfo::decode(0, b"").unwrap().version().is_err());
    }

    #[test]
    fn our_pairs_are_sorted_and_of_version_3() {
        let info = FileInfo::of_this_program();
        assert!(info.pairs.is_sorted());
        assert_eq!(info.pairs.len(), 7);
        assert_eq!(info.version().unwrap(), FormatVersion::V3);
    }
}
