//! `ragc rename`: an archive whose samples and contigs have other names.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::bail;
use ragc_core::Archive;
use ragc_core::internals::printable::text_of;
use ragc_core::internals::quoted::Quoted;
use ragc_core::rewrite::Renames;
use ragc_core::short_name;

use crate::args::{ChangeArgs, read_lines};
use crate::commands::change::{OF_CONTIGS, Prepared, change, change_in_place, told};
use crate::exit::UsageError;
use crate::near::with_near_or;

/// Arguments of `rename`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    change: ChangeArgs,

    /// Write what is new behind the end of the archive's file, which takes bytes for names alone; the names before stay in it until it is written
    /// anew, and undo brings them back
    #[arg(long, conflicts_with_all = ["output", "force", "verify"])]
    in_place: bool,

    /// The names are those of contigs of this sample. A contig is named by the first word of its header line, which is replaced, or by all of it;
    /// one of several that have the same first word by all of it only
    #[arg(long, value_name = "SAMPLE")]
    contigs_of: Option<OsString>,

    /// Also the names in this file: a line is OLD, a tab and NEW, or SAMPLE, CONTIG and NEW with tabs between them; - is standard input
    #[arg(long, value_name = "FILE")]
    from_tsv: Option<PathBuf>,

    /// Old and new names, of samples if nothing else is said; all change at once, so two can be exchanged. Names with = in them are found where
    /// that is clear, else --from-tsv tells them
    #[arg(required_unless_present = "from_tsv", value_name = "OLD=NEW")]
    names: Vec<OsString>,
}

/// Gives the new names; if one cannot be given, none is.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let prepare = |archive: &Archive| {
        let names = renames(args, archive)?;
        let is_nothing = args.change.replaces_itself()
            && names
                .change_nothing(archive)
                .map_err(|error| told(archive, &args.change, error))?;
        Ok(match is_nothing {
            true => Prepared::Nothing,
            false => Prepared::Change(names),
        })
    };
    match args.in_place {
        true => change_in_place(
            "rename",
            &args.change,
            prepare,
            |archive, names, options, progress, output| {
                options.rename_behind(archive, names, progress, output)
            },
        ),
        false => change(
            "rename",
            &args.change,
            prepare,
            |archive, names, options, progress, output| options.rename(archive, names, progress, output),
        ),
    }?;
    Ok(())
}

fn renames(args: &Args, archive: &Archive) -> anyhow::Result<Renames> {
    let of = args.contigs_of.as_deref().map(OsStr::as_bytes);
    let mut renames = Renames::default();
    let is_there = Lookup::new(archive, of)?;
    for text in &args.names {
        let (old, new) = pair(text.as_bytes(), |name| is_there.has(name))?;
        add(&mut renames, of, old, new);
    }
    if let Some(list) = &args.from_tsv {
        for line in read_lines(list)? {
            add_line(&mut renames, of, list, &line)?;
        }
    }
    Ok(renames)
}

/// Which names are there to be changed.
enum Lookup<'a> {
    Samples(&'a Archive),
    Contigs(ragc_core::extract::ContigNames),
}

impl<'a> Lookup<'a> {
    fn new(archive: &'a Archive, contigs_of: Option<&[u8]>) -> anyhow::Result<Self> {
        match contigs_of {
            None => Ok(Self::Samples(archive)),
            Some(sample) => match archive.contigs(sample) {
                Ok(names) => Ok(Self::Contigs(names)),
                Err(error) => Err(with_near_or(archive, error, OF_CONTIGS)),
            },
        }
    }

    fn has(&self, name: &[u8]) -> bool {
        match self {
            Self::Samples(archive) => archive
                .samples()
                .is_ok_and(|samples| samples.find(name).is_some()),
            Self::Contigs(names) => names
                .find(name)
                .is_some_and(|contig| short_name(name) == name || names.get(contig) == Some(name)),
        }
    }
}

/// Takes OLD=NEW apart, at the sign before which a name stands that is there.
fn pair(text: &[u8], is_there: impl Fn(&[u8]) -> bool) -> Result<(&[u8], &[u8]), UsageError> {
    let signs = || {
        text.iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'=')
            .map(|(place, _)| place)
    };
    let mut fitting = signs().filter(|place| is_there(&text[..*place]));
    let shown = text_of(text);
    match (fitting.next(), fitting.next()) {
        (Some(place), None) => Ok((&text[..place], &text[place + 1..])),
        (None, _) => match signs().next() {
            Some(place) => Ok((&text[..place], &text[place + 1..])),
            None => Err(UsageError(format!("{}: write OLD=NEW", Quoted(&shown)))),
        },
        (Some(_), Some(_)) => Err(UsageError(format!(
            "{} can be read in several ways, for there is more than one such name: write it to a file for --from-tsv",
            Quoted(&shown)
        ))),
    }
}

fn add(renames: &mut Renames, contigs_of: Option<&[u8]>, old: &[u8], new: &[u8]) {
    match contigs_of {
        None => renames.add_sample(old, new),
        Some(sample) => renames.add_contig(sample, old, new),
    }
}

fn add_line(
    renames: &mut Renames,
    contigs_of: Option<&[u8]>,
    list: &Path,
    line: &[u8],
) -> anyhow::Result<()> {
    let fields: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    match (fields.as_slice(), contigs_of) {
        ([old, new], _) => add(renames, contigs_of, old, new),
        ([sample, old, new], None) => add(renames, Some(sample), old, new),
        _ => {
            let line = text_of(line);
            bail!(
                "{}: {}: not two names with a tab between them",
                list.display(),
                Quoted(&line)
            )
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_signs_are_taken_apart_where_that_is_clear() {
        let pair = |text: &'static str, names: &[&str]| {
            let is_there = |name: &[u8]| names.iter().any(|known| known.as_bytes() == name);
            pair(text.as_bytes(), is_there).map(|(old, new)| {
                let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
                (text(old), text(new))
            })
        };
        let names = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        assert_eq!(pair("a=b", &["a"]).unwrap(), names("a", "b"));
        assert_eq!(pair("a=b=c", &["a=b"]).unwrap(), names("a=b", "c"));
        assert_eq!(pair("a=b=c", &["a"]).unwrap(), names("a", "b=c"));
        assert_eq!(pair("x=b", &["a"]).unwrap(), names("x", "b"));
        assert!(pair("a=b=c", &["a", "a=b"]).is_err());
        assert!(pair("a", &["a"]).is_err());
    }
}
