//! Runs of `create` over the golden samples.

use std::fs;

use crate::bench::Bench;
use crate::bench::golden::golden_fasta;

pub(crate) const SAMPLES: [&str; 7] = ["ref", "a", "b", "c", "d", "e", "f_lower"];

/// Runs a `create` that must fail with this status; gives its message.
pub(crate) fn refuse(bench: &Bench, status: i32, args: &[&str]) -> String {
    let all: Vec<&str> = ["create", "-o", "out.agc"].iter().chain(args).copied().collect();
    bench.fail(status, &all)
}

pub(crate) fn golden_paths() -> Vec<String> {
    let path = |sample: &&str| golden_fasta(&format!("{sample}.fa")).to_str().unwrap().to_owned();
    SAMPLES.iter().map(path).collect()
}

/// Runs `create` with these flags over the golden samples and gives the bytes of the archive.
pub(crate) fn create_golden(bench: &Bench, flags: &[&str], archive: &str) -> Vec<u8> {
    let files = golden_paths();
    let args: Vec<&str> = ["create", "-o", archive]
        .iter()
        .chain(flags)
        .copied()
        .chain(files.iter().map(String::as_str))
        .collect();
    bench.succeed(&args);
    fs::read(bench.path(archive)).unwrap()
}
