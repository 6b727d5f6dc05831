//! What a new archive is to hold of old ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::provenance::Provenance;
use crate::sequence::Sequence;
use crate::splitter_streams::SegmentKey;
use crate::track::KeptSample;

/// The samples of a new archive, in its order. Those that are not named are left out. None of an archive stands between those of another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) samples: Vec<KeptSample>,
    /// Items of a pack; that of the first archive if nothing is said.
    pub(crate) pack_cardinality: Option<u32>,
    /// Whether items go that no contig uses, of any sample.
    pub(crate) drops_unused: bool,
    /// Whether the new archive has checksums, and those that the old ones lack are of what they hold now.
    pub(crate) adds_checksums: bool,
    /// Whether it has digests of all contigs.
    pub(crate) adds_digests: bool,
    /// Whether no sequence may be left that is of no sample of it.
    pub(crate) purges: bool,
    /// The groups of the new archive, where those of several archives meet in it. If nothing is said, each group in use stays alone.
    pub(crate) regrouped: Option<Regrouped>,
    /// What the new archive is to tell of this change, behind what the old ones tell of theirs.
    pub(crate) run: Option<Provenance>,
    /// Whether packs that are put together anew are compressed quickly: what goes on from the archive does so again.
    pub(crate) hurries: bool,
    /// Samples that are left out and come back: words of earlier commands go on telling their names.
    pub(crate) returning: BTreeSet<Vec<u8>>,
}

/// The groups of an archive that is made of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Regrouped {
    /// By their new numbers, the raw ones first.
    pub(crate) groups: Vec<GroupPlan>,
    /// Which segments belong to which of them, ascending.
    pub(crate) keys: Vec<SegmentKey>,
    /// Items of old groups that do not go on, by the archive's place and the number of the group there.
    pub(crate) replaced: BTreeMap<(usize, u32), BTreeMap<u32, Vec<Piece>>>,
}

/// What a new group is made of, one behind the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GroupPlan {
    /// Old groups with equal references, each by the archive's place and its number there; the first one gives the reference.
    pub(crate) members: Vec<(usize, u32)>,
    /// The reference of a delta group without members.
    pub(crate) reference: Option<Sequence>,
    pub(crate) added: Vec<NewItem>,
}

/// An item that is put into another group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NewItem {
    Delta(Vec<u8>),
    /// Of a raw group.
    Raw(Sequence),
}

/// Where a stretch of an item went. Neighbours overlap by k symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The new group.
    pub(crate) group: u32,
    pub(crate) item: PieceItem,
    /// Whether the group holds the reverse complement of what the item was.
    pub(crate) is_rev_comp: bool,
    pub(crate) raw_len: u32,
}

/// Which item of its group a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PieceItem {
    /// One that has this id in the new archive.
    At(u32),
    /// One that is added, by its place among those.
    Added(usize),
}

impl Plan {
    /// All samples of an archive that has so many.
    pub(crate) fn all(n_samples: usize) -> Self {
        Self {
            samples: (0..n_samples)
                .map(|sample| KeptSample::whole(0, sample))
                .collect(),
            ..Self::default()
        }
    }

    /// The samples that are kept of one archive, each with its new place.
    pub(crate) fn of_source(&self, source: usize) -> Vec<(usize, &KeptSample)> {
        let samples = self.samples.iter().enumerate();
        samples.filter(|(_, kept)| kept.source == source).collect()
    }
}
