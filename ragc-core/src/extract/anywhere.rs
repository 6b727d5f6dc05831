//! Contigs by name in all samples at once, for whoever asks for many names or only needs to know that there are none.

use std::collections::HashMap;
use std::sync::Arc;

use crate::collection::{BatchNames, ContigList};
use crate::error::Result;
use crate::extract::store::{Key, Store};
use crate::extract::{ContigId, Decompressor};
use crate::file_info::FormatVersion;
use crate::name::short_name;
use crate::original::TextKind;

/// Where a name was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Anywhere {
    /// The first contig of this name; `None` if there is none.
    pub first: Option<ContigId>,
    /// Number of samples that have one.
    pub n_samples: usize,
}

impl Decompressor {
    /// Finds each of these names in all samples, as [`Self::find_contig`] does one without a sample.
    ///
    /// # Errors
    /// `Corrupt` when names are damaged.
    ///
    /// # Cost
    /// The names of all samples are read; those of a batch are decoded only if what is no letter or digit in a wanted name
    /// occurs in their first words. So it takes little time to see that nothing is named `chr1@sample`.
    pub fn find_anywhere(&self, names: &[&[u8]]) -> Result<Vec<Anywhere>> {
        self.placed(|| {
            let mut search = Search::of(names);
            if !names.is_empty() {
                search.run(&self.store)?;
            }
            Ok(search.found())
        })
    }
}

/// What is wanted, and what was found of it.
struct Search<'a> {
    /// Names by their first word.
    by_short_name: HashMap<&'a [u8], Vec<usize>>,
    wanted: Vec<Wanted<'a>>,
}

/// A name, and where it is found as a complete header line and as a first word.
struct Wanted<'a> {
    name: &'a [u8],
    whole: Tally,
    short: Tally,
}

/// Counts samples, which come one after the other.
#[derive(Default)]
struct Tally {
    found: Anywhere,
    last_sample: Option<usize>,
}

impl Tally {
    /// Of contigs named alike in one sample the first counts.
    fn add(&mut self, contig: ContigId) {
        if self.last_sample.replace(contig.sample) != Some(contig.sample) {
            self.found.n_samples += 1;
            self.found.first.get_or_insert(contig);
        }
    }
}

impl<'a> Search<'a> {
    fn of(names: &[&'a [u8]]) -> Self {
        let mut by_short_name: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (i, name) in names.iter().enumerate() {
            by_short_name.entry(short_name(name)).or_default().push(i);
        }
        let wanted = |name: &&'a [u8]| Wanted {
            name,
            whole: Tally::default(),
            short: Tally::default(),
        };
        Self {
            by_short_name,
            wanted: names.iter().map(wanted).collect(),
        }
    }

    fn run(&mut self, store: &Store) -> Result<()> {
        if store.version() != FormatVersion::V3 {
            // They are decoded as a whole anyway.
            for sample in 0..store.samples()?.len() {
                self.look_into(sample, &*store.names_of(sample)?);
            }
            return Ok(());
        }
        let has_other_names = store.texts_index(TextKind::Names)?.is_some();
        let batch_len = store.params().pack_cardinality as usize;
        for batch in 0..store.samples()?.len().div_ceil(batch_len) {
            let names = match store.cached_already::<BatchNames>(Key::BatchNames(batch)) {
                Some(names) => names,
                None => Arc::new(store.names_v3(batch)?),
            };
            // Names that the collection cannot hold are not among these.
            if !has_other_names && !self.may_be_in(&names) {
                continue;
            }
            for slot in 0..names.n_samples() {
                let sample = batch * batch_len + slot;
                let stored = store.contigs_v3(&names, batch, slot)?;
                self.look_into(sample, &store.with_true_names(sample, stored)?);
            }
        }
        Ok(())
    }

    /// Whether the bytes of a name that set it apart occur in these.
    fn may_be_in(&self, names: &BatchNames) -> bool {
        let mut short_names = self.by_short_name.keys();
        short_names.any(|name| {
            let mut apart = name.iter().filter(|byte| !byte.is_ascii_alphanumeric());
            apart.all(|byte| names.may_have_in_first_word(*byte))
        })
    }

    fn look_into(&mut self, sample: usize, names: &ContigList) {
        let stored = names.as_stored().iter().enumerate();
        let others = stored.filter(|(contig, stored)| names.name(*contig) != *stored);
        // By its own name a contig is found before one that other programs know by it.
        for (contig, header) in names.iter().enumerate().chain(others) {
            for wanted in self.by_short_name.get(short_name(header)).into_iter().flatten() {
                let wanted = &mut self.wanted[*wanted];
                let id = ContigId { sample, contig };
                wanted.short.add(id);
                if wanted.name == header {
                    wanted.whole.add(id);
                }
            }
        }
    }

    /// A complete header line is taken at its word first.
    fn found(self) -> Vec<Anywhere> {
        let found = |wanted: Wanted| match wanted.whole.found.first {
            Some(_) if wanted.name != short_name(wanted.name) => wanted.whole.found,
            _ => wanted.short.found,
        };
        self.wanted.into_iter().map(found).collect()
    }
}
