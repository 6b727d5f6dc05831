//! The groups of a new archive: what they are made of, and what becomes of the numbers of groups and items.

use std::collections::BTreeMap;

use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::group::{N_RAW_GROUPS, is_raw};
use crate::rewrite::Existing;
use crate::rewrite::bits::Bits;
use crate::rewrite::plan::{GroupPlan, NewItem, Piece, PieceItem, Plan, Regrouped};
use crate::rewrite::usage::{ItemsInUse, Usage};
use crate::sequence::Sequence;

/// A group of the new archive.
#[derive(Debug)]
pub(super) struct NewGroup<'a> {
    pub(super) number: u32,
    /// The old groups whose items it gets, one behind the other; the first one gives its reference.
    pub(super) members: Vec<OldGroup>,
    /// Whether it gets a reference out of the items that are kept.
    pub(super) is_purged: bool,
    /// What else it gets.
    pub(super) plan: Option<&'a GroupPlan>,
}

impl<'a> NewGroup<'a> {
    fn new(number: u32, members: Vec<OldGroup>, purges: bool) -> Self {
        // Of those that are joined, others may use the reference.
        let is_purged = purges && matches!(members.as_slice(), [member] if member.has_foreign_reference);
        Self {
            number,
            members,
            is_purged,
            plan: None,
        }
    }

    /// Items that come behind those of all members.
    pub(super) fn added(&self) -> &'a [NewItem] {
        self.plan.map_or(&[], |plan| &plan.added)
    }

    /// The reference, if no member gives it.
    pub(super) fn own_reference(&self) -> Option<&'a Sequence> {
        let reference = self.plan.and_then(|plan| plan.reference.as_ref());
        reference.filter(|_| self.members.is_empty())
    }
}

/// An old group that goes on in a new one.
#[derive(Debug)]
pub(super) struct OldGroup {
    pub(super) source: usize,
    pub(super) group: u32,
    pub(super) fate: Fate,
    /// Whether the reference may hold sequence of samples that are dropped.
    pub(super) has_foreign_reference: bool,
}

/// What becomes of the items of an old group.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// All are kept.
    Keep,
    /// Those before the first that is dropped are kept, and of the others those that are in use.
    Recode { first_dropped: u32, kept: Bits },
}

/// The groups that a plan makes of those of old archives. Numbers have no holes.
///
/// # Errors
/// `Corrupt` when a collection is damaged; `BadInput` for more groups than the format can number.
pub(super) fn plan_groups<'a>(plan: &'a Plan, sources: &[Existing<'_>]) -> Result<Vec<NewGroup<'a>>> {
    let usages = sources.iter().enumerate();
    let usages: Vec<Option<Usage>> = usages
        .map(|(source, existing)| Usage::of(plan, source, existing))
        .collect::<Result<_>>()?;
    let members = OldGroups {
        plan,
        sources,
        usages,
    };
    if let Some(regrouped) = &plan.regrouped {
        let with_members = |(number, group): (u32, &'a GroupPlan)| {
            let members = members.find(group.members.iter().copied())?;
            Ok(NewGroup {
                plan: Some(group),
                ..NewGroup::new(number, members, false)
            })
        };
        return (0..).zip(&regrouped.groups).map(with_members).collect();
    }
    let mut groups: Vec<NewGroup<'_>> = (0..N_RAW_GROUPS)
        .map(|number| {
            let all = (0..sources.len()).map(|source| (source, number));
            Ok(NewGroup::new(number, members.find(all)?, false))
        })
        .collect::<Result<_>>()?;
    for (source, existing) in sources.iter().enumerate() {
        for group in existing.delta_groups() {
            let members = members.find([(source, group)])?;
            if members.is_empty() {
                continue;
            }
            let number =
                u32::try_from(groups.len()).map_err(|_| Error::bad_input("more than 2^32 groups"))?;
            groups.push(NewGroup::new(number, members, plan.purges));
        }
    }
    Ok(groups)
}

/// Makes members of old groups.
struct OldGroups<'a> {
    plan: &'a Plan,
    sources: &'a [Existing<'a>],
    usages: Vec<Option<Usage>>,
}

impl OldGroups<'_> {
    /// Those of these groups, each by its archive's place and its number there, that go on.
    fn find(&self, groups: impl IntoIterator<Item = (usize, u32)>) -> Result<Vec<OldGroup>> {
        let members = groups
            .into_iter()
            .map(|(source, group)| self.member(source, group));
        members.filter_map(Result::transpose).collect()
    }

    fn member(&self, source: usize, group: u32) -> Result<Option<OldGroup>> {
        self.sources[source].check_n_packs(group)?;
        let (fate, has_foreign_reference) = match &self.usages[source] {
            None => (Some(Fate::Keep), false),
            Some(usage) => {
                let end = match self.plan.drops_unused {
                    true => Some(self.sources[source].end_of_items(group)?),
                    false => None,
                };
                let items = usage.of_group(group).filter(|_| !is_raw(group));
                let is_foreign = |items: &ItemsInUse| items.has_foreign_reference(self.plan.purges);
                (fate_of(usage, group, end), items.is_some_and(is_foreign))
            }
        };
        Ok(fate.map(|fate| OldGroup {
            source,
            group,
            fate,
            has_foreign_reference,
        }))
    }
}

/// What becomes of a group; `None` if none of its items is needed. If the id behind its last item is told, those go that none uses.
fn fate_of(usage: &Usage, group: u32, end: Option<u32>) -> Option<Fate> {
    let nothing = ItemsInUse::default();
    let items = usage.of_group(group).unwrap_or(&nothing);
    // Of raw groups there is always the placeholder.
    if items.kept.is_empty() && !is_raw(group) {
        return None;
    }
    let first = match end {
        Some(end) => items.first_unused(end),
        None => items.first_useless(),
    };
    Some(match first {
        None => Fate::Keep,
        Some(first_dropped) => Fate::Recode {
            first_dropped,
            kept: items.kept.clone(),
        },
    })
}

/// What became of the ids of an old group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NewIds {
    /// What is added to those before the first that is listed; the reference stays 0.
    pub(super) shift: u32,
    /// The first id that is listed.
    pub(super) first_listed: u32,
    /// The new ids from there on; [`DROPPED`] for what is not there any more.
    pub(super) listed: Vec<u32>,
}

/// No id.
pub(super) const DROPPED: u32 = u32::MAX;

impl NewIds {
    /// Whether all ids are what they were.
    fn is_identity(&self) -> bool {
        // The reference has no place in a pack, and the placeholder of a raw group is made anew.
        let stays = |(id, new): (u32, &u32)| *new == id || id == 0;
        self.shift == 0 && (self.first_listed..).zip(&self.listed).all(stays)
    }

    /// The new id of an item that is there.
    fn of(&self, id: u32) -> Option<u32> {
        match id.checked_sub(self.first_listed) {
            _ if id == 0 => Some(0),
            Some(place) if !self.listed.is_empty() => {
                let id = self.listed.get(place as usize).copied();
                id.filter(|id| *id != DROPPED)
            }
            _ => id.checked_add(self.shift),
        }
    }
}

/// Where the items of old archives went.
#[derive(Debug, Default)]
pub(super) struct Moves<'a> {
    groups: BTreeMap<(usize, u32), (u32, NewIds)>,
    /// The ids of what was added to new groups.
    added: BTreeMap<u32, Vec<u32>>,
    regrouped: Option<&'a Regrouped>,
}

impl<'a> Moves<'a> {
    pub(super) fn new(regrouped: Option<&'a Regrouped>) -> Self {
        Self {
            regrouped,
            ..Self::default()
        }
    }

    /// An old group became part of a new one.
    pub(super) fn add(&mut self, source: usize, group: u32, to: u32, ids: NewIds) {
        self.groups.insert((source, group), (to, ids));
    }

    /// What was added to a new group has these ids.
    pub(super) fn add_items(&mut self, group: u32, ids: Vec<u32>) {
        self.added.insert(group, ids);
    }

    /// The new number of an old group, if it goes on.
    pub(super) fn group(&self, source: usize, group: u32) -> Option<u32> {
        Some(self.groups.get(&(source, group))?.0)
    }

    /// Whether all groups and items of the first archive have the numbers that they had.
    pub(super) fn keep_first(&self) -> bool {
        let stays = |((_, old), (new, ids)): (&(usize, u32), &(u32, NewIds))| old == new && ids.is_identity();
        self.groups.range(..(1, 0)).all(stays)
    }

    /// Adds what a segment became to `new`.
    ///
    /// # Errors
    /// `Internal` when it was dropped.
    pub(super) fn append(&self, source: usize, old: &SegmentDesc, new: &mut Vec<SegmentDesc>) -> Result<()> {
        let lost = || Error::new(ErrorKind::Internal("a segment that is kept has lost its item"));
        let replaced = self
            .regrouped
            .and_then(|regrouped| regrouped.replaced.get(&(source, old.group)));
        if let Some(replaced) = replaced {
            let pieces = replaced.get(&old.in_group_id).ok_or_else(lost)?;
            let moved = |piece: &Piece| self.piece(piece, old.is_rev_comp).ok_or_else(lost);
            let from = new.len();
            for piece in pieces {
                new.push(moved(piece)?);
            }
            // What the group holds is read from its end on the other strand.
            if old.is_rev_comp {
                new[from..].reverse();
            }
            return Ok(());
        }
        let moved = self.groups.get(&(source, old.group));
        let moved = moved.and_then(|(group, ids)| Some((*group, ids.of(old.in_group_id)?)));
        let (group, in_group_id) = moved.ok_or_else(lost)?;
        new.push(SegmentDesc {
            group,
            in_group_id,
            ..*old
        });
        Ok(())
    }

    /// A piece of a segment that was on this strand.
    fn piece(&self, piece: &Piece, is_rev_comp: bool) -> Option<SegmentDesc> {
        Some(SegmentDesc {
            group: piece.group,
            in_group_id: match piece.item {
                PieceItem::At(id) => id,
                PieceItem::Added(place) => *self.added.get(&piece.group)?.get(place)?,
            },
            is_rev_comp: piece.is_rev_comp != is_rev_comp,
            raw_len: piece.raw_len,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_before_the_first_that_is_listed_are_shifted() {
        let ids = NewIds {
            shift: 10,
            first_listed: 3,
            listed: vec![13, DROPPED, 14],
        };
        let new: Vec<Option<u32>> = (0..7).map(|id| ids.of(id)).collect();
        assert_eq!(new, [Some(0), Some(11), Some(12), Some(13), None, Some(14), None]);
        assert_eq!(NewIds::default().of(7), Some(7));
        assert!(NewIds::default().is_identity() && !ids.is_identity());
    }

    #[test]
    fn pieces_of_the_other_strand_come_from_the_end() {
        let piece = |group, item, is_rev_comp| Piece {
            group,
            item,
            is_rev_comp,
            raw_len: group,
        };
        let pieces = vec![
            piece(20, PieceItem::At(0), false),
            piece(21, PieceItem::Added(1), true),
        ];
        let regrouped = Regrouped {
            replaced: [((1, 16), [(3, pieces)].into())].into(),
            ..Regrouped::default()
        };
        let mut moves = Moves::new(Some(&regrouped));
        moves.add_items(21, vec![4, 9]);
        let append = |is_rev_comp| {
            let old = SegmentDesc {
                group: 16,
                in_group_id: 3,
                is_rev_comp,
                raw_len: 50,
            };
            let mut new = Vec::new();
            moves.append(1, &old, &mut new).unwrap();
            let told = |new: &SegmentDesc| (new.group, new.in_group_id, new.is_rev_comp);
            new.iter().map(told).collect::<Vec<_>>()
        };
        assert_eq!(append(false), [(20, 0, false), (21, 9, true)]);
        assert_eq!(append(true), [(21, 9, false), (20, 0, true)]);
    }
}
