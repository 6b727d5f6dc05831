//! What names one sequence.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

/// Bytes of a SHA-512 that refget keeps.
pub(super) const REFGET_LEN: usize = 24;
pub(super) const MD5_LEN: usize = 16;

/// What names a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequenceDigest {
    /// The first 24 bytes of the SHA-512.
    pub sha512t24: [u8; REFGET_LEN],
    /// The MD5.
    pub md5: [u8; MD5_LEN],
}

impl SequenceDigest {
    /// The refget identifier: `SQ.` and the digest in base64url.
    #[must_use]
    pub fn refget(&self) -> String {
        format!("SQ.{}", URL_SAFE.encode(self.sha512t24))
    }

    /// The MD5 in hexadecimal digits, lower case, as SAM headers have it.
    #[must_use]
    pub fn md5_hex(&self) -> String {
        self.md5.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
