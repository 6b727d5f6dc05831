//! Where an archive is that is read: a file, or an object on a server.

use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};
use ragc_core::{Archive, Error, ErrorKind, OpenOptions, ReadAt};

use crate::remote::cache_folder::CacheFolder;
use crate::remote::servers::{own_servers, servers};

/// What an argument names. Messages, and figures, have a URL without its password and its query: they may be all that protects the object.
#[derive(Debug, Clone)]
pub(crate) struct ArchivePlace {
    /// The file; of a URL, what may be printed of it.
    path: PathBuf,
    url: Option<String>,
}

impl ArchivePlace {
    /// What messages call it, and where it is if it is a file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is on a server.
    pub(crate) fn is_url(&self) -> bool {
        self.url.is_some()
    }

    /// Opens it.
    pub(crate) fn open(
        &self,
        options: &OpenOptions,
        cache: Option<&CacheFolder>,
    ) -> ragc_core::Result<Archive> {
        match &self.url {
            Some(url) => {
                let object = self.object(url, cache)?;
                options.clone().file_name(&self.path).open_source(object)
            }
            None => options.open(&self.path),
        }
    }

    /// Opens it even if it is damaged, and gives the damage that was noticed.
    pub(crate) fn open_damaged(
        &self,
        options: &OpenOptions,
        cache: Option<&CacheFolder>,
    ) -> ragc_core::Result<(Archive, Option<Error>)> {
        match &self.url {
            Some(url) => {
                let object = self.object(url, cache)?;
                options.clone().file_name(&self.path).open_damaged_source(object)
            }
            None => options.open_damaged(&self.path),
        }
    }

    fn object(&self, url: &str, cache: Option<&CacheFolder>) -> ragc_core::Result<Box<dyn ReadAt>> {
        let object = servers().and_then(|servers| servers.archive(url, cache));
        object.map_err(|error| Error::new(ErrorKind::Io(error.to_string())).in_file(&self.path))
    }
}

impl From<PathBuf> for ArchivePlace {
    fn from(path: PathBuf) -> Self {
        match url_of(&path) {
            Some(url) => Self {
                path: printable_url(url).into(),
                url: Some(url.to_owned()),
            },
            None => Self { path, url: None },
        }
    }
}

/// The URL of an object on a server, and of no local file: letters and `://`.
pub(crate) fn url_of(path: &Path) -> Option<&str> {
    let url = path.to_str()?;
    let (scheme, _) = url.split_once("://")?;
    let is_scheme = scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (cfg!(feature = "remote") && is_scheme).then_some(url)
}

/// Whether a path is that of an object on a server.
pub(crate) fn is_url(path: &Path) -> bool {
    url_of(path).is_some()
}

/// What messages call it.
pub(crate) fn printable(path: &Path) -> PathBuf {
    url_of(path).map_or_else(|| path.to_path_buf(), |url| printable_url(url).into())
}

/// As servers print it. Without any it is the part between user and query.
fn printable_url(url: &str) -> String {
    if let Some(servers) = own_servers() {
        return servers.printable(url);
    }
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    // A password may hold anything.
    let (_, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    let place = place.split(['?', '#']).next().unwrap_or_default();
    format!("{scheme}://{place}")
}

/// Refuses an archive on a server to a command that changes the archive's own file.
pub(crate) fn refuse_url(path: &Path) -> anyhow::Result<()> {
    match is_url(path) {
        true => anyhow::bail!(
            "{}: an archive is changed where its file is, and not on a server: download it, and put the new one there",
            printable(path).display()
        ),
        false => Ok(()),
    }
}

/// Reads an argument.
pub(crate) fn archive_place() -> impl TypedValueParser<Value = ArchivePlace> {
    PathBufValueParser::new().map(ArchivePlace::from)
}

#[cfg(all(test, feature = "remote"))]
mod tests {
    use ragc_remote::Address;

    use super::*;

    #[test]
    fn what_is_handed_over_is_what_servers_take_for_a_url() {
        let texts = [
            "https://h/x",
            "s3://b/k",
            "ftp://h/x",
            "HTTP://h",
            "x.agc",
            "./https://h",
            "a/b://c",
            "c://x",
            "-",
            "",
            "://",
        ];
        for text in texts {
            assert_eq!(is_url(text.as_ref()), Address::is_url(text.as_ref()), "{text}");
        }
    }

    #[test]
    fn a_program_without_servers_prints_no_secrets_either() {
        for url in [
            "https://u:p@h:81/a/b.agc?sig=1#f",
            "http://h:81/a/b.agc",
            "ftp://me:secret@h/x?sig",
            "http://me:sec#ret@h/x?sig",
            "http://me:s/ec?r@et@h/x?sig",
        ] {
            assert_eq!(printable_url(url), Address::printable(url));
        }
    }
}
