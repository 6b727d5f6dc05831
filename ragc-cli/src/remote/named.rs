//! Whether a command line names what is on servers.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use clap::ArgMatches;

use crate::remote::place::is_url;
use crate::remote::servers::{are_at_hand, servers};

/// Arguments of all commands that may be URLs.
const MAY_BE_URLS: [&str; 4] = ["archive", "archives", "files", "output"];
/// A file of such.
const LIST: &str = "input_list";

/// Sees to it that there are servers if the command line names something on one, as the first of all that a command does.
///
/// A list that can be read once (standard input, a pipe) may name URLs: the program that has servers is to read it. Where there is none it is read here, and
/// a URL in it told then. Other lists tell when they are read, which is early as well.
///
/// # Errors
/// When there is no program that has servers.
pub(crate) fn provide_for(matches: &ArgMatches) -> io::Result<()> {
    let Some((_, args)) = matches.subcommand().filter(|_| cfg!(feature = "remote")) else {
        return Ok(());
    };
    let mut values = MAY_BE_URLS.into_iter().flat_map(|id| values_of(args, id));
    if values.any(names_url) || (values_of(args, LIST).any(is_read_once) && are_at_hand()) {
        servers()?;
    }
    Ok(())
}

/// What was given for an argument, if the command has it.
fn values_of<'a>(args: &'a ArgMatches, id: &str) -> impl Iterator<Item = &'a OsStr> {
    args.try_get_raw(id).ok().flatten().into_iter().flatten()
}

/// `URL` or `NAME=URL`.
fn names_url(value: &OsStr) -> bool {
    let mut parts = value.as_bytes().splitn(2, |byte| *byte == b'=');
    let behind_name = parts.nth(1).map(OsStr::from_bytes);
    [Some(value), behind_name]
        .into_iter()
        .flatten()
        .any(|text| is_url(text.as_ref()))
}

fn is_read_once(list: &OsStr) -> bool {
    let list = Path::new(list);
    let is_other = || fs::metadata(list).is_ok_and(|found| !found.is_file() && !found.is_dir());
    // Of an open file, however it is opened again, some systems give what was not read yet.
    list == Path::new("-") || list.starts_with("/dev") || is_other()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Arg, CommandFactory};

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_archive_and_every_fasta_file_is_looked_at() {
        let mut command = Cli::command();
        command.build();
        let all: Vec<Arg> = command
            .get_subcommands()
            .flat_map(|command| command.get_arguments().cloned())
            .collect();
        let ids: BTreeSet<&str> = all.iter().map(|arg| arg.get_id().as_str()).collect();
        assert!(
            MAY_BE_URLS.iter().chain([&LIST]).all(|id| ids.contains(id)),
            "{ids:?}"
        );
        let names = |arg: &Arg| {
            let names = arg.get_value_names().unwrap_or_default();
            names
                .iter()
                .any(|name| ["ARCHIVE", "FASTA"].contains(&name.as_str()))
        };
        for arg in all.iter().filter(|arg| names(arg)) {
            assert!(MAY_BE_URLS.contains(&arg.get_id().as_str()), "{arg}");
        }
    }

    #[test]
    #[cfg(feature = "remote")]
    fn a_sample_may_be_named_in_front_of_its_url() {
        for value in ["https://h/x.fa", "x=https://h/x.fa", "s3://b/a=b.fa"] {
            assert!(names_url(value.as_ref()), "{value}");
        }
        for value in ["x.fa", "a=b.fa", "=", "./https://h", "a=b=https://h"] {
            assert!(!names_url(value.as_ref()), "{value}");
        }
    }
}
