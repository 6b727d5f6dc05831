//! What tells an object from all others, and is the same when it is asked for again.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::address::Address;
use crate::block_cache::names::OBJECT_LEN;
use crate::identity::Identity;

/// How parameters begin that say who asks, and until when: those of S3 and of Google.
const OF_SIGNATURES: [&str; 2] = ["x-amz-", "x-goog-"];

/// Parameters of another signature.
struct Signature {
    /// Those by which it is known: all of one of these.
    known_by: &'static [[&'static str; 2]],
    all: &'static [&'static str],
}

/// Their names are short and may mean anything elsewhere, so they are left out only where a signature is known.
const SIGNATURES: [Signature; 2] = [
    // S3 and Google as they were, and CloudFront.
    Signature {
        known_by: &[
            ["awsaccesskeyid", "signature"],
            ["googleaccessid", "signature"],
            ["key-pair-id", "signature"],
        ],
        all: &[
            "awsaccesskeyid",
            "googleaccessid",
            "key-pair-id",
            "signature",
            "expires",
            "policy",
        ],
    },
    // Azure.
    Signature {
        known_by: &[["sig", "sv"]],
        all: &[
            "sig", "se", "st", "sp", "sv", "sr", "spr", "skoid", "sktid", "skt", "ske", "sks", "skv", "ss",
            "srt", "sip",
        ],
    },
];

/// The name of an object's folder: a digest, of which nobody learns anything. `place` tells which servers have it. None of an object that nothing tells from
/// the next one of its name.
pub(super) fn of_object(address: &Address, place: &str, identity: &Identity) -> Option<String> {
    let version = identity.version()?;
    let query = lasting(address.url().query().unwrap_or_default());
    let len = identity.len().to_string();
    // Each with its length, so that none can look like another one and a part of the next. Who may not read the object is not told its ETag.
    let mut digest = Sha256::new();
    for part in [address.place().as_str(), &query, place, &version, &len] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    let mut name = String::new();
    for byte in &digest.finalize()[..OBJECT_LEN / 2] {
        let _ = write!(name, "{byte:02x}");
    }
    Some(name)
}

/// What of a query is the same when a URL is signed anew.
fn lasting(query: &str) -> String {
    let parameters: Vec<(String, &str)> = query
        .split('&')
        .map(|parameter| (name_of(parameter), parameter))
        .collect();
    let has = |name: &&str| parameters.iter().any(|(other, _)| other == name);
    let is_there = |signature: &&Signature| signature.known_by.iter().any(|names| names.iter().all(has));
    let signatures: Vec<&Signature> = SIGNATURES.iter().filter(is_there).collect();
    let is_of_signature = |name: &str| {
        OF_SIGNATURES.iter().any(|start| name.starts_with(start))
            || signatures.iter().any(|signature| signature.all.contains(&name))
    };
    let lasting = parameters.iter().filter(|(name, _)| !is_of_signature(name));
    let lasting: Vec<&str> = lasting.map(|(_, parameter)| *parameter).collect();
    lasting.join("&")
}

fn name_of(parameter: &str) -> String {
    let name = parameter.split('=').next().unwrap_or_default();
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(url: &str, place: &str) -> String {
        let address = Address::parse(url).unwrap();
        of_object(&address, place, &Identity::of_test(10, Some("one"))).unwrap()
    }

    #[test]
    fn what_names_another_object_is_of_the_key() {
        let urls = [
            "https://h/dl?f=A",
            "https://h/dl?f=B",
            "https://h/dl",
            "https://h/dl?st=A",
            "https://h/dl?st=B",
            "https://h/dl?expires=1",
            "https://h/dl?sig=1&sp=human",
            "https://h/dl?sig=1&sp=mouse",
            "https://h/dl?f=A&versionId=2",
            "https://h/other",
            "s3://h/dl",
        ];
        let keys: std::collections::BTreeSet<String> = urls.iter().map(|url| key(url, "")).collect();
        assert_eq!(keys.len(), urls.len());
        assert_ne!(
            key("s3://h/dl", "aws_endpoint=http://a\n"),
            key("s3://h/dl", "aws_endpoint=http://b\n")
        );
        assert!(keys.iter().all(|key| key.len() == OBJECT_LEN));
    }

    #[test]
    fn what_only_signs_is_not() {
        let same = [
            ["f=A&X-Amz-Signature=1&X-Amz-Date=2", "f=A&x-amz-signature=3"],
            ["f=A&X-Goog-Signature=1", "f=A"],
            [
                "AWSAccessKeyId=K&Signature=1&Expires=2&f=A",
                "awsaccesskeyid=L&signature=3&expires=4&f=A",
            ],
            [
                "f=A&Key-Pair-Id=K&Signature=1&Policy=2",
                "f=A&Key-Pair-Id=K&Signature=3&Policy=4",
            ],
            [
                "f=A&sv=1&se=2&sr=b&sp=r&sig=3&skoid=4",
                "f=A&sv=1&st=9&se=5&sr=b&sp=r&sig=6",
            ],
        ];
        for [one, two] in same {
            let of = |query: &str| key(&format!("https://h/x.agc?{query}"), "");
            assert_eq!(of(one), of(two), "{one} {two}");
            assert_ne!(of(one), of(&two.replace("f=A", "f=B")));
        }
    }

    #[test]
    fn an_object_that_nothing_tells_from_the_next_one_has_none() {
        let address = Address::parse("https://h/x.agc").unwrap();
        assert_eq!(of_object(&address, "", &Identity::of_test(10, None)), None);
    }
}
