//! Digests are taken of letters that come piece by piece.

use super::sequence::{REFGET_LEN, SequenceDigest};
use crate::alphabet::is_blank;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use md5::Md5;
use sha2::{Digest, Sha512};

/// Letters are turned to upper case in pieces of this many.
const PIECE_LEN: usize = 1 << 12;

/// The first 24 bytes of the SHA-512 of `bytes`, in base64url: how refget names everything.
pub(super) fn sha512t24u(bytes: &[u8]) -> String {
    URL_SAFE.encode(first_bytes(&Sha512::digest(bytes)))
}

fn first_bytes(sha512: &[u8]) -> [u8; REFGET_LEN] {
    let mut first = [0; REFGET_LEN];
    first.copy_from_slice(&sha512[..REFGET_LEN]);
    first
}

/// Takes the digests of a sequence that comes piece by piece.
#[derive(Debug, Default)]
pub struct Digester {
    sha512: Sha512,
    md5: Md5,
    letters: Vec<u8>,
}

impl Digester {
    /// Begins, where digests can be taken.
    #[expect(clippy::unnecessary_wraps, reason = "as without the feature")]
    pub(crate) fn start() -> Option<Self> {
        Some(Self::default())
    }

    /// Takes the next letters, of either case; blanks do not count.
    pub fn push(&mut self, text: &[u8]) {
        for piece in text.chunks(PIECE_LEN) {
            self.letters.clear();
            let letters = piece.iter().filter(|byte| !is_blank(**byte));
            self.letters.extend(letters.map(u8::to_ascii_uppercase));
            self.sha512.update(&self.letters);
            self.md5.update(&self.letters);
        }
    }

    /// The digests of all letters so far, which are forgotten.
    pub fn take(&mut self) -> SequenceDigest {
        SequenceDigest {
            sha512t24: first_bytes(&self.sha512.finalize_reset()),
            md5: self.md5.finalize_reset().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_the_specification() {
        let mut digester = Digester::default();
        digester.push(b"ac g");
        digester.push(b"\tT");
        let digest = digester.take();
        assert_eq!(digest.refget(), "SQ.aKF498dAxcJAqme6QYQ7EZ07-fiw8Kw2");
        assert_eq!(digest.md5_hex(), "f1f8f4bf413b16ad135722aa4591043e");
        let empty = digester.take();
        assert_eq!(empty.md5_hex(), "d41d8cd98f00b204e9800998ecf8427e");
    }
}
