//! An archive that is written to a bucket.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use ragc_remote::{Address, Upload, abort_uploads};

use crate::remote::place::printable;

/// An archive on its way. Dropped before it is finished it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Uploaded(Upload);

impl Uploaded {
    /// Begins one, which may replace another object if that is wanted.
    pub(crate) fn create(url: &Path, replaces: bool) -> io::Result<Self> {
        Ok(Self(Upload::create(&address(url)?, replaces)?))
    }

    /// Sends what is left, and gives it its name.
    pub(crate) fn finish(self) -> io::Result<()> {
        Ok(self.0.finish()?)
    }
}

impl Write for Uploaded {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Refuses the name of an object that is there.
pub(crate) fn check_free(url: &Path) -> anyhow::Result<()> {
    let name = printable(url).display().to_string();
    let found = address(url).and_then(|address| Upload::would_replace(&address));
    match found.with_context(|| name.clone())? {
        true => bail!("{name}: there is an object of this name: --force replaces it"),
        false => Ok(()),
    }
}

/// Gives up all that are not finished, before the program ends.
pub(crate) fn give_up() {
    abort_uploads();
}

fn address(url: &Path) -> ragc_remote::Result<Address> {
    Address::parse(&url.to_string_lossy())
}
