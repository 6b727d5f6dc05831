//! Which names are taken: those of all samples, and those of the contigs of the open sample.

use super::input::Input;
use super::options::InputRules;
use super::rename::FreeNames;
use crate::collection::is_storable;
use crate::error::{Error, Quoted, Result};
use crate::fasta::name;
use ahash::AHashSet;

/// Registers contigs in the order of the input, and opens and closes their samples.
pub(super) struct Registry {
    rules: InputRules,
    samples: FreeNames,
    open: Option<OpenSample>,
    contigs: AHashSet<Vec<u8>>,
    last_contig: Option<Vec<u8>>,
}

struct OpenSample {
    name: Vec<u8>,
    /// The name in the input, if it was taken.
    original: Option<Vec<u8>>,
}

impl OpenSample {
    fn is(&self, original: &[u8]) -> bool {
        self.original.as_deref().unwrap_or(&self.name) == original
    }
}

/// What a contig did to the samples.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Begun {
    /// The sample that is complete by that.
    pub(super) finished: Option<Vec<u8>>,
    /// The names, original and new, of a sample that begins and had to be renamed.
    pub(super) renamed: Option<(Vec<u8>, Vec<u8>)>,
}

impl Registry {
    /// Knows of no sample yet. When samples are renamed, none gets the name of an input.
    pub(super) fn new(rules: InputRules, inputs: &[Input]) -> Self {
        let inputs = inputs.iter().filter(|_| !rules.is_concatenated);
        Self {
            rules,
            samples: FreeNames::new(inputs.map(|input| input.sample.clone().into_bytes())),
            open: None,
            contigs: AHashSet::new(),
            last_contig: None,
        }
    }

    /// Samples that are stored already.
    pub(super) fn resume<'n>(&mut self, samples: impl Iterator<Item = &'n [u8]>) {
        samples.for_each(|name| {
            self.samples.take(name);
        });
    }

    /// Whether contigs of one sample are let in under one name.
    pub(super) fn renames_duplicates(&self) -> bool {
        self.rules.renames_duplicates
    }

    /// Whether no sample has begun yet.
    pub(super) fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Registers a contig and, if it is the first of one, its sample.
    ///
    /// # Errors
    /// `BadInput` for names that are taken or cannot be stored.
    pub(super) fn begin_contig(&mut self, contig: &[u8], sample_of_file: &str) -> Result<Begun> {
        let sample = match self.rules.is_concatenated {
            true => name::short_name(contig),
            false => sample_of_file.as_bytes(),
        };
        let mut begun = Begun::default();
        if !self.open.as_ref().is_some_and(|open| open.is(sample)) {
            let next = self.name_sample(sample)?;
            begun.finished = self.end_file();
            begun.renamed = next
                .original
                .clone()
                .map(|original| (original, next.name.clone()));
            self.open = Some(next);
        }
        if !is_storable(contig, self.last_contig.as_deref()) {
            return Err(Error::bad_input(
                "the format cannot store this name after the one before it: it holds bytes outside ASCII",
            ));
        }
        // Where contigs are renamed, that is done when all of the sample are known.
        if !self.rules.renames_duplicates && !self.contigs.insert(contig.to_vec()) {
            return Err(Error::bad_input(
                "a contig of this name is already in the sample (--rename-duplicates gives it another)",
            ));
        }
        self.last_contig = Some(contig.to_vec());
        Ok(begun)
    }

    /// Takes a name for a sample that is called `sample` in the input.
    fn name_sample(&mut self, sample: &[u8]) -> Result<OpenSample> {
        if sample.is_empty() {
            return Err(Error::bad_input("the sample would have an empty name"));
        }
        if self.samples.take(sample) {
            return Ok(OpenSample {
                name: sample.to_vec(),
                original: None,
            });
        }
        if self.rules.renames_duplicates {
            return Ok(OpenSample {
                name: self.samples.take_numbered(sample),
                original: Some(sample.to_vec()),
            });
        }
        Err(Error::bad_input(format!(
            "sample {} is already there (--rename-duplicates gives it another name)",
            Quoted(&String::from_utf8_lossy(sample))
        )))
    }

    /// Ends the open sample and gives its name.
    pub(super) fn end_file(&mut self) -> Option<Vec<u8>> {
        self.contigs.clear();
        self.last_contig = None;
        self.open.take().map(|open| open.name)
    }

    /// Gives the name of a sample free again.
    pub(super) fn forget_sample(&mut self, name: &[u8]) {
        self.samples.release(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry(is_concatenated: bool, renames_duplicates: bool, inputs: &[&str]) -> Registry {
        let rules = InputRules {
            is_concatenated,
            renames_duplicates,
            ..InputRules::default()
        };
        Registry::new(
            rules,
            &inputs
                .iter()
                .map(|name| Input::file(format!("{name}.fa")))
                .collect::<Vec<_>>(),
        )
    }

    fn names(begun: &Begun) -> [String; 2] {
        let text = |name: Option<&Vec<u8>>| String::from_utf8(name.cloned().unwrap_or_default()).unwrap();
        [
            text(begun.finished.as_ref()),
            text(begun.renamed.as_ref().map(|(_, new)| new)),
        ]
    }

    #[test]
    fn samples_of_files_get_names_that_no_file_has() {
        let mut registry = registry(false, true, &["s", "s", "s.2", "s"]);
        registry.resume([&b"old"[..]].into_iter());
        let mut begin = |sample: &str| {
            let begun = registry.begin_contig(b"x", sample).unwrap();
            registry.end_file();
            names(&begun)[1].clone()
        };
        assert_eq!(
            ["s", "s", "s.2", "s", "old", "old"].map(&mut begin),
            ["", "s.3", "", "s.4", "old.2", "old.3"]
        );
    }

    #[test]
    fn contigs_that_follow_each_other_share_a_sample_under_its_new_name() {
        let mut registry = registry(true, true, &[]);
        let mut begin = |contig: &str| names(&registry.begin_contig(contig.as_bytes(), "").unwrap());
        assert_eq!(begin("a 1"), ["", ""]);
        assert_eq!(begin("b"), ["a", ""]);
        assert_eq!(begin("a 2"), ["b", "a.2"]);
        assert_eq!(begin("a 3"), ["", ""]);
        // This name was given away.
        assert_eq!(begin("a.2"), ["a.2", "a.2.2"]);
    }

    #[test]
    fn a_name_that_is_forgotten_is_free() {
        let mut registry = registry(false, false, &[]);
        registry.begin_contig(b"x", "s").unwrap();
        assert!(registry.begin_contig(b"x", "s").is_err());
        assert_eq!(registry.end_file().as_deref(), Some(&b"s"[..]));
        assert!(registry.begin_contig(b"x", "s").is_err());
        registry.forget_sample(b"s");
        registry.begin_contig(b"x", "s").unwrap();
    }
}
