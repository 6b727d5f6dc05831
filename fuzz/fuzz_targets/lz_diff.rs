//! Deltas: any bytes as tokens, and sequences that are encoded and decoded.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use ragc_core::internals::alphabet::Codes;
use ragc_core::internals::lz_diff::{
    Dialect, IndexCache, Reference, Rules, decode, decode_range, decoded_len, encode,
};
use ragc_core::internals::sequence::Sequence;
use std::sync::Arc;

/// Symbols that are decoded at most.
const MAX_LEN: usize = 1 << 12;

#[derive(Debug, Arbitrary)]
struct Input {
    reference: Vec<u8>,
    delta: Vec<u8>,
    /// Pieces of which a text is made: a stretch of the reference, and what follows it.
    pieces: Vec<(u16, u16, Vec<u8>)>,
    min_match_len: u32,
    is_full: bool,
    range: (u8, u8),
}

fn codes(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte % 17).map(|code| code % 16).collect()
}

fuzz_target!(|input: Input| {
    let reference = codes(&input.reference);
    let sequence = Sequence::from_codes(&reference);
    let rules = Rules {
        min_match_len: input.min_match_len,
        dialect: if input.is_full {
            Dialect::Full
        } else {
            Dialect::Closed
        },
    };
    let mut whole = Vec::new();
    let decoded = decode::<Codes>(&input.delta, &sequence, rules, MAX_LEN, &mut whole);
    assert!(whole.len() <= MAX_LEN);
    if decoded.is_ok() {
        let len = decoded_len(&input.delta, reference.len(), rules).expect("it decodes");
        assert_eq!(len, whole.len() as u64);
        let (from, to) = (usize::from(input.range.0), usize::from(input.range.1));
        if from <= to && to <= whole.len() {
            let mut part = Vec::new();
            decode_range::<Codes>(&input.delta, &sequence, rules, from..to, &mut part).expect("it decodes");
            assert_eq!(part, whole[from..to]);
        }
    }

    let mut text = Vec::new();
    for (from, len, more) in &input.pieces {
        let from = usize::from(*from).min(reference.len());
        let to = (from + usize::from(*len)).min(reference.len());
        text.extend_from_slice(&reference[from..to]);
        text.extend(codes(more));
    }
    let min_match = 15 + input.min_match_len % 18;
    let rules = Rules {
        min_match_len: min_match,
        dialect: Dialect::Full,
    };
    // An equal text has no delta in an archive, since an empty one decodes to nothing.
    if text == reference {
        return;
    }
    let text_sequence = Sequence::from_codes(&text);
    let reference = Reference::new(sequence, min_match, &Arc::new(IndexCache::new(1 << 20)));
    let delta = encode(&text_sequence, &reference);
    let mut decoded = Vec::new();
    decode::<Codes>(&delta.text, reference.sequence(), rules, text.len(), &mut decoded)
        .expect("was encoded here");
    assert_eq!(decoded, text);
});
