//! The streams that belong to no group.

use crate::container::{StreamId, names};
use crate::error::{Error, Result};
use crate::extract::store::Store;
use crate::extract::verify::ahead::StepsAhead;
use crate::extract::verify::report::Report;
use crate::group::Inventory;
use crate::splitter_streams::{decode_segment_keys, decode_splitters};

/// Reads every part of them, and decodes what only appending would look at; the collection is decoded with the contigs.
pub(super) fn verify(store: &Store, inventory: &Inventory, report: &mut Report) {
    let others = inventory.others();
    let ahead = StepsAhead::new(store, others.len(), |demand, i| {
        (0..store.container().n_parts(others[i])).for_each(|part| demand.add(others[i], part));
    });
    for (i, stream) in others.iter().enumerate() {
        ahead.come_to(i);
        read_parts(store, *stream, report);
    }
    let front = store.container().check_front_index();
    let checked = [
        front,
        verify_splitters(store),
        verify_keys(store, inventory.end()),
    ];
    for error in checked.into_iter().filter_map(Result::err) {
        if !report.knows(&error) {
            report.add_damage(error);
        }
    }
}

fn read_parts(store: &Store, stream: StreamId, report: &mut Report) {
    for part in 0..store.container().n_parts(stream) {
        if let Err(error) = store.container().read_part(stream, part) {
            report.add_damage(error);
        }
    }
}

fn verify_splitters(store: &Store) -> Result<()> {
    decode_if_there(store, names::SPLITTERS, |n, payload| {
        decode_splitters(n, payload).map(drop)
    })
}

fn verify_keys(store: &Store, end: u64) -> Result<()> {
    decode_if_there(store, names::SEGMENT_SPLITTERS, |n, payload| {
        let keys = decode_segment_keys(n, payload)?;
        match keys.iter().find(|key| u64::from(key.group) >= end) {
            Some(key) => Err(Error::corrupt(format!(
                "a key of group {}, which does not exist",
                key.group
            ))),
            None => Ok(()),
        }
    })
}

/// Other producers leave these streams out, or leave them empty.
fn decode_if_there(store: &Store, name: &str, decode: impl FnOnce(u64, &[u8]) -> Result<()>) -> Result<()> {
    match store.container().footer().find(name) {
        Some(stream) if store.container().n_parts(stream) > 0 => {
            let part = store.container().read_only_part(name)?;
            decode(part.metadata, part.payload()).map_err(|error| error.in_part(0).in_stream(name))
        }
        _ => Ok(()),
    }
}
