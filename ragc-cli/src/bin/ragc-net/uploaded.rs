//! An archive that is written to a bucket.

use std::io::{self, Write};

use ragc_cli::ObjectInMaking;
use ragc_remote::Upload;

/// An archive on its way. Dropped before it is finished it leaves nothing behind.
#[derive(Debug)]
pub(super) struct Uploaded(pub(super) Upload);

impl ObjectInMaking for Uploaded {
    fn finish(self: Box<Self>) -> io::Result<()> {
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
