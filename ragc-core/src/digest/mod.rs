//! Digests by which the world names sequences and collections of them: refget, MD5, seqcol.
//!
//! They are of the letters of a contig in upper case, as the input had them: without blanks and line ends, with residues that
//! are no nucleotide code. [`Digester`] takes both digests of a sequence in one pass, [`seqcol`] names a sample, and
//! [`StoredDigests`] is what an archive holds of them. Without the feature `digest` none are taken, and stored ones can be read.
//!
//! # Source
//! GA4GH refget Sequences 2.0 and refget Sequence Collections 1.0; FORMAT.md, "`ragc.digests`".

#[cfg(not(feature = "digest"))]
mod absent;
#[cfg(feature = "digest")]
mod digester;
#[cfg(feature = "digest")]
mod seqcol;
mod sequence;
mod stored;

#[cfg(not(feature = "digest"))]
pub(crate) use absent::Digester;
#[cfg(feature = "digest")]
pub use digester::Digester;
#[cfg(feature = "digest")]
pub use seqcol::seqcol;
pub use sequence::SequenceDigest;
pub use stored::StoredDigests;
pub(crate) use stored::{DIGEST_LEN, put_sample};

use crate::error::{Error, ErrorKind, Result};

/// Whether digests can be taken by this library as it is built.
///
/// # Errors
/// `Unsupported` without the feature `digest`.
pub(crate) fn check_can_be_taken() -> Result<()> {
    match cfg!(feature = "digest") {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Unsupported(
            "digests (this program was built without them)".to_owned(),
        ))),
    }
}
