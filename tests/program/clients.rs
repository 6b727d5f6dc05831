//! A program for another ragc-core builds with the packages of `shims`, without a warning, and gets the same answers.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::deadline::{EndInTime, LONG_DEADLINE};

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Copies the client to a folder of its own, with paths to this repository and the versions that are here already.
fn client(folder: &Path) {
    let from = root().join("tests/client");
    fs::create_dir(folder.join("middle")).unwrap();
    for name in ["main.rs", "Cargo.toml", "middle/lib.rs", "middle/Cargo.toml"] {
        let text = fs::read_to_string(from.join(name)).unwrap();
        fs::write(
            folder.join(name),
            text.replace("@root@", root().to_str().unwrap()),
        )
        .unwrap();
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut manifest = File::options()
        .append(true)
        .open(folder.join("Cargo.toml"))
        .unwrap();
    manifest.write_all(optimized().as_bytes()).unwrap();
}

/// How dependencies are optimized that the client has: only so they are built already. The library itself has other features here.
fn optimized() -> String {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[profile.dev.package]");
    let mut lines = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>();
    let others = ["needletail.", "proptest.", "ragc-archive."];
    lines.retain(|line| !others.iter().any(|other| line.starts_with(other)));
    assert!(lines.len() > 2, "{lines:?}");
    lines.join("\n") + "\n"
}

#[test]
fn a_client_of_the_other_library_is_switched_by_patches() {
    let folder = tempfile::tempdir().unwrap();
    client(folder.path());
    // Beside what the tests were built into, so that most is built already.
    let target = Path::new(env!("CARGO_BIN_EXE_ragc")).ancestors().nth(2).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--offline", "--"]);
    cargo
        .arg(root().join("data/golden/archives/v3_s500.agc"))
        .current_dir(folder.path())
        .env("CARGO_TARGET_DIR", target);
    cargo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = cargo.spawn().unwrap().output_within(LONG_DEADLINE);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.is_empty(), "{told}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let (counts, error) = printed.split_once('\n').unwrap();
    assert!(
        !counts.starts_with("0 turned") && !counts.contains(" 0 references"),
        "{counts}"
    );
    assert_eq!(error.matches("cannot open").count(), 1, "{error}");
    assert_eq!(error.matches("os error 2").count(), 1, "{error}");
    assert!(
        error.starts_with("no archive: /nonexistent/archive.agc: "),
        "{error}"
    );
}

#[test]
fn packages_carry_the_licence() {
    let licence = fs::read(root().join("LICENSE")).unwrap();
    for package in [
        "ragc-c",
        "ragc-cli",
        "ragc-core",
        "ragc-compat",
        "ragc-noodles",
        "ragc-remote",
    ] {
        assert_eq!(
            fs::read(root().join(package).join("LICENSE")).unwrap(),
            licence,
            "{package}"
        );
    }
}
