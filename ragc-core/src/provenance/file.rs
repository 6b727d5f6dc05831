//! The files of a sample.

use crate::provenance::stamps::Provenance;

/// A file that a sample, or a part of it, was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceFile {
    /// Its path as it was given, or what messages call it.
    pub path: Vec<u8>,
    /// The file in it, if it is a tar archive.
    pub member: Option<Vec<u8>>,
    /// Its bytes.
    pub size: Option<u64>,
    /// When it was changed: nanoseconds since 1970.
    pub modified: Option<i64>,
    /// XXH3 of 128 bits of the bytes as they lay there: compressed ones as they are, those of the member of a tar archive. None where a
    /// sample is not all of the file.
    pub xxh3: Option<u128>,
}

impl SourceFile {
    /// Its digest in hexadecimal digits, as `xxhsum -H2` prints it.
    #[must_use]
    pub fn xxh3_hex(&self) -> Option<String> {
        self.xxh3.map(|digest| format!("{digest:032x}"))
    }

    /// What is still true of it when the sample is not as it was read any more: nothing by which the sample could be known.
    pub(crate) fn of_other_content(&self) -> Self {
        Self {
            path: self.path.clone(),
            member: self.member.clone(),
            ..Self::default()
        }
    }
}

/// Where a sample came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SampleSource {
    /// When it was stored: seconds since 1970.
    pub stored: u64,
    /// Its files, in their order.
    pub files: Vec<SourceFile>,
}

impl SampleSource {
    /// These files, stored by a run.
    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(crate) fn of(run: &Provenance, files: Vec<SourceFile>) -> Self {
        Self {
            stored: run.time,
            files,
        }
    }
}
