//! The command line, and what is said of one that is wrong: one line, as of every other error.

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use crate::cli::Cli;
use crate::exit;
use crate::remote;
use crate::stdout;

/// Longest word that is shown, in characters.
const MAX_WORD_LEN: usize = 60;

/// How clap ends what is wrong.
const HINT: &str = "For more information, try '--help'.";

/// Reads the command line. Help and versions are printed here; wrong usage is told, with status 2. A program without servers is replaced here by one that
/// has some, if something on them is named.
pub(crate) fn parse() -> Result<Cli, ExitCode> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(with_joined_stats(std::env::args_os()));
    let mut matches = matches.map_err(refuse)?;
    remote::provide_for(&matches).map_err(|missing| exit::code_of(Err(missing.into())))?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| refuse(error.format(&mut command)))
}

/// Prints what was asked for in place of a command, or tells what is wrong.
fn refuse(error: clap::Error) -> ExitCode {
    match error.kind() {
        // `ragc` and `ragc create` alone, as with AGC: on standard error, where nobody takes it for data.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let printed = stdout::check().and_then(|()| error.print());
            let printed = printed.and_then(|()| std::io::stdout().flush());
            let printed = printed.context("standard output: cannot write");
            exit::code_of(printed)
        }
        _ => {
            error!("{}", in_one_line(&error.render().to_string()));
            ExitCode::from(2)
        }
    }
}

/// `--stats FILE.json` as `--stats=FILE.json`. With `create` the option may stand alone, so that what follows is an input; but
/// an input of that name is none.
fn with_joined_stats(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    for arg in args {
        match joined.last_mut() {
            Some(last) if last == "--stats" && arg.as_encoded_bytes().ends_with(b".json") => {
                last.push("=");
                last.push(arg);
            }
            _ => joined.push(arg),
        }
    }
    joined
}

/// Paragraphs become clauses, and their lines one.
fn in_one_line(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text).replace(HINT, "");
    let words = |paragraph: &str| {
        let words = paragraph.split_whitespace();
        words.map(cut).collect::<Vec<_>>().join(" ")
    };
    let paragraphs: Vec<String> = text.split("\n\n").map(words).collect();
    let told = paragraphs.iter().map(String::as_str);
    told.filter(|paragraph| !paragraph.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
        .replace("; Usage: ", "; usage: ")
}

/// What somebody typed may be of any length: a list that a shell has expanded within quotes is one word.
fn cut(word: &str) -> Cow<'_, str> {
    let Some((end, _)) = word.char_indices().nth(MAX_WORD_LEN) else {
        return Cow::Borrowed(word);
    };
    let quote = if word.starts_with('\'') { "'" } else { "" };
    Cow::Owned(format!("{}…{quote}", &word[..end]))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn a_file_for_figures_may_stand_behind_a_blank() {
        let joined = |args: &[&str]| with_joined_stats(args.iter().map(OsString::from));
        assert_eq!(
            joined(&["ragc", "create", "--stats", "s.json", "a.fa"]),
            ["ragc", "create", "--stats=s.json", "a.fa"]
        );
        for alone in [
            &["ragc", "create", "--stats", "a.fa"][..],
            &["ragc", "create", "s.json"],
        ] {
            assert_eq!(joined(alone), alone);
        }
    }

    #[test]
    fn what_clap_says_in_paragraphs_becomes_one_line() {
        let of = |args: &[&str]| {
            let error = Cli::try_parse_from(args).unwrap_err();
            in_one_line(&error.render().to_string())
        };
        assert_eq!(
            of(&["ragc", "listset"]),
            "the following required arguments were not provided: <ARCHIVE>; usage: ragc listset <ARCHIVE>"
        );
        let told = of(&["ragc", "listste"]);
        assert!(
            told.starts_with("unrecognized subcommand 'listste'; tip: "),
            "{told}"
        );
        assert!(!told.contains("--help"));
        let long = "x".repeat(70_000);
        for args in [
            &["ragc", &long][..],
            &["ragc", "listset", "a", &long],
            &["ragc", "listset", &format!("--{long}")],
        ] {
            let told = of(args);
            assert!(told.len() < 330 && told.contains("xxx…'"), "{told}");
        }
    }
}
