//! The same archive with its index in front, and its parts in the order in which samples need them.

use std::collections::BTreeMap;
use std::io::Write;

use crate::container::arrange;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::file_info::FormatVersion;
use crate::rewrite::small_streams::lens_by_kind;

/// Writes an archive so that what reads it front to back, through a pipe, can take samples out before all of it is there. Other readers read it as
/// any archive. Samples come out in this way in the order of the archive; the bytes are a function of the archive. Gives bytes by kind of
/// stream.
///
/// # Errors
/// `Unsupported` for file versions 1 and 2, of which [`RewriteOptions::repack`](super::RewriteOptions::repack) makes version 3; `Checksum`, `Corrupt` when the archive is damaged; `Io`.
///
/// # Example
/// ```
/// use ragc_core::Archive;
/// use ragc_core::internals::streamable::make_streamable;
/// # fn main() -> ragc_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// let archive = Archive::open(path)?;
/// let mut streamable = Vec::new();
/// make_streamable(&archive, &mut streamable)?;
/// let same = Archive::from_reader(streamable)?;
/// assert!(same.is_streamable());
/// assert_eq!(same.region("r", "chr1", 0..4)?, b"GACA");
/// # Ok(())
/// # }
/// ```
pub fn make_streamable(archive: &Archive, sink: impl Write) -> Result<BTreeMap<String, u64>> {
    if archive.version() != FormatVersion::V3 {
        return Err(Error::new(ErrorKind::Unsupported(
            "an archive of file version 1 or 2: only archives of version 3 can have their index in front"
                .to_owned(),
        )));
    }
    let order = archive.parts_by_first_use()?;
    let written = archive.placed(|| arrange(archive.container(), &order, sink))?;
    let lens = lens_by_kind(written.lens());
    written.finish()?;
    Ok(lens)
}
