//! What the program tells of itself: help, versions, completions, manual pages.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::deadline::{EndInTime, RunInTime};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ragc"))
        .args(args)
        .output_in_time()
}

/// What a command that succeeds prints.
fn printed(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success() && output.stderr.is_empty(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn ragc_and_create_alone_print_their_help_as_agc_does() {
    for (args, usage) in [(&[][..], "Usage: ragc "), (&["create"], "Usage: ragc create ")] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(
            String::from_utf8(output.stderr).unwrap().contains(usage),
            "{args:?}"
        );
    }
}

#[test]
fn help_has_headings_and_examples_and_leaves_out_what_does_nothing() {
    let help = printed(&["create", "--help"]);
    for heading in [
        "\nInput:\n",
        "\nCompression:\n",
        "\nRunning:\n",
        "\nExamples:\n  ragc create ",
    ] {
        assert!(help.contains(heading), "{heading:?}");
    }
    assert!(help.contains("-d, --no-provenance") && !help.contains("no-command-line"));
    let help = printed(&["getset", "-h"]);
    assert!(help.contains("\nOutput:\n") && !help.contains("-p, ") && !help.contains("-s, "));
}

#[test]
fn the_version_is_told_and_with_v_what_it_was_built_from() {
    let short = format!("ragc {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(printed(&["--version"]), short);
    assert_eq!(printed(&["-V"]), short);
    let long = printed(&["--version", "-v"]);
    let lines: Vec<&str> = long.lines().collect();
    assert_eq!(format!("{}\n", lines[0]), short);
    let commit = lines[1].strip_prefix("commit: ").unwrap();
    assert!(commit == "unknown" || commit.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(lines[2].starts_with("target: ") && lines[2].contains(std::env::consts::ARCH));
    assert_eq!(
        lines[3],
        "archives: reads file versions 1, 2 and 3 of AGC, writes 3.0"
    );
    assert_eq!(printed(&["-vV"]), long);
    assert_eq!(printed(&["--verbose", "--version"]), long);
    assert_eq!(run(&["-v"]).status.code(), Some(2));
}

#[test]
fn there_are_completions_for_each_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        assert!(
            script.contains("getset") && script.contains("with-sample"),
            "{shell}"
        );
    }
    // What help does not show is not offered, either.
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for hidden in ["no-prefetch", "no-command-line", "streaming"] {
            assert!(!script.contains(hidden), "{shell} {hidden}");
        }
    }
    assert_eq!(run(&["completions", "nosuch"]).status.code(), Some(2));
}

/// Runs the script in bash, and gives what it offers for a line.
fn bash_offers(words: &[&str]) -> Option<String> {
    let line = words.join(" ");
    let complete = format!(
        "COMP_WORDS=({line}); COMP_CWORD={}; _ragc ragc '{}' ''; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.len() - 1,
        words[words.len() - 1],
    );
    let mut bash = Command::new("bash")
        .args(["--norc", "-s"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let script = printed(&["completions", "bash"]) + "\n" + &complete + "\n";
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    String::from_utf8(bash.output_in_time().stdout).ok()
}

#[test]
fn bash_completes_commands_and_flags() {
    let Some(commands) = bash_offers(&["ragc", "get"]) else {
        eprintln!("there is no bash: left out");
        return;
    };
    assert_eq!(commands, "getcol\ngetset\ngetctg\n");
    assert_eq!(
        bash_offers(&["ragc", "getset", "--with"]).unwrap(),
        "--with-sample\n"
    );
}

#[test]
fn manual_pages_are_written_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    assert_eq!(printed(&["man", pages.to_str().unwrap()]), "");
    let front = fs::read_to_string(pages.join("ragc.1")).unwrap();
    let commands = front.lines().filter_map(|line| line.strip_prefix("ragc\\-"));
    let commands: Vec<&str> = commands.map(|name| name.strip_suffix("(1)").unwrap()).collect();
    assert!(commands.contains(&"create") && commands.contains(&"man") && !commands.contains(&"help"));
    for command in &commands {
        let page = fs::read_to_string(pages.join(format!("ragc-{command}.1"))).unwrap();
        assert!(
            page.contains(".SH SYNOPSIS") && page.contains("Examples:"),
            "{command}"
        );
    }
    assert_eq!(fs::read_dir(&pages).unwrap().count(), commands.len() + 1);
}

#[test]
fn pages_that_cannot_be_written_are_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken");
    fs::write(&file, "").unwrap();
    let below: &Path = &file.join("man1");
    let output = run(&["man", file.to_str().unwrap()]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("taken: cannot write: "), "{told}");
    let output = run(&["man", below.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("taken"));
}

#[test]
#[cfg(target_os = "linux")]
fn help_that_cannot_be_written_is_a_failure() {
    for args in [&["--help"][..], &["create", "--help"], &["help"], &["--version"]] {
        let full = fs::File::create("/dev/full").unwrap();
        let mut ragc = Command::new(env!("CARGO_BIN_EXE_ragc"));
        let output = ragc.args(args).stdout(full).stderr_in_time();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.starts_with("ragc: error: standard output: cannot write: "),
            "{told}"
        );
    }
}
