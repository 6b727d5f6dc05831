//! Who writes an archive, for a command that waits or does not, and says so.

use std::path::Path;

use anyhow::{Context, bail};
use ragc_core::internals::unfinished::{self, Attempt, lock_path, wait_for};

use crate::last_resort::RemovedOnAbort;
use crate::out::signals;

/// The lock of an archive; dropped, it is free.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "is held")] unfinished::Lock);

impl Lock {
    /// Takes the lock of an archive, which is called `name` in messages: waits for whoever has it, or fails at once. `None` where
    /// the file system has no locks.
    pub(super) fn take(target: &Path, name: &Path, waits: bool) -> anyhow::Result<Option<Self>> {
        let path = lock_path(target);
        let name = name.display();
        let mut has_told = false;
        signals::watch()?;
        loop {
            let removed = RemovedOnAbort::of(&path);
            match unfinished::Lock::attempt(&path).with_context(|| format!("{name}: cannot create"))? {
                Attempt::Taken(lock) => {
                    removed.begin();
                    return Ok(Some(Self(lock)));
                }
                Attempt::Busy(_) if !waits => bail!("{name}: another command is writing this archive"),
                Attempt::Busy(file) => {
                    if !std::mem::replace(&mut has_told, true) {
                        note!("{name}: another command is writing this archive; waiting until it is done");
                    }
                    wait_for(&file).with_context(|| format!("{name}: cannot wait"))?;
                }
                Attempt::Gone => {}
                Attempt::NoLocks => {
                    warning!(
                        "{name}: this file system has no locks: no other command may write this archive now"
                    );
                    return Ok(None);
                }
            }
        }
    }
}

impl Drop for Lock {
    /// Before the lock is free, and somebody else may have it.
    fn drop(&mut self) {
        RemovedOnAbort::end();
    }
}
