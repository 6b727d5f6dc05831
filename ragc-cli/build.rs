//! Tells the programs the commit and the target that they are built from and for (`ragc --version -v`), gives static programs
//! faster copies than those of musl, and has the linker put code apart that is seldom run.
//!
//! The commit comes from whoever builds (`RAGC_COMMIT`), else from git, if this is a checkout and not a folder inside one
//! of something else, else from what `git archive` or cargo have written into the tarball that this is. Nothing of it
//! need be there.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const UNKNOWN: &str = "unknown";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RAGC_COMMIT");
    let commit = given()
        .or_else(of_checkout)
        .or_else(of_archive)
        .or_else(of_package);
    println!(
        "cargo::rustc-env=RAGC_COMMIT={}",
        commit.as_deref().unwrap_or(UNKNOWN)
    );
    println!(
        "cargo::rustc-env=RAGC_TARGET={}",
        env::var("TARGET").as_deref().unwrap_or(UNKNOWN)
    );
    let is = |key: &str, value: &str| env::var(key).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_ENV", "musl") && is("CARGO_CFG_TARGET_ARCH", "x86_64") {
        link_memmove();
    }
    let is_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    if is_glibc && is("PROFILE", "release") && !is_linker_chosen() {
        put_cold_code_apart();
    }
}

/// Whether the linker is another than that of rustc, or of the C compiler. Some (mold, gold, that of Zig) know no `INSERT`.
fn is_linker_chosen() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    env::var_os("RUSTC_LINKER").is_some() || ["fuse-ld", "linker"].iter().any(|flag| flags.contains(flag))
}

fn put_cold_code_apart() {
    println!("cargo::rerun-if-changed=cold.ld");
    if let Ok(script) = Path::new("cold.ld").canonicalize() {
        println!("cargo::rustc-link-arg-bins=-T{}", script.display());
    }
}

/// Libraries of the program stand before the C library, which is then not asked for these functions.
fn link_memmove() {
    println!("cargo::rerun-if-changed=memmove.c");
    let mut compiler = cc::Build::new();
    // Nothing in it may become a call of itself.
    for flag in [
        "-ffreestanding",
        "-fno-builtin",
        "-fno-tree-loop-distribute-patterns",
    ] {
        compiler.flag_if_supported(flag);
    }
    compiler.file("memmove.c").opt_level(2).compile("memmove");
}

fn given() -> Option<String> {
    env::var("RAGC_COMMIT").ok().filter(|commit| !commit.is_empty())
}

fn of_checkout() -> Option<String> {
    let root = Path::new("..").canonicalize().ok()?;
    if Path::new(&git(&["rev-parse", "--show-toplevel"])?)
        .canonicalize()
        .ok()?
        != root
    {
        return None;
    }
    // HEAD changes with the branch, its log with every commit.
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "HEAD"])
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// `.gitattributes` has git replace the text of the file in archives that it makes, as forges offer them.
fn of_archive() -> Option<String> {
    println!("cargo::rerun-if-changed=commit.txt");
    let text = fs::read_to_string("commit.txt").ok()?;
    is_commit(text.trim()).then(|| text.trim().to_owned())
}

/// What cargo writes into a package.
fn of_package() -> Option<String> {
    let text = fs::read_to_string(".cargo_vcs_info.json").ok()?;
    let value = text.split("\"sha1\"").nth(1)?.split('"').nth(1)?;
    is_commit(value).then(|| value.to_owned())
}

fn is_commit(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
