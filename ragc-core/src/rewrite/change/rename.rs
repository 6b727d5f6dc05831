//! An archive whose samples and contigs have other names.

use std::collections::BTreeMap;
use std::io::Write;

use ahash::AHashSet;

use crate::collection::substitutes;
use crate::error::{Error, ErrorKind, Quoted, Result};
use crate::extract::{Archive, ContigNames};
use crate::name::{short_name, without_blanks};
use crate::observe::Observer;
use crate::printable;
use crate::rewrite::Existing;
use crate::rewrite::RewriteOptions;
use crate::rewrite::change::named::{check_new_contig, check_new_sample, place};
use crate::rewrite::commit::{Rewritten, commit};
use crate::rewrite::plan::Plan;
use crate::track::{KeptContigs, KeptSample, NewName};

/// New names. Names of samples and contigs in it are those that they have before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    samples: Vec<(Vec<u8>, Vec<u8>)>,
    contigs: Vec<ContigName>,
}

impl Renames {
    /// A sample is to be called `to`.
    pub fn add_sample(&mut self, from: impl Into<Vec<u8>>, to: impl Into<Vec<u8>>) {
        self.samples.push((from.into(), to.into()));
    }

    /// A contig of a sample is to be called `to`. It is named by its header line, or by the first word of that if no other contig of the
    /// sample has it. A name of one word in place of one of one word leaves what stands behind that in the header line.
    pub fn add_contig(
        &mut self,
        sample: impl Into<Vec<u8>>,
        from: impl Into<Vec<u8>>,
        to: impl Into<Vec<u8>>,
    ) {
        self.contigs.push(ContigName {
            sample: sample.into(),
            from: from.into(),
            to: to.into(),
        });
    }

    /// Whether an archive has these names already, so that nothing is to be written.
    ///
    /// # Errors
    /// As [`RewriteOptions::rename`], but for names that something else has.
    pub fn change_nothing(&self, archive: &Archive) -> Result<bool> {
        let plan = plan(&Existing::open_any(archive)?, self, &RewriteOptions::default())?;
        Ok(plan.samples.iter().all(KeptSample::is_as_it_is))
    }
}

/// The new name of a contig.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ContigName {
    sample: Vec<u8>,
    from: Vec<u8>,
    to: Vec<u8>,
}

impl RewriteOptions {
    /// Writes the archive under these names to `sink`: packs and references stay as they are.
    ///
    /// # Errors
    /// `NotFound` for a name that is not there; `BadInput` for a name of several contigs, and for a new one that no file could have given, that comes
    /// twice, or that something else has; as [`Self::remove`].
    pub fn rename<W: Write + Send>(
        &self,
        archive: &Archive,
        names: &Renames,
        observer: &dyn Observer,
        sink: W,
    ) -> Result<Rewritten> {
        self.validate()?;
        write_renamed(Existing::open_any(archive)?, names, self, observer, sink)
    }

    /// As [`Self::rename`], and writes to `sink` only what goes behind the end of the archive's file: the names that have changed and a new footer, which
    /// refers to everything else where it is ([`AppendOptions::append_behind`](crate::compress::AppendOptions::append_behind) tells more). The names before stay in the file, and
    /// whoever reads its earlier state sees them.
    ///
    /// # Errors
    /// As [`Self::rename`]; `Unsupported` for an archive of file version 1 or 2, which has to be written anew; `BadOption` for options that would change
    /// packs.
    pub fn rename_behind<W: Write + Send>(
        &self,
        archive: &Archive,
        names: &Renames,
        observer: &dyn Observer,
        sink: W,
    ) -> Result<Rewritten> {
        self.validate()?;
        self.refuse_other_packs()?;
        let existing = Existing::open_any(archive)?;
        if !existing.is_current() {
            let why = "an archive of file version 1 or 2 in place: only those of version 3 can be changed so";
            return archive.placed(|| Err(Error::new(ErrorKind::Unsupported(why.to_owned()))));
        }
        write_renamed(existing.changed_in_place(), names, self, observer, sink)
    }
}

fn write_renamed<W: Write + Send>(
    existing: Existing<'_>,
    names: &Renames,
    options: &RewriteOptions,
    observer: &dyn Observer,
    sink: W,
) -> Result<Rewritten> {
    let plan = plan(&existing, names, options)?;
    commit(&plan, &[existing], options.n_threads, observer, sink)
}

fn plan(existing: &Existing<'_>, names: &Renames, options: &RewriteOptions) -> Result<Plan> {
    let mut plan = Plan {
        samples: Plan::all(existing.sample_names().len()).samples,
        ..options.plan()
    };
    let mut seen = AHashSet::new();
    for (old, new) in &names.samples {
        check_new_sample(new)?;
        let sample = place(existing, old)?;
        if !seen.insert(sample) {
            return Err(twice("sample", old));
        }
        plan.samples[sample].name = (old != new).then(|| new.clone());
    }
    let mut by_sample: BTreeMap<usize, Vec<&ContigName>> = BTreeMap::new();
    for contig in &names.contigs {
        check_new_contig(&contig.to)?;
        by_sample
            .entry(place(existing, &contig.sample)?)
            .or_default()
            .push(contig);
    }
    for (sample, contigs) in by_sample {
        let in_sample = |error: Error| {
            let name = existing.sample_name(sample).unwrap_or_default();
            error.in_sample(&String::from_utf8_lossy(name))
        };
        plan.samples[sample].contigs = renamed(existing, sample, &contigs).map_err(in_sample)?;
    }
    Ok(plan)
}

/// The contigs of a sample of which some have new names.
fn renamed(existing: &Existing<'_>, sample: usize, names: &[&ContigName]) -> Result<KeptContigs> {
    let old = existing
        .archive()
        .contigs(existing.sample_name(sample).unwrap_or_default())?;
    let mut new: Vec<Vec<u8>> = old.iter().map(<[u8]>::to_vec).collect();
    let mut seen = AHashSet::new();
    for name in names {
        let contig = find(&old, &name.from)?;
        if !seen.insert(contig) {
            return Err(twice("contig", &name.from));
        }
        new[contig] = new_header(&new[contig], &name.from, &name.to);
    }
    check_distinct(&old, &new)?;
    let stored_before = |contig: usize| old.stored(contig);
    let substitutes = substitutes(new.iter().map(Vec::as_slice));
    let mut renamed = Vec::new();
    for (contig, (name, substitute)) in new.into_iter().zip(substitutes).enumerate() {
        let is_same = old.get(contig) == Some(name.as_slice());
        let new_name = match substitute {
            None => NewName {
                stored: name,
                true_name: None,
            },
            Some(stored) => NewName {
                stored,
                true_name: Some(name),
            },
        };
        if !is_same || stored_before(contig) != Some(new_name.stored.as_slice()) {
            renamed.push((contig, new_name));
        }
    }
    Ok(match renamed.is_empty() {
        true => KeptContigs::All,
        false => KeptContigs::Renamed(renamed),
    })
}

/// The only contig of a name.
fn find(names: &ContigNames, name: &[u8]) -> Result<usize> {
    let shown = || printable::text_of(name).into_owned();
    match names.named(name).as_slice() {
        [contig] => Ok(*contig),
        [] => Err(Error::new(ErrorKind::NotFound {
            what: "contig",
            name: shown(),
        })),
        [first, others @ ..] => {
            let n = others.len() + 1;
            let shown = shown();
            let name = Quoted(&shown);
            Err(Error::bad_input(
                match others.iter().any(|other| names.get(*other) != names.get(*first)) {
                    true => format!("{n} contigs are named {name}: give the whole header line of one"),
                    false => format!("{n} contigs have the header line {name}, and no name tells them apart"),
                },
            ))
        }
    }
}

/// The header line with a new name. What stands around the first word stays if only that was named, and is replaced by one word.
fn new_header(old: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let word = short_name(old);
    if word != from || short_name(to) != to {
        return to.to_vec();
    }
    let (blanks, name) = old.split_at(old.len() - without_blanks(old).len());
    [blanks, to, &name[word.len()..]].concat()
}

/// Refuses first words, and header lines, that were different and are not any more: contigs are known by them.
fn check_distinct(old: &ContigNames, new: &[Vec<u8>]) -> Result<()> {
    let same = same_now(old, new, short_name).or_else(|| same_now(old, new, |header| header));
    match same {
        None => Ok(()),
        Some(name) => {
            let name = printable::text_of(name);
            Err(Error::bad_input(format!(
                "two contigs would be named {}",
                Quoted(&name)
            )))
        }
    }
}

/// A name of several contigs that had different ones.
fn same_now<'a>(old: &ContigNames, new: &'a [Vec<u8>], name_of: fn(&[u8]) -> &[u8]) -> Option<&'a [u8]> {
    let mut by_name: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (contig, name) in new.iter().enumerate() {
        by_name.entry(name_of(name)).or_default().push(contig);
    }
    let were_same = |contigs: &[usize]| {
        let mut before = contigs.iter().filter_map(|contig| old.get(*contig)).map(name_of);
        let first = before.next();
        before.all(|name| Some(name) == first)
    };
    by_name
        .into_iter()
        .find_map(|(name, contigs)| (!were_same(&contigs)).then_some(name))
}

fn twice(what: &str, name: &[u8]) -> Error {
    let name = printable::text_of(name);
    Error::bad_input(format!("{what} {} gets two new names", Quoted(&name)))
}
