//! Digests by which the world names sequences and collections of them: refget, MD5, seqcol.
//!
//! They are of the letters of a contig in upper case, as the input had them: without blanks and line ends, with residues that
//! are no nucleotide code. [`Digester`] takes both digests of a sequence in one pass, [`seqcol`] names a sample, and
//! [`StoredDigests`] is what an archive holds of them.
//!
//! # Source
//! GA4GH refget Sequences 2.0 and refget Sequence Collections 1.0; FORMAT.md, "`ragc.digests`".

mod seqcol;
mod sequence;
mod stored;

pub use seqcol::seqcol;
pub use sequence::{Digester, SequenceDigest};
pub use stored::StoredDigests;
pub(crate) use stored::{DIGEST_LEN, put_sample};
