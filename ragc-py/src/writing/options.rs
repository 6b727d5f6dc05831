//! Words of callers to options of the library.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use ragc_core::Keep;
use ragc_core::compress::{Access, AppendOptions, CreateOptions, InputRules, SamplesBy};
use ragc_core::provenance::Provenance;

use crate::numbers::{typed, whole, wrong_option, yes_or_no};
use crate::threads::{Threads, n_threads};

/// What every command that stores genomes may be told.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct Storing {
    samples_by: String,
    duplicates: String,
    allow_unnamed: bool,
    any_residues: bool,
    keep: Option<String>,
    adaptive: bool,
    seed_fraction: Option<f64>,
    raw_contigs: Option<bool>,
    memory: Option<usize>,
    threads: Option<Threads>,
    checksums: bool,
    digests: bool,
    /// Read the archive back before it has its name.
    pub(super) verify: bool,
    pub(super) provenance: bool,
    pub(super) wait: bool,
}

/// What `create` may be told besides.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(super) struct Creating {
    k: Option<u32>,
    min_match: Option<u32>,
    segment_size: Option<u32>,
    pack_cardinality: Option<u32>,
    access: String,
    pub(super) force: bool,
}

impl Storing {
    pub(super) fn n_threads(&self) -> usize {
        n_threads(self.threads)
    }

    /// What is asked of the inputs, of which this is kept unless something else was said.
    pub(super) fn rules(&self, keep: Keep) -> PyResult<InputRules> {
        let samples_by = word(
            "samples_by",
            &self.samples_by,
            &[
                ("input", SamplesBy::Input),
                ("contig", SamplesBy::ShortName),
                ("pansn", SamplesBy::PanSn),
            ],
        )?;
        let (renames, skips) = duplicates(&self.duplicates)?;
        Ok(InputRules::default()
            .with_samples_by(samples_by)
            .with_any_residues(self.any_residues)
            .with_renamed_duplicates(renames)
            .with_skipped_duplicates(skips)
            .with_named_unnamed(self.allow_unnamed)
            .with_keep(self.keep(keep)?)
            .with_memory(self.memory))
    }

    fn keep(&self, keep: Keep) -> PyResult<Keep> {
        let Some(kept) = &self.keep else { return Ok(keep) };
        let none = Keep::default();
        let words = [
            ("all", Keep::ALL),
            ("case", none.with_case(true)),
            ("layout", none.with_layout(true)),
            ("none", none),
        ];
        word("keep", kept, &words)
    }

    pub(super) fn options(&self, rules: InputRules, provenance: Option<Provenance>) -> AppendOptions {
        AppendOptions::default()
            .with_seed_fraction(self.seed_fraction)
            .with_raw_contigs(self.raw_contigs)
            .with_adaptive(self.adaptive)
            .with_memory(self.memory)
            .with_rules(rules)
            .with_checksums(self.checksums)
            .with_digests(self.digests)
            .with_provenance(provenance)
            .with_threads(self.n_threads())
    }
}

impl Creating {
    pub(super) fn apply(&self, options: CreateOptions) -> PyResult<CreateOptions> {
        let words = [
            ("fast", Access::Fast),
            ("balanced", Access::Balanced),
            ("small", Access::Small),
        ];
        let (k, min_match) = (options.k, options.min_match);
        Ok(options
            .with_k(self.k.unwrap_or(k))
            .with_min_match(self.min_match.unwrap_or(min_match))
            .with_segment_size(self.segment_size)
            .with_pack_cardinality(self.pack_cardinality)
            .with_access(word("access", &self.access, &words)?))
    }
}

/// Tells which of the options is none of what it may be, by its name: what takes them out of the dictionary would tell of a field.
pub(super) fn check(options: &Bound<'_, PyDict>) -> PyResult<()> {
    for (option, given) in options {
        check_option(&option.extract::<String>()?, &given)?;
    }
    Ok(())
}

fn check_option(option: &str, given: &Bound<'_, PyAny>) -> PyResult<()> {
    match option {
        "k" | "min_match" | "segment_size" | "pack_cardinality" => {
            whole::<Option<u32>>(option, given).map(drop)
        }
        "memory" => whole::<Option<usize>>(option, given).map(drop),
        "threads" => whole::<Option<Threads>>(option, given).map(drop),
        "seed_fraction" => typed::<Option<f64>>(option, "a number", given).map(drop),
        "access" | "samples_by" | "duplicates" => typed::<String>(option, "a word", given).map(drop),
        "keep" => typed::<Option<String>>(option, "a word", given).map(drop),
        "output" => typed::<Option<PathBuf>>(option, "a path", given).map(drop),
        "raw_contigs" => typed::<Option<bool>>(option, "True or False", given).map(drop),
        _ => yes_or_no(option, given).map(drop),
    }
}

/// Whether what has a name that is taken gets another one, and whether it is left out.
pub(super) fn duplicates(given: &str) -> PyResult<(bool, bool)> {
    let words = [
        ("refuse", (false, false)),
        ("rename", (true, false)),
        ("skip", (false, true)),
    ];
    word("duplicates", given, &words)
}

/// What a word stands for.
fn word<T: Copy>(option: &str, given: &str, words: &[(&str, T)]) -> PyResult<T> {
    let found = words.iter().find(|(word, _)| *word == given);
    found.map(|(_, meant)| *meant).ok_or_else(|| {
        let known: Vec<String> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
        wrong_option(&format!("{option} is one of {}, not {given:?}", known.join(", ")))
    })
}
