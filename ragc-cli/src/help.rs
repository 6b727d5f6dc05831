//! How help is arranged: options under headings, examples below them. Manual pages and completions follow it.

use clap::{Arg, ArgGroup, ArgMatches, Args, Command, Error, FromArgMatches};

/// Headings, and the options below each, by the names of their fields.
const HEADINGS: [(&str, &[&str]); 6] = [
    (
        "Input",
        &[
            "allow_unnamed",
            "any_residues",
            "concatenated",
            "delete",
            "input_list",
            "pansn",
            "reference",
            "rename_duplicates",
            "sample",
            "skip_bad_files",
            "skip_duplicates",
        ],
    ),
    (
        "Compression",
        &[
            "access",
            "adaptive",
            "batch_size",
            "fallback_fraction",
            "kmer_length",
            "min_match_length",
            "preset",
            "raw_contigs",
            "recompress",
            "segment_size",
        ],
    ),
    (
        "Beside the sequences",
        &[
            "digests",
            "exact",
            "fold",
            "keep",
            "lossless",
            "no_checksums",
            "purge",
            "no_provenance",
            "provenance",
            "upper",
        ],
    ),
    (
        "Selection",
        &[
            "at",
            "bed",
            "contig",
            "contigs_from",
            "contigs_of",
            "from_tsv",
            "go_on",
            "no_reference",
            "prefix",
            "region_file",
            "samples_from",
        ],
    ),
    (
        "Output",
        &[
            "bgzf",
            "fai",
            "force",
            "gzip_level",
            "in_place",
            "index",
            "json",
            "length",
            "line_length",
            "mark_strand",
            "output",
            "reverse_complement",
            "rewrite",
            "salvage",
            "streamable",
            "tsv",
            "with_sample",
        ],
    ),
    (
        "Running",
        &[
            "cache",
            #[cfg(feature = "remote")]
            "cache_dir",
            #[cfg(feature = "remote")]
            "cache_size",
            "dry_run",
            "fast",
            "memory",
            "no_wait",
            "stats",
            "threads",
            "verbosity",
            "verify",
        ],
    ),
];

/// Options of AGC that are taken and change nothing here.
const WITHOUT_EFFECT: [&str; 3] = ["case", "no_prefetch", "streaming"];

/// Examples of each command.
const EXAMPLES: [(&str, &str); 25] = [
    (
        "ragc",
        "  ragc create -o yeast.agc S288C.fa.gz DBVPG6044.fa.gz SK1.fa.gz
  ragc getset yeast.agc SK1
  ragc faidx yeast.agc SK1#chrIV:1001-2000",
    ),
    (
        "create",
        "  ragc create -o yeast.agc S288C.fa.gz DBVPG6044.fa.gz SK1.fa.gz
  ragc create -o viruses.agc -i samples.tsv
  ragc create -o two.agc --verify reference=S288C.fa SK1.fa",
    ),
    (
        "append",
        "  ragc append --in-place yeast.agc Y12.fa.gz
  ragc append -o more.agc -i files.txt yeast.agc",
    ),
    ("recover", "  ragc recover yeast.agc"),
    ("undo", "  ragc undo yeast.agc"),
    (
        "remove",
        "  ragc remove yeast.agc SK1
  ragc remove --purge -o without.agc yeast.agc SK1
  ragc remove --samples-from withdrawn.txt yeast.agc",
    ),
    (
        "rename",
        "  ragc rename yeast.agc SK1=SK1.v2 Y12=Y12.v2
  ragc rename --in-place --contigs-of SK1 yeast.agc chrIV=chr4
  ragc rename --from-tsv names.tsv yeast.agc",
    ),
    ("replace", "  ragc replace yeast.agc SK1=SK1.v2.fa.gz"),
    (
        "subset",
        "  ragc subset -o two.agc yeast.agc S288C SK1
  ragc subset -o fours.agc --contig chrIV yeast.agc",
    ),
    (
        "repack",
        "  ragc repack old.agc
  ragc repack -b 50 -o fast.agc yeast.agc
  ragc repack --streamable -o stream.agc yeast.agc",
    ),
    (
        "merge",
        "  ragc merge -o all.agc shard1.agc shard2.agc shard3.agc
  ragc merge --recompress -o both.agc yeast.agc other_segments.agc",
    ),
    (
        "sync",
        "  ragc sync yeast.agc assemblies
  ragc sync --dry-run yeast.agc -i samples.tsv
  ragc sync --delete --fast yeast.agc assemblies",
    ),
    (
        "getcol",
        "  ragc getcol -o genomes yeast.agc
  ragc getcol --salvage rest damaged.agc",
    ),
    (
        "getset",
        "  ragc getset yeast.agc SK1
  ragc getset --with-sample --index -o two.fa.gz yeast.agc S288C SK1
  ragc getset --samples-from names.txt yeast.agc",
    ),
    (
        "getctg",
        "  ragc getctg yeast.agc chrIV@SK1
  ragc getctg yeast.agc chrIV@SK1:1000-1999
  ragc getctg --with-sample --prefix HG pangenome.agc chr1:0-99",
    ),
    (
        "faidx",
        "  ragc faidx yeast.agc SK1#chrIV:1001-2000
  ragc faidx -i --bed genes.bed -o genes.fa yeast.agc
  ragc faidx --fai yeast.agc SK1",
    ),
    ("listref", "  ragc listref yeast.agc"),
    (
        "listset",
        "  ragc listset yeast.agc
  ragc listset --json yeast.agc",
    ),
    (
        "listctg",
        "  ragc listctg yeast.agc SK1
  ragc listctg --json yeast.agc S288C SK1",
    ),
    (
        "digest",
        "  ragc digest yeast.agc
  ragc digest --json yeast.agc SK1
  ragc digest --tsv --prefix HG pangenome.agc",
    ),
    (
        "info",
        "  ragc info yeast.agc
  ragc info --json yeast.agc",
    ),
    (
        "log",
        "  ragc log yeast.agc
  ragc log --json yeast.agc",
    ),
    ("verify", "  ragc verify yeast.agc"),
    (
        "completions",
        "  ragc completions bash > ~/.local/share/bash-completion/completions/ragc
  ragc completions zsh > ~/.zfunc/_ragc
  ragc completions fish > ~/.config/fish/completions/ragc.fish",
    ),
    ("man", "  ragc man ~/.local/share/man/man1"),
];

/// Options of inputs that a command always refuses, and tells why: help does not offer them.
const REFUSED: [(&str, &[&str]); 2] = [
    ("replace", &["concatenated", "pansn", "skip_bad_files"]),
    (
        "sync",
        &[
            "concatenated",
            "pansn",
            "rename_duplicates",
            "skip_bad_files",
            "skip_duplicates",
        ],
    ),
];

fn refused_by(command: &str) -> &'static [&'static str] {
    let found = REFUSED.iter().find(|(name, _)| *name == command);
    found.map_or(&[], |(_, refused)| *refused)
}

/// Puts the options of the program under headings, and examples below those of the program and of all commands.
pub(crate) fn arrange(command: Command) -> Command {
    with_examples(command.mut_args(placed)).mut_subcommands(with_examples)
}

/// The arguments of a command, with its options under headings.
#[derive(Debug)]
pub(crate) struct Arranged<T>(pub(crate) T);

impl<T: Args> Args for Arranged<T> {
    fn augment_args(command: Command) -> Command {
        let about = command.get_about().cloned().unwrap_or_default();
        // What is said of the type is no help.
        let refused = refused_by(command.get_name());
        let placed = |arg: Arg| match refused.contains(&arg.get_id().as_str()) {
            true => arg.hide(true),
            false => placed(arg),
        };
        T::augment_args(command).about(about).mut_args(placed)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: Args> FromArgMatches for Arranged<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// The commands and options that help shows: the generators of completions look over `hide`, and a command cannot be rid
/// of an option.
pub(crate) fn without_hidden(mut command: Command) -> Command {
    // Options are made when they are needed, and with them what clap adds; whoever takes the copy adds that once more.
    command.build();
    shown_of(&command)
}

fn shown_of(command: &Command) -> Command {
    let is_ours = |name: &str| name != "help";
    let about = command.get_about().cloned().unwrap_or_default();
    let (hidden, shown): (Vec<&Arg>, Vec<&Arg>) = command
        .get_arguments()
        .filter(|arg| is_ours(arg.get_id().as_str()))
        .partition(|arg| arg.is_hide_set());
    let commands = command
        .get_subcommands()
        .filter(|command| is_ours(command.get_name()));
    Command::new(command.get_name().to_owned())
        .about(about)
        .args(shown.into_iter().cloned())
        // Other options may name them.
        .groups(hidden.iter().map(|arg| ArgGroup::new(arg.get_id().clone())))
        .subcommands(commands.map(shown_of))
}

fn placed(arg: Arg) -> Arg {
    let id = arg.get_id().as_str();
    if WITHOUT_EFFECT.contains(&id) {
        return arg.hide(true);
    }
    let found = HEADINGS.iter().find(|(_, ids)| ids.contains(&id));
    match found {
        Some((heading, _)) => arg.help_heading(*heading),
        None => arg,
    }
}

fn with_examples(command: Command) -> Command {
    let found = EXAMPLES.iter().find(|(name, _)| *name == command.get_name());
    match found {
        Some((_, examples)) => command.after_help(format!("Examples:\n{examples}")),
        None => command,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::Cli;

    fn of_all_commands<T>(of: impl Fn(&Command) -> Vec<T>) -> Vec<T> {
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        command.get_subcommands().flat_map(of).collect()
    }

    #[test]
    fn options_are_made_for_the_command_that_is_asked_for() {
        let has_options = |command: &Command| command.get_arguments().next().is_some();
        assert!(!Cli::command().get_subcommands().any(has_options));
        assert!(
            of_all_commands(|command| vec![has_options(command)])
                .into_iter()
                .all(|has| has)
        );
        let about = |command: &Command| command.get_about().map(ToString::to_string);
        let abouts: Vec<_> = Cli::command().get_subcommands().map(about).collect();
        assert_eq!(of_all_commands(|command| vec![about(command)]), abouts);
    }

    #[test]
    fn the_command_line_does_not_contradict_itself() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_has_a_place_and_every_place_an_option() {
        let options = of_all_commands(|command| {
            // Those of all commands have no heading.
            let is_of_all = |arg: &Arg| arg.is_global_set() || arg.get_id() == "help";
            let options = command
                .get_arguments()
                .filter(|arg| !arg.is_positional() && !is_of_all(arg));
            options.map(|arg| arg.get_id().to_string()).collect()
        });
        let options: BTreeSet<String> = options.into_iter().collect();
        let placed = HEADINGS.iter().flat_map(|(_, ids)| *ids).chain(&WITHOUT_EFFECT);
        let placed: BTreeSet<String> = placed.map(|id| (*id).to_owned()).collect();
        assert_eq!(options, placed);
    }

    #[test]
    fn every_command_has_examples_that_it_takes() {
        let mut names = of_all_commands(|command| vec![command.get_name().to_owned()]);
        names.push("ragc".to_owned());
        for name in names {
            let (_, examples) = EXAMPLES.iter().find(|example| example.0 == name).expect(&name);
            for example in examples.lines() {
                let words = example.split_whitespace().take_while(|word| *word != ">");
                Cli::try_parse_from(words).expect(example);
            }
        }
    }
}
