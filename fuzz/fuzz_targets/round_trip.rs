//! Collections of related sequences, through `create` and `append` and back.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use ragc_core::Archive;
use ragc_core::compress::{AppendOptions, CreateOptions, Input as File};
use ragc_core::observe::Silent;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

const MAX_SAMPLES: usize = 4;
const MAX_CONTIGS: usize = 4;
const MAX_CHANGES: usize = 8;

#[derive(Debug, Arbitrary)]
struct Input {
    samples: Vec<Vec<Contig>>,
    k: u8,
    min_match: u8,
    segment_size: u8,
    pack_cardinality: u8,
    is_adaptive: bool,
    /// How many samples are appended.
    n_appended: u8,
}

/// A stretch of a sequence that all share, with changes.
#[derive(Debug, Arbitrary)]
struct Contig {
    from: u16,
    len: u16,
    is_reversed: bool,
    changes: Vec<(u16, Change)>,
}

#[derive(Debug, Arbitrary)]
enum Change {
    Replace(u8),
    Insert(Vec<u8>),
    Delete(u8),
    Repeat(u16),
    Unknown(u8),
}

const LETTERS: &[u8] = b"ACGTNRYSWKMBDHVU";

/// The sequence that all share.
fn ancestor() -> Vec<u8> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        LETTERS[(state >> 30) as usize]
    };
    (0..4096).map(|_| next()).collect()
}

fn sequence(contig: &Contig) -> Vec<u8> {
    let ancestor = ancestor();
    let from = usize::from(contig.from) % ancestor.len();
    let to = (from + usize::from(contig.len) % 2048).min(ancestor.len());
    let mut sequence = ancestor[from..to].to_vec();
    if contig.is_reversed {
        sequence.reverse();
        sequence.iter_mut().for_each(|letter| {
            *letter = match letter {
                b'A' => b'T',
                b'C' => b'G',
                b'G' => b'C',
                _ => b'A',
            }
        });
    }
    for (place, change) in contig.changes.iter().take(MAX_CHANGES) {
        let place = usize::from(*place).min(sequence.len());
        let letter = |byte: &u8| LETTERS[usize::from(*byte) % LETTERS.len()];
        match change {
            Change::Replace(byte) => {
                if let Some(old) = sequence.get_mut(place) {
                    *old = letter(byte);
                }
            }
            Change::Insert(bytes) => drop(sequence.splice(place..place, bytes.iter().map(letter))),
            Change::Delete(len) => {
                let end = (place + usize::from(*len)).min(sequence.len());
                sequence.drain(place..end);
            }
            Change::Repeat(len) => {
                let end = (place + usize::from(*len) % 512).min(sequence.len());
                let repeated = sequence[place..end].to_vec();
                sequence.splice(place..place, repeated);
            }
            Change::Unknown(len) => drop(sequence.splice(place..place, vec![b'N'; usize::from(*len)])),
        }
    }
    sequence
}

fn text(contigs: &[Contig]) -> String {
    let mut text = String::new();
    for (number, contig) in contigs.iter().take(MAX_CONTIGS).enumerate() {
        let _ = writeln!(text, ">c{number}");
        for line in sequence(contig).chunks(80) {
            let _ = writeln!(text, "{}", String::from_utf8_lossy(line));
        }
    }
    text
}

fn files(folder: &Path, texts: &[String]) -> Vec<File> {
    let file = |(number, text): (usize, &String)| {
        let path = folder.join(format!("s{number}.fa"));
        std::fs::write(&path, text).expect("writes");
        File::file(path)
    };
    texts.iter().enumerate().map(file).collect()
}

fuzz_target!(|input: Input| {
    let samples = input.samples.iter().filter(|contigs| !contigs.is_empty());
    let texts: Vec<String> = samples.take(MAX_SAMPLES).map(|contigs| text(contigs)).collect();
    if texts.is_empty() {
        return;
    }
    let folder = tempfile::tempdir().expect("makes a folder");
    let files = files(folder.path(), &texts);
    let options = CreateOptions::default()
        .with_k(u32::from(input.k) % 16 + 17)
        .with_min_match(u32::from(input.min_match) % 18 + 15)
        .with_segment_size(Some(u32::from(input.segment_size) + 100))
        .with_pack_cardinality(Some(u32::from(input.pack_cardinality) % 4 + 1))
        .with_adaptive(input.is_adaptive);
    let n_appended = usize::from(input.n_appended) % files.len();
    let (created, appended) = files.split_at(files.len() - n_appended);
    let mut archive = Vec::new();
    options
        .create(created, &mut archive, Arc::new(Silent))
        .expect("the input is good");
    if !appended.is_empty() {
        let old = Archive::from_reader(archive).expect("was written here");
        let options = AppendOptions::default().with_adaptive(input.is_adaptive);
        archive = Vec::new();
        options
            .append(&old, appended, &mut archive, Arc::new(Silent))
            .expect("the input is good");
    }
    let archive = Archive::from_reader(archive).expect("was written here");
    for (number, text) in texts.iter().enumerate() {
        let mut out = Vec::new();
        archive
            .write_sample(format!("s{number}"), &mut out, 80)
            .expect("was written here");
        assert!(out == text.as_bytes(), "s{number}");
    }
});
