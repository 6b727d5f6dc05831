//! Runs of `create` over the golden samples, and how its inputs are packed.

use std::fs;
use std::io::Write;

use crate::bench::{Bench, golden_fasta};

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

pub(crate) fn bgzf(data: &[u8]) -> Vec<u8> {
    let mut writer = noodles_bgzf::io::Writer::new(Vec::new());
    for block in data.chunks(10_000) {
        writer.write_all(block).unwrap();
        writer.flush().unwrap();
    }
    writer.finish().unwrap()
}
