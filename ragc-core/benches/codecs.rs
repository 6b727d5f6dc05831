//! Codecs that extraction is made of: packed references, deltas, letters. Each answer is checked once before its time
//! is taken.
//!
//! ```sh
//! cargo bench -p ragc-archive --bench codecs
//! ```

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ragc_core::internals::alphabet::{Codes, Letters};
use ragc_core::internals::lz_diff::{self, Dialect, IndexCache, Reference, Rules};
use ragc_core::internals::sequence::Sequence;

/// A segment of the usual size.
const LEN: usize = 60_000;
/// Symbols from one substitution to the next, on average.
const SNP_DISTANCE: u32 = 150;
const RULES: Rules = Rules {
    min_match_len: 20,
    dialect: Dialect::Full,
};

/// Numbers that look random and are the same in every run.
fn dice() -> impl FnMut(u32) -> u32 {
    let mut state = 1u32;
    move |limit| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(state >> 8) * u64::from(limit)) >> 24) as u32
    }
}

/// A reference, a relative of it, and the delta between them.
fn relatives() -> (Sequence, Vec<u8>, Vec<u8>) {
    let mut dice = dice();
    let codes: Vec<u8> = (0..LEN).map(|_| dice(4) as u8).collect();
    let mutate = |code: &u8| match dice(SNP_DISTANCE) {
        0 => 3 - code,
        _ => *code,
    };
    let relative: Vec<u8> = codes.iter().map(mutate).collect();
    let indexes = Arc::new(IndexCache::new(0));
    let reference = Reference::new(Sequence::from_codes(&codes), RULES.min_match_len, &indexes);
    let delta = lz_diff::encode(&Sequence::from_codes(&relative), &reference);
    (Sequence::from_codes(&codes), relative, delta.text)
}

fn codecs(criterion: &mut Criterion) {
    let (reference, relative, delta) = relatives();
    let mut out = Vec::with_capacity(LEN);
    let mut group = criterion.benchmark_group("segment of 60 kb");
    group.throughput(Throughput::Elements(LEN as u64));

    lz_diff::decode::<Codes>(&delta, &reference, RULES, LEN, &mut out).expect("a delta of our own");
    assert_eq!(out, relative);
    group.bench_function("decode a delta", |bencher| {
        bencher.iter(|| {
            out.clear();
            lz_diff::decode::<Codes>(black_box(&delta), &reference, RULES, LEN, &mut out)
        });
    });

    let len = lz_diff::decoded_len(&delta, reference.len(), RULES).expect("a delta of our own");
    assert_eq!(len, LEN as u64);
    group.bench_function("walk over a delta", |bencher| {
        bencher.iter(|| lz_diff::decoded_len(black_box(&delta), reference.len(), RULES));
    });

    out.clear();
    reference.unpack_into(0..LEN, &mut out);
    assert_eq!(out, reference.to_codes());
    group.bench_function("unpack a reference", |bencher| {
        bencher.iter(|| {
            out.clear();
            black_box(&reference).unpack_into(0..LEN, &mut out);
        });
    });

    assert_eq!(Sequence::from_codes(&relative).to_codes(), relative);
    group.bench_function("pack codes", |bencher| {
        bencher.iter(|| Sequence::from_codes(black_box(&relative)));
    });

    out.clear();
    reference.append_symbols::<Letters>(0..LEN, &mut out);
    assert_eq!(out.len(), LEN);
    group.bench_function("letters of a reference", |bencher| {
        bencher.iter(|| {
            out.clear();
            black_box(&reference).append_symbols::<Letters>(0..LEN, &mut out);
        });
    });
    group.finish();
}

criterion_group!(benches, codecs);
criterion_main!(benches);
