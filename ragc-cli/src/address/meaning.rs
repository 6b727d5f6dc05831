//! What addresses mean, or why nothing.

use std::ops::Range;

use ragc_core::extract::ContigId;

/// A contig, or a stretch of it that may reach beyond its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContigRange {
    pub(crate) contig: ContigId,
    /// Half-open, counted from 0; `None` for the whole.
    pub(crate) range: Option<Range<u64>>,
}

/// What an address means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The name of the contig as it was asked for.
    pub(crate) name: Vec<u8>,
    /// What was asked for without its range, in a form that counts as the command does: with a range behind it, an address.
    pub(crate) address: Vec<u8>,
    /// One region, or one of each sample of a prefix or a selection that has the contig.
    pub(crate) regions: Vec<ContigRange>,
    /// Number of samples that were looked into.
    pub(crate) n_asked: usize,
    /// How positions were counted, if not in the way of the command.
    pub(crate) other_form: Option<String>,
}

/// Why an address means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WhyNot {
    /// There is nothing of this name.
    Absent(Vec<u8>),
    /// What stands behind the name is no range.
    NoRange(String),
    /// Something else is wrong.
    Wrong(String),
}
