//! Samples by name, by a list of names, by the beginning of their names.
//!
//! A name that no sample has may be the beginning of PanSN names: `HG002` means all samples `HG002#…`, `HG002#1` all
//! samples `HG002#1#…`. Samples that begin alike come in the order of the archive.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::Archive;
use ragc_core::SampleNames;

use crate::near::{did_you_mean, near_samples, with_near};
use crate::out::reads_from;
use crate::source::{claim_stdin, is_stdin};

/// What some editors begin a text with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Options that select samples.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct SelectArgs {
    /// Also the samples that this file names, one per line; - is standard input
    #[arg(long, value_name = "FILE")]
    samples_from: Option<PathBuf>,

    /// Also all samples whose names start so; may be repeated
    #[arg(long, value_name = "START")]
    prefix: Vec<OsString>,
}

impl SelectArgs {
    /// Whether nothing is selected by list or by prefix.
    pub(crate) fn is_empty(&self) -> bool {
        self.samples_from.is_none() && self.prefix.is_empty()
    }

    /// As [`Self::select`]; all samples in the order of `getcol` if none is asked for.
    pub(crate) fn select_or_all(&self, archive: &Archive, names: &[OsString]) -> anyhow::Result<Vec<usize>> {
        match names.is_empty() && self.is_empty() {
            true => Ok(archive.samples_in_output_order()?),
            false => self.select(archive, names),
        }
    }

    /// As [`Self::select`], but a name is never the beginning of others.
    pub(crate) fn select_exactly(&self, archive: &Archive, names: &[OsString]) -> anyhow::Result<Vec<usize>> {
        self.select_if(archive, names, |name, named| match named {
            Named::One(_) => Ok(()),
            Named::Several(found) => {
                let (name, n) = (String::from_utf8_lossy(name), found.len());
                bail!("no sample is named {name:?}: {n} have names that go on with #; --prefix {name:?} means those")
            }
        })
    }

    /// Places of the samples asked for: first those in `names`, then those of the list, then those of the prefixes. A
    /// sample named twice comes twice; one that a prefix adds comes once.
    pub(crate) fn select(&self, archive: &Archive, names: &[OsString]) -> anyhow::Result<Vec<usize>> {
        self.select_if(archive, names, |_, _| Ok(()))
    }

    fn select_if(
        &self,
        archive: &Archive,
        names: &[OsString],
        check: impl Fn(&[u8], &Named) -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<usize>> {
        let samples = Samples::of(archive)?;
        let mut selected = Selected::default();
        for name in names {
            let named = samples.named(name.as_bytes())?;
            check(name.as_bytes(), &named)?;
            selected.add(named);
        }
        if let Some(list) = &self.samples_from {
            for name in read_lines(list)? {
                let named = samples.named(&name);
                let named = named.and_then(|named| check(&name, &named).map(|()| named));
                selected.add(named.with_context(|| list.display().to_string())?);
            }
        }
        for prefix in &self.prefix {
            let found = samples.starting_with(prefix.as_bytes());
            if found.is_empty() {
                let near = near_samples(archive, &prefix.to_string_lossy());
                bail!(
                    "no sample has a name that starts with {prefix:?}{}",
                    did_you_mean(&near)
                );
            }
            selected.add(Named::Several(found));
        }
        Ok(selected.samples)
    }
}

/// What a name selects.
pub(crate) enum Named {
    /// The sample of this name.
    One(usize),
    /// Samples that the name is the beginning of.
    Several(Vec<usize>),
}

#[derive(Default)]
struct Selected {
    samples: Vec<usize>,
    seen: HashSet<usize>,
}

impl Selected {
    fn add(&mut self, named: Named) {
        match named {
            Named::One(sample) => {
                self.seen.insert(sample);
                self.samples.push(sample);
            }
            Named::Several(found) => {
                let seen = &mut self.seen;
                self.samples
                    .extend(found.into_iter().filter(|sample| seen.insert(*sample)));
            }
        }
    }
}

/// The samples of an archive, to be asked by name.
pub(crate) struct Samples<'a> {
    archive: &'a Archive,
    names: &'a SampleNames,
    /// All names in the order of their bytes, made when first needed.
    sorted: OnceCell<Vec<&'a [u8]>>,
}

impl<'a> Samples<'a> {
    /// The samples of this archive.
    pub(crate) fn of(archive: &'a Archive) -> ragc_core::Result<Self> {
        archive.fetch_samples();
        Ok(Self {
            archive,
            names: archive.samples()?,
            sorted: OnceCell::new(),
        })
    }

    /// What a name selects: the sample of this name or else, as a PanSN prefix, those whose names go on with `#`.
    fn named(&self, name: &[u8]) -> anyhow::Result<Named> {
        match self.find(name) {
            Some(named) => Ok(named),
            None => match self.archive.find_sample(name) {
                Ok(sample) => Ok(Named::One(sample)),
                Err(error) => Err(with_near(self.archive, error)),
            },
        }
    }

    /// As [`Self::named`], if there is anything.
    pub(crate) fn find(&self, name: &[u8]) -> Option<Named> {
        if let Some(sample) = self.names.find(name) {
            return Some(Named::One(sample));
        }
        let found = self.starting_with(&[name, b"#"].concat());
        (!found.is_empty()).then_some(Named::Several(found))
    }

    /// Places of the samples whose names start so, in archive order.
    fn starting_with(&self, prefix: &[u8]) -> Vec<usize> {
        let sorted = self.sorted.get_or_init(|| self.names.iter_sorted().collect());
        let first = sorted.partition_point(|name| *name < prefix);
        let found = sorted[first..].iter().take_while(|name| name.starts_with(prefix));
        let mut places: Vec<usize> = found.filter_map(|name| self.names.find(name)).collect();
        places.sort_unstable();
        places
    }
}

/// Names of the samples in these places.
pub(crate) fn names_of(archive: &Archive, places: &[usize]) -> ragc_core::Result<Vec<Vec<u8>>> {
    let names = archive.samples()?;
    Ok(places
        .iter()
        .filter_map(|place| names.get(*place))
        .map(<[u8]>::to_vec)
        .collect())
}

/// Lines of a file, without their ends and a byte order mark; blank ones are left out. `-` is standard input.
pub(crate) fn read_lines(path: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut text = Vec::new();
    if is_stdin(path) {
        claim_stdin()?;
    }
    reads_from(path)?;
    let read = match path.as_os_str().as_bytes() {
        b"-" => io::stdin().lock().read_to_end(&mut text).map(drop),
        _ => fs::read(path).map(|bytes| text = bytes),
    };
    read.with_context(|| format!("{}: cannot read", path.display()))?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(<[u8]>::to_vec)
        .collect())
}
