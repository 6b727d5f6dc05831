//! The packs that are open at the end of a run. A pack is filled by the worker that owns its group, but whoever is free writes it, the longest first: shared
//! out by owner, one thread had nothing to do for the last 200 to 450 ms of 28 genomes of *D. pigrum* and of 100 pneumococci, which take 1.1 and 2.2 s.

use super::open_pack::{LastPack, WriteOrder};
use crate::lock::lock;
use crate::threads::{Helped, Helper, shared};
use crossbeam_channel as channel;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// A worker's way to the packs that all workers leave.
pub(super) struct LastPacks {
    /// A group has one.
    packs: Arc<Mutex<BTreeMap<WriteOrder, LastPack>>>,
    /// Stands for a pack each. It ends when no worker can leave any more: all have, or are lost.
    left: Option<channel::Sender<()>>,
    to_take: channel::Receiver<()>,
    helped: Option<Helped>,
    helper: Helper,
}

/// For each of so many workers.
pub(super) fn last_packs(n_workers: usize) -> Vec<LastPacks> {
    let (left, to_take) = channel::unbounded();
    let packs = Arc::default();
    let (helped, helper) = shared();
    let of_one = || LastPacks {
        packs: Arc::clone(&packs),
        left: Some(left.clone()),
        to_take: to_take.clone(),
        helped: Some(helped.clone()),
        helper: helper.clone(),
    };
    (0..n_workers).map(|_| of_one()).collect()
}

impl LastPacks {
    /// Leaves all packs of a worker; it has no more.
    pub(super) fn leave(&mut self, packs: impl Iterator<Item = LastPack>) {
        let Some(left) = self.left.take() else { return };
        for pack in packs {
            lock(&self.packs).insert(pack.order(), pack);
            // This worker takes as well.
            let _ = left.send(());
        }
    }

    /// The longest pack that was left; waits as long as a worker may leave one.
    pub(super) fn take(&self) -> Option<LastPack> {
        self.to_take.recv().ok()?;
        let (_, pack) = lock(&self.packs).pop_last()?;
        Some(pack)
    }

    /// The way to those who have no more packs, for one who has. It is to be dropped when there are none.
    pub(super) fn helped(&mut self) -> Option<Helped> {
        self.helped.take()
    }

    /// Helps the others until they have no more packs.
    pub(super) fn help(&self) {
        self.helper.help();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::memory::Memory;
    use crate::compress::open_pack::OpenPack;
    use crate::deadline::in_time;
    use crate::group::pack::DeltaPack;
    use crate::group::writer::PartEncoder;
    use std::thread;

    fn pack(group: u32, len: usize) -> LastPack {
        let memory = Memory::new(None, 1);
        let mut open = OpenPack::new(DeltaPack::new(5), &memory);
        open.add(&mut memory.to_write(), |pack| {
            pack.add(&vec![b'A'; len], &mut PartEncoder::new())
        })
        .unwrap();
        open.last(group)
    }

    #[test]
    fn the_longest_is_taken_first_whoever_left_it() {
        let mut all = last_packs(2);
        all[0].leave([pack(1, 10), pack(2, 3000)].into_iter());
        all[1].leave([pack(3, 200), pack(4, 10)].into_iter());
        let groups: Vec<u32> = std::iter::from_fn(|| all[0].take())
            .map(|pack| pack.group)
            .collect();
        assert_eq!(groups, [2, 3, 1, 4]);
        assert!(all[1].take().is_none());
    }

    #[test]
    fn each_is_taken_once_and_a_lost_worker_keeps_nobody_waiting() {
        in_time("all packs are taken", || {
            let mut all = last_packs(3);
            let lost = all.pop();
            let n_taken: usize = thread::scope(|scope| {
                let workers: Vec<_> = (0..)
                    .zip(all)
                    .map(|(number, mut packs)| {
                        scope.spawn(move || {
                            packs.leave((0..50).map(|i| pack(100 * number + i, i as usize)));
                            std::iter::from_fn(|| packs.take()).count()
                        })
                    })
                    .collect();
                drop(lost);
                workers.into_iter().map(|worker| worker.join().unwrap()).sum()
            });
            assert_eq!(n_taken, 100);
        });
    }
}
