//! Contigs by name in all samples at once, for whoever asks for many names or only needs to know that there are none.

use std::collections::HashMap;

use crate::collection::{BatchNames, ContigList};
use crate::error::Result;
use crate::extract::store::Catalogue;
use crate::extract::{Archive, ContigId};
use crate::name::short_name;

/// Where a name was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Anywhere {
    /// The first contig of this name; `None` if there is none.
    pub first: Option<ContigId>,
    /// Number of samples that have one.
    pub n_samples: usize,
}

#[doc(hidden)]
impl Archive {
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
            let mut search = NameSearch::of(names);
            if !names.is_empty() {
                search.run(self.store().catalogue())?;
            }
            Ok(search.found())
        })
    }
}

/// What is wanted, and what was found of it.
struct NameSearch<'a> {
    /// Names by their first word.
    by_short_name: ByShortName<'a>,
    wanted: Vec<Searched<'a>>,
}

/// A name, and where it is found as a complete header line and as a first word.
struct Searched<'a> {
    name: &'a [u8],
    whole: SampleCount,
    short: SampleCount,
}

/// Counts samples, which come one after the other.
#[derive(Default)]
struct SampleCount {
    found: Anywhere,
    last_sample: Option<usize>,
}

impl SampleCount {
    /// Of contigs named alike in one sample the first counts.
    fn add(&mut self, contig: ContigId) {
        if self.last_sample.replace(contig.sample) != Some(contig.sample) {
            self.found.n_samples += 1;
            self.found.first.get_or_insert(contig);
        }
    }
}

impl<'a> NameSearch<'a> {
    fn of(names: &[&'a [u8]]) -> Self {
        let mut by_short_name = ByShortName::new();
        for (i, name) in names.iter().enumerate() {
            by_short_name.entry(short_name(name)).or_default().push(i);
        }
        let wanted = |name: &&'a [u8]| Searched {
            name,
            whole: SampleCount::default(),
            short: SampleCount::default(),
        };
        Self {
            by_short_name,
            wanted: names.iter().map(wanted).collect(),
        }
    }

    fn run(&mut self, catalogue: &Catalogue) -> Result<()> {
        let Self {
            by_short_name,
            wanted,
        } = self;
        let may_matter = |names: &BatchNames| may_be_in(by_short_name, names);
        let see = |sample, names: &ContigList| look_into(by_short_name, wanted, sample, names);
        catalogue.for_each_names(may_matter, see)
    }

    /// A complete header line is taken at its word first.
    fn found(self) -> Vec<Anywhere> {
        let found = |wanted: Searched| match wanted.whole.found.first {
            Some(_) if wanted.name != short_name(wanted.name) => wanted.whole.found,
            _ => wanted.short.found,
        };
        self.wanted.into_iter().map(found).collect()
    }
}

/// Places of the wanted names by their first word.
type ByShortName<'a> = HashMap<&'a [u8], Vec<usize>>;

/// Whether the bytes of a name that set it apart occur in these.
fn may_be_in(by_short_name: &ByShortName<'_>, names: &BatchNames) -> bool {
    by_short_name.keys().any(|name| {
        let mut apart = name.iter().filter(|byte| !byte.is_ascii_alphanumeric());
        apart.all(|byte| names.may_have_in_first_word(*byte))
    })
}

/// Looks for all that is wanted among the contigs of a sample.
fn look_into(
    by_short_name: &ByShortName<'_>,
    wanted: &mut [Searched<'_>],
    sample: usize,
    names: &ContigList,
) {
    let stored = names.as_stored().iter().enumerate();
    let others = stored.filter(|(contig, stored)| names.name(*contig) != *stored);
    // By its own name a contig is found before one that other programs know by it.
    for (contig, header) in names.iter().enumerate().chain(others) {
        for place in by_short_name.get(short_name(header)).into_iter().flatten() {
            let wanted = &mut wanted[*place];
            let id = ContigId { sample, contig };
            wanted.short.add(id);
            if wanted.name == header {
                wanted.whole.add(id);
            }
        }
    }
}
