//! The clients of servers, by which the commands open what is there.

use std::io;

use anyhow::Context;
use ragc_cli::{CacheFolder, ObjectInMaking, Servers};
use ragc_core::ReadAt;
use ragc_core::fasta::Source;
use ragc_remote::{Address, BlockCache, Download, RemoteObject, Upload, abort_uploads};

use super::uploaded::Uploaded;

/// Those of `ragc-remote`.
pub(super) struct Clients;

impl Servers for Clients {
    fn printable(&self, url: &str) -> String {
        Address::printable(url)
    }

    fn archive(&self, url: &str, cache: Option<&CacheFolder>) -> io::Result<Box<dyn ReadAt>> {
        let address = Address::parse(url)?;
        let object = match cache {
            Some(cache) => RemoteObject::open_cached(&address, &BlockCache::open(&cache.path, cache.most)?)?,
            None => RemoteObject::open(&address)?,
        };
        Ok(Box::new(object))
    }

    fn fasta(&self, url: &str) -> anyhow::Result<Source> {
        let label = self.printable(url);
        let address = Address::parse(url).with_context(|| label.clone())?;
        let name = address.file_name();
        Ok(Source::reopened(label, name, move || {
            Ok(Box::new(Download::open(&address)?) as _)
        }))
    }

    fn has_object(&self, url: &str) -> io::Result<bool> {
        Ok(Upload::would_replace(&Address::parse(url)?)?)
    }

    fn create(&self, url: &str, replaces: bool) -> io::Result<Box<dyn ObjectInMaking>> {
        let upload = Upload::create(&Address::parse(url)?, replaces)?;
        Ok(Box::new(Uploaded(upload)))
    }

    fn give_up(&self) {
        abort_uploads();
    }
}
