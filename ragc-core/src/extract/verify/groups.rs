//! Every item of every group.

use crate::alphabet;
use crate::error::{Error, Result};
use crate::extract::store::{Demand, Store};
use crate::extract::verify::ahead::StepsAhead;
use crate::extract::verify::report::{Report, no_answer};
use crate::group::{self, Inventory, Pack, StreamsOfGroup, is_raw};
use crate::lz_diff;
use crate::observe::Observer;
use crate::sequence::Sequence;
use crate::threads;

/// Groups whose answers are waited for together.
const ROUND_LEN: usize = 1 << 12;

/// What was found in a group.
#[derive(Default)]
struct Findings {
    n_items: u64,
    errors: Vec<Error>,
}

/// Decodes all of them.
pub(super) fn verify(
    store: &Store,
    inventory: &Inventory,
    n_threads: usize,
    observer: &dyn Observer,
    report: &mut Report,
) {
    report.n_groups = inventory.n_groups() as u64;
    for (group, missing) in inventory.holes() {
        report.add_damage(Error::corrupt(format!(
            "there is no group {missing}, although there is group {group}"
        )));
    }
    let groups: Vec<(u32, StreamsOfGroup)> = inventory.iter().collect();
    for round in groups.chunks(ROUND_LEN) {
        let ahead = StepsAhead::new(store, round.len(), |demand, i| {
            demand_group(demand, store, round[i].1)
        });
        let answers = threads::map("verify", round.len(), n_threads, |i| {
            let (group, streams) = round[i];
            ahead.come_to(i);
            let answer = match observer.is_cancelled() {
                true => Findings::default(),
                false => verify_group(store, group, streams),
            };
            observer.verified(1);
            answer
        });
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => return report.add_damage(error),
        };
        for answer in answers {
            let answer = answer.unwrap_or_else(|| Findings {
                n_items: 0,
                errors: vec![no_answer()],
            });
            report.n_items += answer.n_items;
            answer
                .errors
                .into_iter()
                .for_each(|error| report.add_damage(error));
        }
    }
}

/// Adds all parts of a group.
fn demand_group(demand: &mut Demand<'_>, store: &Store, streams: StreamsOfGroup) {
    for stream in [streams.reference, streams.deltas].into_iter().flatten() {
        (0..store.container().n_parts(stream)).for_each(|part| demand.add(stream, part));
    }
}

fn verify_group(store: &Store, group: u32, streams: StreamsOfGroup) -> Findings {
    let mut answer = Findings::default();
    let (naming, cardinality) = (store.version().group_naming(), store.params().pack_cardinality);
    let reference = match (is_raw(group), streams.reference) {
        (true, None) => None,
        (true, Some(stream)) if store.container().n_parts(stream) == 0 => None,
        (true, Some(_)) => {
            answer
                .errors
                .push(Error::corrupt(format!("raw group {group} has a reference")));
            None
        }
        (false, _) => answer.note(group::read_reference(store.container(), naming, group), 1),
    };
    let n_packs = streams
        .deltas
        .map_or(0, |stream| store.container().n_parts(stream));
    for number in 0..n_packs as u32 {
        let items =
            group::read_pack(store.container(), naming, group, number, cardinality).and_then(|pack| {
                verify_pack(store, group, number, &pack, reference.as_ref()).map_err(|error| {
                    error
                        .in_part(number.into())
                        .in_stream(&naming.delta_stream(group))
                })?;
                Ok(pack.n_items() as u64)
            });
        if let Some(n_items) = answer.note(items, 0) {
            answer.n_items += n_items;
        }
    }
    answer
}

impl Findings {
    /// Takes the error out of a result; without one, so many items are intact.
    fn note<T>(&mut self, result: Result<T>, n_items: u64) -> Option<T> {
        match result {
            Ok(value) => {
                self.n_items += n_items;
                Some(value)
            }
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }
}

/// Goes through all items of a pack. Deltas of a group without a reference cannot be gone through.
fn verify_pack(
    store: &Store,
    group: u32,
    number: u32,
    pack: &Pack,
    reference: Option<&Sequence>,
) -> Result<()> {
    for (slot, item) in pack.iter().enumerate() {
        let verified = match reference {
            // The placeholder, which nothing refers to.
            _ if is_raw(group) && (number, slot) == (0, 0) => Ok(()),
            _ if is_raw(group) => alphabet::check_codes(item),
            Some(reference) => verify_delta(store, item, reference),
            None => Ok(()),
        };
        verified?;
    }
    Ok(())
}

/// Reads all tokens of a delta. Its symbols are not put out: a few bytes can stand for very many, and nothing declares how
/// many it is to be.
fn verify_delta(store: &Store, delta: &[u8], reference: &Sequence) -> Result<()> {
    let len = lz_diff::decoded_len(delta, reference.len(), store.rules())?;
    match u32::try_from(len) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::corrupt(format!("a delta of {len} symbols"))),
    }
}
