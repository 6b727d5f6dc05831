//! The digest of a sequence collection.

use super::digester::sha512t24u;
use super::sequence::SequenceDigest;
use serde_json::{Value, json};

/// The digest of a sample as a refget sequence collection, over the names and the sequences of its contigs in their order.
/// Names are those of the first words of headers; bytes that are no UTF-8 are replaced.
pub fn seqcol<'a>(contigs: impl IntoIterator<Item = (&'a [u8], &'a SequenceDigest)>) -> String {
    let (names, sequences): (Vec<Value>, Vec<Value>) = contigs
        .into_iter()
        .map(|(name, digest)| {
            let name = String::from_utf8_lossy(name).into_owned();
            (Value::String(name), Value::String(digest.refget()))
        })
        .unzip();
    // The attributes that the specification makes part of the identity, their names in ascending order, as its canonical
    // form of JSON wants it.
    let attributes = json!({
        "names": digest_of(&Value::Array(names)),
        "sequences": digest_of(&Value::Array(sequences)),
    });
    digest_of(&attributes)
}

/// Strings alone are written, and objects with sorted keys: without blanks that is the canonical form (RFC 8785).
fn digest_of(value: &Value) -> String {
    sha512t24u(value.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digester;

    #[test]
    fn the_digest_is_that_of_the_documentation_of_refget() {
        let mut digester = Digester::default();
        let mut digest = |sequence: &[u8]| {
            digester.push(sequence);
            digester.take()
        };
        let digests = [digest(b"TTGGGGAA"), digest(b"GGAA"), digest(b"GCGC")];
        let names: [&[u8]; 3] = [b"chrX", b"chr1", b"chr2"];
        assert_eq!(digests[1].refget(), "SQ.YBbVX0dLKG1ieEDCiMmkrTZFt_Z5Vdaj");
        assert_eq!(
            seqcol(names.into_iter().zip(&digests)),
            "XZlrcEGi6mlopZ2uD8ObHkQB1d0oDwKk"
        );
    }
}
