//! What is to be chosen when an archive is written anew.

use std::collections::BTreeSet;

use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::params::Params;
use crate::provenance::Provenance;
use crate::rewrite::plan::Plan;
use crate::setters::setters;
use crate::threads;

/// What is to be chosen when an archive is written anew; the rest is settled by the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RewriteOptions {
    /// Items of a pack, and samples of a batch; as many as before if nothing is said.
    pub pack_cardinality: Option<u32>,
    /// Store checksums of all parts and of the sequences, as they are now, if the archive does not have them. What it has stays.
    pub has_checksums: bool,
    /// Store refget and MD5 digests of all contigs that the archive has none of.
    pub has_digests: bool,
    /// Encode groups anew whose references are no sequence of any sample that is kept, and leave out splitters that occur in none.
    pub purges: bool,
    /// What the new archive is to tell of this change; of sources of samples it tells what the old one does.
    pub provenance: Option<Provenance>,
    /// Names of samples that are left out and will come back. Words of earlier commands that name others which are left out go, since those
    /// may have to be forgotten; and if nothing else is left out, packs are compressed quickly, since their items come back, too.
    pub returning: BTreeSet<Vec<u8>>,
    /// Threads that recode.
    pub n_threads: usize,
}

setters!(RewriteOptions {
    with_pack_cardinality: pack_cardinality: Option<u32>,
    with_checksums: has_checksums: bool,
    with_digests: has_digests: bool,
    with_purge: purges: bool,
    with_provenance: provenance: Option<Provenance>,
    with_returning: returning: BTreeSet<Vec<u8>>,
    with_threads: n_threads: usize,
});

impl Default for RewriteOptions {
    fn default() -> Self {
        Self {
            pack_cardinality: None,
            has_checksums: false,
            has_digests: false,
            purges: false,
            provenance: None,
            returning: BTreeSet::new(),
            n_threads: threads::n_cores().get(),
        }
    }
}

impl RewriteOptions {
    /// Checks that every value lies in its range.
    ///
    /// # Errors
    /// `BadOption`, naming the value and its range.
    pub fn validate(&self) -> Result<()> {
        let range = Params::PACK_CARDINALITY;
        if self.has_digests {
            digest::check_can_be_taken()?;
        }
        match self.pack_cardinality.filter(|items| !range.contains(items)) {
            Some(items) => Err(bad(format!(
                "pack cardinality {items} is not between {} and {}",
                range.start(),
                range.end()
            ))),
            None if self.n_threads == 0 => Err(bad("no threads".to_owned())),
            None => Ok(()),
        }
    }

    /// Refuses what no change in place can do.
    ///
    /// # Errors
    /// `BadOption`.
    pub(super) fn refuse_other_packs(&self) -> Result<()> {
        match self.pack_cardinality.is_some() || self.purges || self.has_checksums || self.has_digests {
            true => Err(bad(
                "other packs, purging, checksums and digests need an archive that is written anew".to_owned(),
            )),
            false => Ok(()),
        }
    }

    /// A plan without samples.
    pub(super) fn plan(&self) -> Plan {
        Plan {
            pack_cardinality: self.pack_cardinality,
            adds_checksums: self.has_checksums,
            adds_digests: self.has_digests,
            purges: self.purges,
            drops_unused: self.purges,
            run: self.provenance.clone(),
            returning: self.returning.clone(),
            ..Plan::default()
        }
    }
}

fn bad(why: String) -> Error {
    Error::new(ErrorKind::BadOption(why))
}
