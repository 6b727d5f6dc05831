//! What an archive may tell of a command line with URLs.

use std::path::PathBuf;

use crate::remote::place::{is_url, printable};

/// A word of a command line, with nothing of a URL in it (`URL`, `NAME=URL`, `--output=URL`) that must not be told.
pub(crate) fn without_secrets(word: Vec<u8>) -> Vec<u8> {
    let start = std::str::from_utf8(&word).ok().and_then(|text| {
        let end = text.find("://")?;
        let before = text[..end].trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        is_url(text[before.len()..].as_ref()).then_some(before.len())
    });
    let Some(start) = start else {
        return word;
    };
    let url = PathBuf::from(String::from_utf8_lossy(&word[start..]).into_owned());
    let mut told = word[..start].to_vec();
    told.extend_from_slice(printable(&url).as_os_str().as_encoded_bytes());
    told
}

#[cfg(all(test, feature = "remote"))]
mod tests {
    use super::*;

    #[test]
    fn words_lose_passwords_and_queries_and_nothing_else() {
        let cases = [
            ("a=https://u:p@h/x.fa?sig=1", "a=https://h/x.fa"),
            ("--output=s3://b/k", "--output=s3://b/k"),
            ("x.fa", "x.fa"),
            ("a://", "a://"),
        ];
        for (word, told) in cases {
            assert_eq!(without_secrets(word.into()), told.as_bytes());
        }
    }
}
