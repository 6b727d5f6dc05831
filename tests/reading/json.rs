//! `--json` follows docs/json.md.

use std::process::Command;

use serde_json::{Value, json};

use crate::bench::deadline::RunInTime;
use crate::bench::golden::golden_archive;

fn ragc(args: &[&str]) -> Value {
    let folder = golden_archive("");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    let output = command.args(args).current_dir(folder).output_in_time();
    assert!(output.status.success() && output.stderr.is_empty());
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn info_tells_parameters_and_counts() {
    let expected = json!({
        "schema": 1,
        "archive": {
            "path": "v3_s500.agc",
            "n_bytes": 49818,
            "n_replaced_bytes": 0,
            "file_version": "3.0",
            "producer": "AGC (Assembled Genomes Compressor) v. 3.2.2 [build 20260326.1]",
            "k": 31,
            "min_match_length": 20,
            "segment_size": 500,
            "batch_size": 50,
            "reference_sample": "ref",
            "n_samples": 7,
            "n_contigs": 67,
            "n_bases": 333_816,
            "has_checksums": false,
            "is_streamable": false,
            "kept": { "odd_residues": false, "n_with_case": 0, "n_with_layout": 0, "packings": {} },
        }
    });
    assert_eq!(ragc(&["info", "--json", "v3_s500.agc"]), expected);
}

#[test]
fn listctg_tells_lengths_of_the_samples_asked_for() {
    let expected = json!({
        "schema": 1,
        "samples": [{
            "name": "ref",
            "n_contigs": 3,
            "n_bases": 53_800,
            "contigs": [
                { "name": "chr1", "header": "chr1 first chromosome", "length": 31_800 },
                { "name": "chr2", "header": "chr2 second chromosome", "length": 18_000 },
                { "name": "plasmid", "header": "plasmid", "length": 4000 },
            ]
        }]
    });
    assert_eq!(ragc(&["listctg", "--json", "v3_s500.agc", "ref"]), expected);
    let two = ragc(&["listctg", "--json", "v3_s500.agc", "c", "ref"]);
    assert_eq!(two["samples"][0]["name"], "c");
    assert_eq!(two["samples"][1], expected["samples"][0]);
}

#[test]
fn sums_agree_in_every_archive_whose_stored_lengths_are_wrong_too() {
    for archive in [
        "v3_s500.agc",
        "old_v3.2.1_append_trap13.agc",
        "v3_concat.agc",
        "v3_append2.agc",
    ] {
        let info = &ragc(&["info", "--json", archive])["archive"];
        let set = ragc(&["listset", "--json", archive]);
        let samples = set["samples"].as_array().unwrap();
        let sum = |samples: &[Value], field: &str| {
            samples
                .iter()
                .map(|sample| sample[field].as_u64().unwrap())
                .sum::<u64>()
        };
        assert_eq!(samples.len() as u64, info["n_samples"].as_u64().unwrap());
        assert_eq!(sum(samples, "n_contigs"), info["n_contigs"].as_u64().unwrap());
        assert_eq!(sum(samples, "n_bases"), info["n_bases"].as_u64().unwrap());
        let names: Vec<&str> = samples
            .iter()
            .map(|sample| sample["name"].as_str().unwrap())
            .collect();
        assert!(names.is_sorted());
        let last = samples.last().unwrap();
        let contigs = ragc(&["listctg", "--json", archive, last["name"].as_str().unwrap()]);
        let lengths = contigs["samples"][0]["contigs"].as_array().unwrap();
        assert_eq!(sum(lengths, "length"), last["n_bases"].as_u64().unwrap());
    }
}
