//! The groups of a new archive: what they are made of, and what becomes of the numbers of groups and items.

use std::collections::BTreeMap;

use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::group::{N_RAW_GROUPS, is_raw};
use crate::rewrite::Existing;
use crate::rewrite::bits::Bits;
use crate::rewrite::plan::Plan;
use crate::rewrite::usage::{ItemsInUse, Usage};

/// A group of the new archive.
#[derive(Debug)]
pub(super) struct NewGroup {
    pub(super) number: u32,
    /// The old groups whose items it gets, one behind the other; the first one gives its reference.
    pub(super) members: Vec<Member>,
    /// Whether it gets a reference out of the items that are kept.
    pub(super) is_purged: bool,
}

impl NewGroup {
    fn new(number: u32, members: Vec<Member>, purges: bool) -> Self {
        // Of those that are joined, others may use the reference.
        let is_purged = purges && matches!(members.as_slice(), [member] if member.has_foreign_reference);
        Self {
            number,
            members,
            is_purged,
        }
    }
}

/// An old group that goes on in a new one.
#[derive(Debug)]
pub(super) struct Member {
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
pub(super) fn plan_groups(plan: &Plan, sources: &[Existing<'_>]) -> Result<Vec<NewGroup>> {
    let usages = sources.iter().enumerate();
    let usages: Vec<Option<Usage>> = usages
        .map(|(source, existing)| Usage::of(plan, source, existing))
        .collect::<Result<_>>()?;
    let members = Members {
        plan,
        sources,
        usages,
    };
    let mut groups: Vec<NewGroup> = (0..N_RAW_GROUPS)
        .map(|number| {
            let all = (0..sources.len()).map(|source| (source, number));
            Ok(NewGroup::new(number, members.find(all)?, false))
        })
        .collect::<Result<_>>()?;
    let joined = heads_and_others(plan);
    for (source, existing) in sources.iter().enumerate() {
        for group in existing.delta_groups() {
            let members = match joined.get(&(source, group)) {
                None => members.find([(source, group)])?,
                Some(Joined::Head(place)) => members.find(plan.joined[*place].iter().copied())?,
                Some(Joined::Other) => continue,
            };
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
struct Members<'a> {
    plan: &'a Plan,
    sources: &'a [Existing<'a>],
    usages: Vec<Option<Usage>>,
}

impl Members<'_> {
    /// Those of these groups, each by its archive's place and its number there, that go on.
    fn find(&self, groups: impl IntoIterator<Item = (usize, u32)>) -> Result<Vec<Member>> {
        let members = groups
            .into_iter()
            .map(|(source, group)| self.member(source, group));
        members.filter_map(Result::transpose).collect()
    }

    fn member(&self, source: usize, group: u32) -> Result<Option<Member>> {
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
        Ok(fate.map(|fate| Member {
            source,
            group,
            fate,
            has_foreign_reference,
        }))
    }
}

/// Whether an old group is the first of some that are joined.
enum Joined {
    /// With the place of them.
    Head(usize),
    Other,
}

fn heads_and_others(plan: &Plan) -> BTreeMap<(usize, u32), Joined> {
    let mut joined = BTreeMap::new();
    for (place, groups) in plan.joined.iter().enumerate() {
        let mut groups = groups.iter().copied();
        joined.extend(groups.next().map(|head| (head, Joined::Head(place))));
        joined.extend(groups.map(|other| (other, Joined::Other)));
    }
    joined
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
pub(super) struct Moves(BTreeMap<(usize, u32), (u32, NewIds)>);

impl Moves {
    /// An old group became part of a new one.
    pub(super) fn add(&mut self, source: usize, group: u32, to: u32, ids: NewIds) {
        self.0.insert((source, group), (to, ids));
    }

    /// The new number of an old group, if it goes on.
    pub(super) fn group(&self, source: usize, group: u32) -> Option<u32> {
        Some(self.0.get(&(source, group))?.0)
    }

    /// Whether all groups and items of the archive have the numbers that they had.
    pub(super) fn is_none(&self) -> bool {
        let stays = |((source, old), (new, ids)): (&(usize, u32), &(u32, NewIds))| {
            *source == 0 && old == new && *ids == NewIds::default()
        };
        self.0.iter().all(stays)
    }

    /// A segment under its new numbers.
    ///
    /// # Errors
    /// `Internal` when it was dropped.
    pub(super) fn segment(&self, source: usize, old: &SegmentDesc) -> Result<SegmentDesc> {
        let moved = self.0.get(&(source, old.group));
        let moved = moved.and_then(|(group, ids)| Some((*group, ids.of(old.in_group_id)?)));
        let lost = || Error::new(ErrorKind::Internal("a segment that is kept has lost its item"));
        let (group, in_group_id) = moved.ok_or_else(lost)?;
        Ok(SegmentDesc {
            group,
            in_group_id,
            ..*old
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
    }
}
