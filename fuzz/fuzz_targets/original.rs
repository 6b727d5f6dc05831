//! Any text that is taken comes back byte for byte, out of a lossless archive that holds others before and behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ragc_core::Archive;
use ragc_core::Keep;
use ragc_core::compress::{CreateOptions, Input, InputRules};
use ragc_core::observe::Silent;
use std::sync::Arc;

fuzz_target!(|input: (Vec<u8>, Vec<u8>, bool)| {
    let (first, second, renames_duplicates) = input;
    let folder = tempfile::tempdir().expect("makes a folder");
    // Without a header nothing is FASTA, and few inputs would have one.
    let texts = [first, second].map(|text| [&b">"[..], &text].concat());
    let files = ["a.fa", "b.fa"].map(|name| folder.path().join(name));
    for (file, text) in files.iter().zip(&texts) {
        std::fs::write(file, text).expect("writes");
    }
    let options = CreateOptions::default()
        .with_segment_size(Some(100))
        .with_pack_cardinality(Some(2))
        .with_rules(
            InputRules::default()
                .with_any_residues(true)
                .with_renamed_duplicates(renames_duplicates)
                .with_keep(Keep::ALL),
        );
    let mut archive = Vec::new();
    let inputs = files.map(Input::file);
    if options.create(&inputs, &mut archive, Arc::new(Silent)).is_err() {
        return;
    }
    let archive = Archive::from_reader(archive).expect("was written here");
    for (sample, text) in texts.iter().enumerate() {
        let out = archive
            .write_original(sample, 1, Vec::new())
            .expect("was written here");
        assert!(out == *text, "sample {sample}");
    }
});
