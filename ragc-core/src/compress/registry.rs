//! Which names are taken: those of all samples, and those of the contigs of the open sample.

use super::input::{Input, WAY_OUT};
use super::options::{InputRules, SamplesBy};
use super::rename::FreeNames;
use crate::error::{Error, Quoted, Result};
use crate::name;
use ahash::AHashSet;

/// Registers contigs in the order of the input, and opens and closes their samples.
pub(super) struct Registry {
    rules: InputRules,
    samples: FreeNames,
    open: Option<NamedSample>,
    contigs: AHashSet<Vec<u8>>,
    /// What the samples of the input that is being read are called there, where it may have several that are to be whole.
    of_input: AHashSet<Vec<u8>>,
    duplicates: Duplicates,
    /// The sample whose contigs are left out.
    duplicate: Option<Vec<u8>>,
}

struct NamedSample {
    name: Vec<u8>,
    /// The name in the input, if it was taken.
    original: Option<Vec<u8>>,
}

impl NamedSample {
    fn is(&self, original: &[u8]) -> bool {
        self.original.as_deref().unwrap_or(&self.name) == original
    }
}

/// Samples and contigs that were left out because their names are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Duplicates {
    /// Number of samples.
    pub n_samples: u64,
    /// Number of contigs of samples that were not left out as a whole.
    pub n_contigs: u64,
    /// The first of either.
    pub first: Option<Vec<u8>>,
}

impl Duplicates {
    /// Whether nothing was left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

/// What became of a contig.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// It is registered.
    Contig(Changes),
    /// It is left out, because its name or that of its sample is taken.
    Duplicate,
}

/// What a contig did to the samples.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// The sample that is complete by that.
    pub(super) finished: Option<Vec<u8>>,
    /// The names, original and new, of a sample that begins and had to be renamed.
    pub(super) renamed: Option<(Vec<u8>, Vec<u8>)>,
}

impl Registry {
    /// Knows of no sample yet. When samples are renamed, none gets the name of an input.
    pub(super) fn new(rules: InputRules, inputs: &[Input]) -> Self {
        let inputs = inputs.iter().filter(|_| rules.samples_by == SamplesBy::Input);
        Self {
            rules,
            samples: FreeNames::new(inputs.map(|input| input.sample.clone().into_bytes())),
            open: None,
            contigs: AHashSet::new(),
            of_input: AHashSet::new(),
            duplicates: Duplicates::default(),
            duplicate: None,
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
        self.rules.renames_duplicates && !self.rules.skips_duplicates
    }

    /// Whether no sample has begun yet.
    pub(super) fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Whether an input may hold several samples of several contigs each.
    pub(super) fn has_several_samples(&self) -> bool {
        self.rules.samples_by == SamplesBy::PanSn
    }

    /// What was left out.
    pub(super) fn duplicates(&self) -> &Duplicates {
        &self.duplicates
    }

    /// Registers a contig and, if it is the first of one, its sample.
    ///
    /// # Errors
    /// `BadInput` for names that are taken or cannot be stored.
    pub(super) fn begin_contig(&mut self, contig: &[u8], sample_of_input: &str) -> Result<Begun> {
        let sample = match self.rules.samples_by {
            SamplesBy::Input => sample_of_input.as_bytes(),
            SamplesBy::ShortName => name::short_name(contig),
            SamplesBy::PanSn => name::pansn_sample(contig).ok_or_else(|| {
                Error::bad_input(
                    "its name is not sample#haplotype#contig, by which it would belong to a sample",
                )
            })?,
        };
        let mut changes = Changes::default();
        if !self.open.as_ref().is_some_and(|open| open.is(sample)) {
            // As with AGC, the open sample stays open where one is left out.
            let Some(next) = self.name_sample(sample)? else {
                return Ok(Begun::Duplicate);
            };
            changes.finished = self.end_sample();
            changes.renamed = next
                .original
                .clone()
                .map(|original| (original, next.name.clone()));
            self.open = Some(next);
        }
        // Where contigs are renamed, that is done when all of the sample are known.
        if !self.renames_duplicates() && self.contigs.contains(contig) {
            if self.rules.skips_duplicates {
                self.duplicates.n_contigs += 1;
                self.duplicates.first.get_or_insert_with(|| contig.to_vec());
                return Ok(Begun::Duplicate);
            }
            let why = format!("a contig of this name is already in the sample {WAY_OUT}");
            return Err(Error::bad_input(why));
        }
        if contig.contains(&0) {
            return Err(Error::bad_input(
                "its name holds a NUL, which the format cannot store",
            ));
        }
        if !self.renames_duplicates() {
            self.contigs.insert(contig.to_vec());
        }
        Ok(Begun::Contig(changes))
    }

    /// Takes a name for a sample that is called `sample` in the input; `None` for one that is left out.
    fn name_sample(&mut self, sample: &[u8]) -> Result<Option<NamedSample>> {
        if sample.is_empty() {
            return Err(Error::bad_input("the sample would have an empty name"));
        }
        // Lists, JSON and file names would all show one name for several.
        if std::str::from_utf8(sample).is_err() {
            return Err(Error::bad_input(
                "the name of its sample would hold bytes that are not UTF-8",
            ));
        }
        self.check_whole(sample)?;
        let taken = if self.samples.take(sample) {
            NamedSample {
                name: sample.to_vec(),
                original: None,
            }
        } else if self.rules.skips_duplicates {
            self.note_duplicate(sample);
            return Ok(None);
        } else if self.rules.renames_duplicates {
            NamedSample {
                name: self.samples.take_numbered(sample),
                original: Some(sample.to_vec()),
            }
        } else {
            return Err(Error::bad_input(format!(
                "sample {} is already there {WAY_OUT}",
                Quoted(&String::from_utf8_lossy(sample))
            )));
        };
        if self.rules.samples_by == SamplesBy::PanSn {
            self.of_input.insert(sample.to_vec());
        }
        Ok(Some(taken))
    }

    /// Refuses a sample that began in this input and was ended by another one: the rest of it is no duplicate.
    fn check_whole(&self, sample: &[u8]) -> Result<()> {
        match self.of_input.contains(sample) {
            false => Ok(()),
            true => Err(Error::bad_input(format!(
                "records of sample {} stand before it, and others between: those of a sample have to follow one another",
                Quoted(&String::from_utf8_lossy(sample))
            ))),
        }
    }

    fn note_duplicate(&mut self, sample: &[u8]) {
        if self.duplicate.as_deref() != Some(sample) {
            self.duplicates.n_samples += 1;
            self.duplicates.first.get_or_insert_with(|| sample.to_vec());
            self.duplicate = Some(sample.to_vec());
        }
    }

    /// Ends the open sample, and the input, and gives the name of the sample.
    pub(super) fn end_input(&mut self) -> Option<Vec<u8>> {
        self.of_input.clear();
        self.duplicate = None;
        self.end_sample()
    }

    fn end_sample(&mut self) -> Option<Vec<u8>> {
        self.contigs.clear();
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

    fn registry(samples_by: SamplesBy, renames_duplicates: bool, inputs: &[&str]) -> Registry {
        let rules = InputRules {
            samples_by,
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
        let Begun::Contig(changes) = begun else {
            return ["left", "out"].map(str::to_owned);
        };
        [
            text(changes.finished.as_ref()),
            text(changes.renamed.as_ref().map(|(_, new)| new)),
        ]
    }

    #[test]
    fn samples_of_files_get_names_that_no_file_has() {
        let mut registry = registry(SamplesBy::Input, true, &["s", "s", "s.2", "s"]);
        registry.resume([&b"old"[..]].into_iter());
        let mut begin = |sample: &str| {
            let begun = registry.begin_contig(b"x", sample).unwrap();
            registry.end_input();
            names(&begun)[1].clone()
        };
        assert_eq!(
            ["s", "s", "s.2", "s", "old", "old"].map(&mut begin),
            ["", "s.3", "", "s.4", "old.2", "old.3"]
        );
    }

    #[test]
    fn contigs_that_follow_each_other_share_a_sample_under_its_new_name() {
        let mut registry = registry(SamplesBy::ShortName, true, &[]);
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
        let mut registry = registry(SamplesBy::Input, false, &[]);
        registry.begin_contig(b"x", "s").unwrap();
        assert!(registry.begin_contig(b"x", "s").is_err());
        assert_eq!(registry.end_input().as_deref(), Some(&b"s"[..]));
        assert!(registry.begin_contig(b"x", "s").is_err());
        registry.forget_sample(b"s");
        registry.begin_contig(b"x", "s").unwrap();
    }

    fn skipping(samples_by: SamplesBy) -> Registry {
        let rules = InputRules {
            samples_by,
            skips_duplicates: true,
            ..InputRules::default()
        };
        Registry::new(rules, &[])
    }

    #[test]
    fn duplicates_are_left_out_and_counted() {
        let mut registry = skipping(SamplesBy::Input);
        let begin = |registry: &mut Registry, contig: &str, sample: &str| {
            names(&registry.begin_contig(contig.as_bytes(), sample).unwrap())[0].clone()
        };
        assert_eq!(
            ["x", "y", "x"].map(|contig| begin(&mut registry, contig, "s")),
            ["", "", "left"]
        );
        registry.end_input();
        assert_eq!(
            ["x", "z"].map(|contig| begin(&mut registry, contig, "s")),
            ["left", "left"]
        );
        registry.end_input();
        assert_eq!(begin(&mut registry, "x", "s"), "left");
        let Duplicates {
            n_samples,
            n_contigs,
            first,
        } = registry.duplicates();
        assert_eq!(
            (*n_samples, *n_contigs, first.as_deref()),
            (2, 1, Some(&b"x"[..]))
        );

        let mut registry = skipping(SamplesBy::ShortName);
        let begun = ["a 1", "b 1", "a 2", "b 2", "b 1", "c"].map(|contig| begin(&mut registry, contig, ""));
        assert_eq!(begun, ["", "a", "left", "", "left", "b"]);
    }

    #[test]
    fn samples_by_pansn_have_to_be_whole() {
        for rules in [(false, false), (true, false), (false, true)] {
            let (renames_duplicates, skips_duplicates) = rules;
            let rules = InputRules {
                samples_by: SamplesBy::PanSn,
                renames_duplicates,
                skips_duplicates,
                ..InputRules::default()
            };
            let mut registry = Registry::new(rules, &[]);
            let mut begin = |contig: &str| {
                let begun = registry
                    .begin_contig(contig.as_bytes(), "")
                    .map_err(|error| error.to_string())?;
                Ok::<_, String>(names(&begun)[0].clone())
            };
            assert_eq!(begin("s#1#a"), Ok(String::new()));
            assert_eq!(begin("s#1#b"), Ok(String::new()));
            assert_eq!(begin("s#2#a"), Ok("s#1".to_owned()));
            assert!(begin("s#1#c").unwrap_err().contains("\"s#1\" stand before it"));
            assert!(begin("s#1").unwrap_err().contains("sample#haplotype#contig"));
            registry.end_input();
            let again = registry.begin_contig(b"s#1#c", "");
            assert_eq!(again.is_ok(), renames_duplicates || skips_duplicates);
        }
    }
}
