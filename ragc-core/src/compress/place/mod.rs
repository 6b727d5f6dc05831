//! Second stage: which group does a segment belong to?
//!
//! A round is placed in two steps. First every segment without a home is compared with the groups that its splitters
//! hint at: pure work against the catalogue as it stands at the beginning of the round, done on all threads. Then the
//! segments are taken one by one in input order and go to the group of their key, to what the comparison found, or to a
//! new group. So the result is a function of the input and the options alone.
//!
//! | splitters of the segment | home |
//! |---|---|
//! | both, key known | the group of the key |
//! | both, key unknown, a third splitter has been between them | cut in two at the cheapest place ([`middle`]) |
//! | one | the cheapest of the groups that have it at one end ([`one`]) |
//! | none, short | a raw group |
//! | else | a new group, of which it is the reference |

mod catalogue;
mod middle;
mod one;
#[cfg(test)]
mod tests;

pub(in crate::compress) use catalogue::Catalogue;

use super::pool::Pool;
use super::round::Item;
use crate::error::{Error, ErrorKind, Result};
use crate::group::N_RAW_GROUPS;
use crate::group::key::OrientedKey;
use crate::lz_diff::Reference;
use crate::sequence::Sequence;
use crate::splitter::CutSegment;
use crossbeam_channel as channel;
use std::sync::Arc;

/// Longest segment without splitters that goes to a raw group, in bases. A longer one becomes a reference: its delta
/// coded kin may come, and raw groups hold their sequences in memory until a pack is full.
const MAX_RAW_LEN: usize = 1 << 16;

/// Share of its length (as 1 / n) that a segment has to save to follow an existing reference.
const MIN_SAVING: u64 = 16;

/// A segment, or a part of one, on its way into a group.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) group: u32,
    pub(super) is_rev_comp: bool,
    pub(super) raw_len: u32,
    pub(super) content: Content,
}

/// What the owner of the group has to store.
#[derive(Debug)]
pub(super) enum Content {
    /// A sequence of a raw group.
    Raw(Sequence),
    /// The reference of a new group.
    Reference(Arc<Reference>),
    /// A sequence to be coded against the reference.
    Delta {
        reference: Arc<Reference>,
        sequence: Sequence,
    },
}

impl Content {
    /// Bytes held, for the limits of channels. References are held anyway.
    pub(super) fn cost(&self) -> usize {
        match self {
            Self::Raw(sequence) | Self::Delta { sequence, .. } => sequence.cost(),
            Self::Reference(_) => 0,
        }
    }
}

/// A group and the strand on which a segment would be stored there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Home {
    group: u32,
    is_rev_comp: bool,
}

/// A group that a segment may follow, seen from the segment.
struct Candidate {
    home: Home,
    reference: Arc<Reference>,
}

impl Candidate {
    /// The group of a key, if there is one.
    fn of(catalogue: &Catalogue, key: OrientedKey) -> Option<Self> {
        let group = catalogue.group(key.key)?;
        Some(Self {
            home: Home {
                group,
                is_rev_comp: key.is_rev_comp,
            },
            reference: Arc::clone(catalogue.reference(group)),
        })
    }
}

/// What the comparison with existing groups found for a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// It follows the reference of this group.
    Whole(Home),
    /// It is cut: the first part ends, overlap included, k symbols behind `cut`, the second begins there.
    Split { cut: usize, first: Home, second: Home },
    /// Nothing that is good enough.
    Nothing,
}

/// Answers to the questions of a round, by the segment's place in it.
type Findings = Vec<Option<Finding>>;

/// Places segments, round by round.
pub(super) struct Placer {
    k: u32,
    min_match: u32,
    catalogue: Catalogue,
    n_raw: u32,
}

impl Placer {
    pub(super) fn new(k: u32, min_match: u32) -> Self {
        Self {
            k,
            min_match,
            catalogue: Catalogue::default(),
            n_raw: 0,
        }
    }

    pub(super) fn k(&self) -> u32 {
        self.k
    }

    pub(super) fn into_catalogue(self) -> Catalogue {
        self.catalogue
    }

    /// Compares the segments of a round that have no home with the groups they may belong to.
    pub(super) fn look<J>(&self, round: &[Item], pool: &Pool<J>) -> Result<Findings> {
        let (results, answers) = channel::unbounded();
        let mut n_asked = 0;
        for (place, item) in round.iter().enumerate() {
            let Item::Segment(segment) = item else { continue };
            let Some(question) = self.question(segment) else {
                continue;
            };
            let results = results.clone();
            pool.submit(Box::new(move || {
                // Nobody listens when the run has failed elsewhere.
                let _ = results.send((place, question()));
            }))?;
            n_asked += 1;
        }
        drop(results);
        let mut findings = vec![None; round.len()];
        for _ in 0..n_asked {
            let (place, finding) = answers.recv().map_err(|_| Error::new(ErrorKind::WorkerLost))?;
            findings[place] = Some(finding);
        }
        Ok(findings)
    }

    /// The comparison that a segment needs, if it has no home by its key and there is something to compare with.
    fn question(&self, segment: &Arc<CutSegment>) -> Option<Box<dyn FnOnce() -> Finding + Send>> {
        let home = self.key_of(segment)?;
        let is_known = self.catalogue.group(home.key).is_some();
        let asked = Arc::clone(segment);
        match (segment.front, segment.back) {
            (Some(_), Some(_)) if is_known => None,
            (Some(front), Some(back)) => {
                let question = middle::Question::new(&self.catalogue, front.value, back.value, self.k)?;
                Some(Box::new(move || question.answer(&asked.sequence)))
            }
            _ => {
                let question = one::Question::new(&self.catalogue, segment, home)?;
                Some(Box::new(move || question.answer(&asked.sequence)))
            }
        }
    }

    fn key_of(&self, segment: &CutSegment) -> Option<OrientedKey> {
        match (segment.front, segment.back) {
            (Some(front), Some(back)) => Some(OrientedKey::of_both(front.value, back.value)),
            (Some(front), None) => Some(OrientedKey::of_front(front)),
            (None, Some(back)) => Some(OrientedKey::of_back(back, self.k)),
            (None, None) => None,
        }
    }

    /// Decides on the next segment in input order: one placed piece, or two if it is cut.
    pub(super) fn place(&mut self, segment: &CutSegment, finding: Option<Finding>) -> Vec<Placed> {
        let sequence = &segment.sequence;
        match (self.key_of(segment), finding) {
            // What was found may be the group of the key itself; it is the cheapest in any case.
            (_, Some(Finding::Whole(home))) => vec![self.follow(home, sequence)],
            (Some(key), finding) => match (self.catalogue.group(key.key), finding) {
                (Some(group), _) => {
                    let is_rev_comp = key.is_rev_comp;
                    vec![self.follow(Home { group, is_rev_comp }, sequence)]
                }
                (None, Some(Finding::Split { cut, first, second })) => {
                    let overlap_end = cut + self.k as usize;
                    vec![
                        self.follow(first, &sequence.slice(0..overlap_end)),
                        self.follow(second, &sequence.slice(cut..sequence.len())),
                    ]
                }
                (None, _) => vec![self.found(Some(key), sequence)],
            },
            (None, _) if sequence.len() > MAX_RAW_LEN => vec![self.found(None, sequence)],
            (None, _) => vec![self.put_raw(sequence)],
        }
    }

    /// Stores a sequence in an existing group.
    fn follow(&self, home: Home, sequence: &Sequence) -> Placed {
        Placed {
            group: home.group,
            is_rev_comp: home.is_rev_comp,
            raw_len: sequence.len() as u32,
            content: Content::Delta {
                reference: Arc::clone(self.catalogue.reference(home.group)),
                sequence: oriented(sequence, home.is_rev_comp),
            },
        }
    }

    /// Founds a group whose reference is this sequence.
    fn found(&mut self, key: Option<OrientedKey>, sequence: &Sequence) -> Placed {
        let is_rev_comp = key.is_some_and(|key| key.is_rev_comp);
        let reference = Arc::new(Reference::new(oriented(sequence, is_rev_comp), self.min_match));
        let group = self.catalogue.add(key.map(|key| key.key), Arc::clone(&reference));
        Placed {
            group,
            is_rev_comp,
            raw_len: sequence.len() as u32,
            content: Content::Reference(reference),
        }
    }

    /// Deals sequences out to the raw groups in turn.
    fn put_raw(&mut self, sequence: &Sequence) -> Placed {
        let group = self.n_raw % N_RAW_GROUPS;
        self.n_raw = self.n_raw.wrapping_add(1);
        Placed {
            group,
            is_rev_comp: false,
            raw_len: sequence.len() as u32,
            content: Content::Raw(sequence.clone()),
        }
    }
}

fn oriented(sequence: &Sequence, is_rev_comp: bool) -> Sequence {
    if is_rev_comp {
        sequence.reverse_complement()
    } else {
        sequence.clone()
    }
}
