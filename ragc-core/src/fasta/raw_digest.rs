//! The digest of a file as it lies there, taken while it is read.

use crate::lock::lock;
use crate::provenance::SourceFile;
use std::fmt;
use std::sync::{Arc, Mutex};
use xxhash_rust::xxh3::Xxh3;

/// XXH3 of 128 bits of all bytes of a source, and how many they are. Copies share them: the reader of a source has one, and who opened
/// it another.
///
/// SHA-256 is slower than a file of text is read where the processor has no instructions for it (docs/measurements.md, "Details of making archives");
/// this is to cost nothing.
#[derive(Clone)]
pub(crate) struct RawDigest(Arc<Mutex<DigestState>>);

struct DigestState {
    hasher: Box<Xxh3>,
    len: u64,
}

impl Default for RawDigest {
    fn default() -> Self {
        let state = DigestState {
            hasher: Box::new(Xxh3::new()),
            len: 0,
        };
        Self(Arc::new(Mutex::new(state)))
    }
}

impl RawDigest {
    /// Takes the next bytes.
    pub(crate) fn push(&self, bytes: &[u8]) {
        let mut state = lock(&self.0);
        state.hasher.update(bytes);
        state.len += bytes.len() as u64;
    }

    /// Tells the size and the digest of a file, all of which has been read.
    pub(crate) fn describe(&self, file: &mut SourceFile) {
        let state = lock(&self.0);
        file.size = Some(state.len);
        file.xxh3 = Some(state.hasher.digest128());
    }
}

impl fmt::Debug for RawDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawDigest").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The XXH3 of nothing is as the program of its author prints it.
    #[test]
    fn it_is_the_digest_that_others_take() {
        let digest = RawDigest::default();
        let mut file = SourceFile::default();
        digest.describe(&mut file);
        assert_eq!(file.size, Some(0));
        assert_eq!(
            file.xxh3_hex().as_deref(),
            Some("99aa06d3014798d86001c324468d497f")
        );
        let whole = RawDigest::default();
        whole.push(b">a\nACGT\n");
        digest.push(b">a\nA");
        digest.clone().push(b"CGT\n");
        let mut other = SourceFile::default();
        whole.describe(&mut other);
        digest.describe(&mut file);
        assert_eq!((file.size, &file.xxh3), (Some(8), &other.xxh3));
        assert_ne!(file.xxh3, None);
    }
}
