//! Addresses of objects: which texts are URLs, and what messages may say of them.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use object_store::path::Path as ObjectPath;
use reqwest::Url;

use crate::error::{Error, ErrorKind, Result};

/// Where an object is: `https://`, `http://`, `s3://`, `gs://` or `az://`, with bucket (or container) and key.
///
/// A URL may hold a password, or a signature that is as good as one. It is printed without both.
///
/// # Example
/// ```
/// use ragc_remote::Address;
/// let address = Address::parse("https://me:secret@host.org/data/yeast.agc?X-Amz-Signature=abc")?;
/// assert_eq!(address.to_string(), "https://host.org/data/yeast.agc");
/// assert_eq!(address.file_name(), "yeast.agc");
/// assert!(Address::parse("ftp://host.org/yeast.agc").is_err());
/// assert!(!Address::is_url("yeast.agc".as_ref()));
/// # Ok::<(), ragc_remote::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
    kind: Kind,
}

/// Which protocol leads to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Http,
    S3,
    Google,
    Azure,
}

impl Kind {
    fn of(scheme: &str) -> Option<Self> {
        Some(match scheme {
            "http" | "https" => Self::Http,
            "s3" | "s3a" => Self::S3,
            "gs" => Self::Google,
            "az" | "abfs" | "abfss" => Self::Azure,
            _ => return None,
        })
    }
}

impl Address {
    /// Whether a text names an object on a server, and no local file: letters and `://`. Whether that can be read,
    /// [`Self::parse`] tells.
    #[must_use]
    pub fn is_url(text: &Path) -> bool {
        let scheme = text.to_str().and_then(|text| text.split_once("://"));
        scheme.is_some_and(|(scheme, _)| {
            scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    }

    /// Reads a URL.
    ///
    /// # Errors
    /// `BadUrl` when it is none, is of a kind that is not read, or names no object.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = |why: String| Error::new(ErrorKind::BadUrl(why));
        let url = Url::parse(&with_marks(text)).map_err(|error| bad(error.to_string()))?;
        let kind = Kind::of(url.scheme()).ok_or_else(|| {
            bad(format!(
                "{}:// is not read; https, http, s3, gs and az are",
                url.scheme()
            ))
        })?;
        let address = Self { url, kind };
        if address.url.host_str().is_none_or(str::is_empty) {
            return Err(bad("it names no server or bucket".to_owned()));
        }
        if address.file_name().is_empty() {
            return Err(bad("it names no object, but a folder or a bucket".to_owned()));
        }
        Ok(address)
    }

    /// What may be printed of a text that is to be a URL: nothing that may be a password, no query.
    #[must_use]
    pub fn printable(text: &str) -> String {
        match Self::parse(text) {
            Ok(address) => address.to_string(),
            Err(_) => {
                let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
                let start = if may_have_user(rest) { end_of_user(rest) } else { 0 };
                format!("{scheme}://{}", without_query(&rest[start..]))
            }
        }
    }

    /// The last component of the path, with `%20` and the like decoded.
    #[must_use]
    pub fn file_name(&self) -> String {
        let decoded = self.object_path().map(|path| path.as_ref().to_owned());
        let path = decoded.unwrap_or_else(|_| self.url.path().to_owned());
        let is_folder = self.url.path().ends_with('/');
        match path.rsplit('/').next() {
            Some(name) if !is_folder => name.to_owned(),
            _ => String::new(),
        }
    }

    /// The key of the object in its bucket or container.
    pub(crate) fn object_path(&self) -> Result<ObjectPath> {
        ObjectPath::from_url_path(self.url.path())
            .map_err(|_| Error::new(ErrorKind::BadUrl("its path is no key of an object".to_owned())))
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Where the object is, without who asks, and without query and fragment.
    pub(crate) fn place(&self) -> Url {
        let mut url = self.url.clone();
        url.set_query(None);
        url.set_fragment(None);
        if self.has_user() {
            let _ = url.set_password(None);
            let _ = url.set_username("");
        }
        url
    }

    /// Of a container of Azure the user is the container; there is no password.
    fn has_user(&self) -> bool {
        let is_named = self.kind != Kind::Azure && !self.url.username().is_empty();
        is_named || self.url.password().is_some()
    }

    /// All of it, with what must not be printed.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }
}

/// Keys of objects may hold `#`, by which other URLs are cut: that of a haplotype does, `HG002#1.fa.gz`.
fn with_marks(text: &str) -> Cow<'_, str> {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    match scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.replace('#', "%23")),
    }
}

/// Where the user ends in what stands behind `://`: at the last `@`, also where a password has letters in it that should not stand there as they are (`/?#@`).
fn end_of_user(rest: &str) -> usize {
    rest.rfind('@').map_or(0, |at| at + 1)
}

/// Whether what stands behind `://` may begin with a user and a password, which ends at an `@`. Paths may have an `@` as well (`contig@sample`): behind a server, and a
/// port that is one.
fn may_have_user(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (server, path) = rest.split_at(end);
    if server.contains('@') {
        return true;
    }
    // An address of the sixth version has colons of its own.
    let behind_address = server.rsplit(']').next().unwrap_or_default();
    let port = behind_address.split_once(':').map(|(_, port)| port);
    let is_server = port.is_none_or(|port| port.parse::<u16>().is_ok());
    !is_server || !(path.is_empty() || path.starts_with('/'))
}

fn without_query(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.url.as_str().split_once("://").unwrap_or_default();
        let start = if self.has_user() { end_of_user(rest) } else { 0 };
        // Where the one `@` is that of the user, this is all of the place.
        match start > 0 && rest[..start - 1].contains('@') {
            true => write!(f, "{scheme}://{}", without_query(&rest[start..])),
            false => f.write_str(self.place().as_str()),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_paths() {
        for url in ["https://h/x", "s3://b/k", "ftp://h/x", "HTTP://h"] {
            assert!(Address::is_url(url.as_ref()), "{url}");
        }
        for path in [
            "x.agc",
            "./https://h",
            "a/b://c",
            "c://x",
            "-",
            "",
            "://",
            "sample=https.fa",
        ] {
            assert!(!Address::is_url(path.as_ref()), "{path}");
        }
    }

    #[test]
    fn what_names_no_object_is_refused() {
        for url in [
            "https://",
            "https://host",
            "https://host/",
            "s3://bucket",
            "s3://bucket/folder/",
            "gs:///k",
        ] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
        let told = Address::parse("ftp://me:secret@h/x").unwrap_err().to_string();
        assert_eq!(
            told,
            "not a URL that will do: ftp:// is not read; https, http, s3, gs and az are"
        );
    }

    #[test]
    fn secrets_are_not_printed_and_names_are_decoded() {
        let cases = [
            ("http://u:p@h:81/a/b.agc?sig=1#f", "http://h:81/a/b.agc", "b.agc"),
            (
                "s3://bucket/a%20b/c%2B.fa.gz",
                "s3://bucket/a%20b/c%2B.fa.gz",
                "c+.fa.gz",
            ),
            ("s3://bucket/HG002#1.fa", "s3://bucket/HG002%231.fa", "HG002#1.fa"),
            (
                "az://container@account/x.agc",
                "az://container@account/x.agc",
                "x.agc",
            ),
        ];
        for (text, printed, name) in cases {
            let address = Address::parse(text).unwrap();
            assert_eq!(
                (address.to_string().as_str(), address.file_name().as_str()),
                (printed, name)
            );
            assert!(!format!("{address:?}").contains("sig"));
        }
        assert_eq!(Address::printable("ftp://me:secret@h/x?sig"), "ftp://h/x");
    }

    #[test]
    fn of_passwords_that_are_written_as_they_are_nothing_is_printed() {
        for scheme in ["http", "HTTPS", "s3", "az", "ftp"] {
            for user in [
                "me:sec#ret",
                "me:sec?ret",
                "me:sec/ret",
                "me:se/c?r#et",
                "me:sec@ret",
                "me:sec@ret#sec",
                "me:sec@ret/sec",
                "me:sec@ret/sec?ret",
                "me:1#ret",
                "me:1?ret",
                "me:99999/ret",
                "sec#ret",
                "sec?ret",
                "me:sec\\ret",
            ] {
                if scheme == "az" && !user.contains(':') {
                    continue; // A container.
                }
                for place in ["127.0.0.1:1/p.agc", "h/p.agc?sig=sec", "h"] {
                    let url = format!("{scheme}://{user}@{place}");
                    let told = Address::printable(&url);
                    let is_kept = ["sec", "ret", "me", "99999"]
                        .iter()
                        .any(|part| told.contains(part));
                    assert!(!is_kept, "{url}: {told}");
                    assert!(told.contains(place.split('?').next().unwrap()), "{url}: {told}");
                }
            }
        }
    }

    #[test]
    fn paths_may_have_the_mark_of_a_user() {
        for (text, printed) in [
            ("https://h/contig@sample.fa", "https://h/contig@sample.fa"),
            ("https://h:81/x@v2.agc", "https://h:81/x@v2.agc"),
            ("https://[::1]:81/x@v2.agc", "https://[::1]:81/x@v2.agc"),
            ("https://h/x.agc?of=a@b", "https://h/x.agc"),
            ("s3://bucket/x@v2.agc", "s3://bucket/x@v2.agc"),
            ("ftp://h/x@v2.agc", "ftp://h/x@v2.agc"),
            (
                "az://container@account/x@v2.agc",
                "az://container@account/x@v2.agc",
            ),
            ("https://u:p@h/x.agc", "https://h/x.agc"),
        ] {
            assert_eq!(Address::printable(text), printed);
        }
    }

    #[test]
    fn schemes_in_capitals_are_those_of_the_web_too() {
        let address = Address::parse("HTTP://h/x.agc#part").unwrap();
        assert_eq!(
            (address.to_string().as_str(), address.file_name().as_str()),
            ("http://h/x.agc", "x.agc")
        );
        let address = Address::parse("S3://b/HG002#1.fa").unwrap();
        assert_eq!(address.file_name(), "HG002#1.fa");
    }
}
