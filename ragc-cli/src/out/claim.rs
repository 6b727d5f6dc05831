//! The right to give a name a new archive: whoever has it is the only one, and replaces what it has seen and nothing else.
//!
//! Two commands that add to one archive at once would each write what was there and their own sample, and the second would take away
//! what the first has added. So the name is locked before the archive is read and until the new one has taken its place
//! (`lock`). Other programs know no lock: before the name is given, what has it must still be what had it at the beginning.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::internals::container::may_be_archive;
use ragc_core::internals::identity::Identity;
use ragc_core::internals::recovery::{self, Recovered};

use crate::out::lock::Lock;
use crate::out::path::path_to_replace;
use crate::remote::{printable, refuse_url, servers, url_of};

/// How a name is claimed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claiming<'a> {
    /// The archive that goes on in the new one, and may be replaced by it.
    pub(crate) continues: Option<&'a Path>,
    /// Whether any archive may be replaced.
    pub(crate) is_forced: bool,
    /// Whether to wait for another command.
    pub(crate) waits: bool,
}

/// A name that an archive is to be written under, and what may have it until then.
#[derive(Debug)]
pub(crate) struct Claim {
    /// The name to print in errors.
    name: PathBuf,
    path: PathBuf,
    replaces: Replaces,
    recovered: Recovered,
    _lock: Option<Lock>,
}

#[derive(Debug, Clone, Copy)]
enum Replaces {
    Anything,
    /// This file, or none.
    Only(Option<Identity>),
}

impl Claim {
    /// Claims the name of an archive to come; `None` for what is no regular file, and can have no lock beside it.
    ///
    /// # Errors
    /// When somebody else is writing under this name, or an archive has it already.
    pub(crate) fn of(name: &Path, how: Claiming<'_>) -> anyhow::Result<Option<Self>> {
        if let Some(url) = url_of(name) {
            return Self::of_object(name, url, how).map(Some);
        }
        let Some(path) = path_to_replace(name)? else {
            return Ok(None);
        };
        let lock = Lock::take(&path, name, how.waits)?;
        let recovered = recover(&path, name)?;
        let found = Identity::of(&path)?;
        let continued = how.continues.map(Identity::of).transpose()?;
        let goes_on = found.is_some() && continued.flatten() == found;
        if !goes_on && !how.is_forced && may_be_archive(&path)? {
            bail!(
                "{}: there is an archive of this name: --force replaces it",
                name.display()
            );
        }
        Ok(Some(Self {
            name: name.to_path_buf(),
            path,
            replaces: match goes_on || !how.is_forced {
                true => Replaces::Only(found),
                false => Replaces::Anything,
            },
            recovered,
            _lock: lock,
        }))
    }

    /// Claims the name of an object in a bucket, as far as such can be claimed: it is looked at again when the archive is complete.
    fn of_object(name: &Path, url: &str, how: Claiming<'_>) -> anyhow::Result<Self> {
        if how.continues == Some(name) {
            refuse_url(name)?;
        }
        if !how.is_forced {
            check_free(name, url)?;
        }
        Ok(Self {
            name: name.to_path_buf(),
            path: name.to_path_buf(),
            replaces: match how.is_forced {
                true => Replaces::Anything,
                false => Replaces::Only(None),
            },
            recovered: Recovered::Nothing,
            _lock: None,
        })
    }

    /// Whether anything of the name may be replaced.
    pub(super) fn replaces_anything(&self) -> bool {
        matches!(self.replaces, Replaces::Anything)
    }

    /// What was left of a change that somebody had begun.
    pub(crate) fn recovered(&self) -> Recovered {
        self.recovered
    }

    /// Checks that the name still belongs to what had it.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let Replaces::Only(found) = self.replaces else {
            return Ok(());
        };
        if found != Identity::of(&self.path)? {
            bail!(
                "{}: another program has written this file meanwhile, which stays as it is: nothing was written",
                self.name.display()
            );
        }
        Ok(())
    }
}

/// Refuses the name of an object that is there.
fn check_free(name: &Path, url: &str) -> anyhow::Result<()> {
    let name = printable(name).display().to_string();
    let found = servers().and_then(|servers| servers.has_object(url));
    match found.with_context(|| name.clone())? {
        true => bail!("{name}: there is an object of this name: --force replaces it"),
        false => Ok(()),
    }
}

/// Brings an archive back to what it was before a change that somebody has begun who is not there any more.
///
/// # Errors
/// When the file cannot be written, or is not there and what tells of the change is.
fn recover(path: &Path, name: &Path) -> anyhow::Result<Recovered> {
    let recovered = recovery::recover(path)?;
    if let Recovered::CutBack(n_bytes) = recovered {
        note!(
            "{}: a change of it was not completed; it is what it was before, {n_bytes} bytes shorter",
            name.display()
        );
    }
    Ok(recovered)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const PATIENT: Claiming<'static> = Claiming {
        continues: None,
        is_forced: false,
        waits: true,
    };

    #[test]
    fn what_has_the_name_must_be_what_had_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.agc");
        let claim = Claim::of(&path, PATIENT).unwrap().unwrap();
        claim.check().unwrap();
        fs::write(&path, "written by another program").unwrap();
        assert!(claim.check().is_err());
        drop(claim);
        let claim = Claim::of(&path, PATIENT).unwrap().unwrap();
        claim.check().unwrap();
        fs::write(&path, "and again").unwrap();
        assert!(claim.check().is_err());
        drop(claim);
        let forced = Claiming {
            is_forced: true,
            ..PATIENT
        };
        let claim = Claim::of(&path, forced).unwrap().unwrap();
        fs::remove_file(&path).unwrap();
        claim.check().unwrap();
        assert!(Claim::of(Path::new("/dev/null"), PATIENT).unwrap().is_none());
    }
}
