//! Encoder and decoder against each other, on texts made from the reference by edits.

use super::*;
use crate::alphabet::Codes;
use crate::sequence::Sequence;
use proptest::prelude::*;
use std::sync::Arc;

const MIN_MATCH: u32 = 15;

/// An edit of a text: what is replaced, how much of it, and by what.
type Edit = (usize, usize, Vec<u8>);

fn bases(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0u8..4, len)
}

/// Substitutions, insertions, deletions, runs of N, and other ambiguous symbols.
fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let inserted = prop_oneof![
        4 => bases(0..3),
        1 => bases(20..60),
        1 => (1usize..30).prop_map(|len| vec![4; len]),
        1 => proptest::collection::vec(4u8..16, 1..4),
    ];
    proptest::collection::vec(
        (
            0usize..3000,
            prop_oneof![3 => 0usize..3, 1 => 0usize..200],
            inserted,
        ),
        0..12,
    )
}

fn edited(reference: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut text = reference.to_vec();
    for (at, n_removed, inserted) in edits {
        let start = *at % (text.len() + 1);
        let end = (start + n_removed).min(text.len());
        text.splice(start..end, inserted.iter().copied());
    }
    text
}

fn new_reference(codes: &[u8]) -> Reference {
    Reference::new(
        Sequence::from_codes(codes),
        MIN_MATCH,
        &Arc::new(IndexCache::new(0)),
    )
}

fn delta(text: &[u8], reference: &[u8]) -> String {
    let reference = new_reference(reference);
    String::from_utf8(encode(&Sequence::from_codes(text), &reference).text).unwrap()
}

/// A run that faces bases cannot be matched, but its end can where the reference has such a run, too.
#[test]
fn of_a_run_what_faces_a_run_is_matched() {
    let mut random = (0..).map(|i| (crate::kmer::mix(i) & 3) as u8);
    let mut next = |n: usize| random.by_ref().take(n).collect::<Vec<_>>();
    let (front, facing, behind) = (next(100), next(20), next(100));
    let text = [&front[..], &[4; 30], &behind].concat();
    let reference = [&front[..], &facing, &[4; 10], &behind].concat();
    let letter = char::from(LITERAL + 4);
    let literals = letter.to_string().repeat(20);
    assert_eq!(delta(&text, &reference), format!("0,85.{literals}0."));
    let without = [front, facing, next(10), behind].concat();
    let literals = letter.to_string().repeat(30);
    assert_eq!(delta(&text, &without), format!("0,85.{literals}0."));
}

/// A base that differs alone is written as it is, also where it makes the beginning of a match elsewhere.
#[test]
fn what_goes_on_behind_one_difference_is_not_looked_for_elsewhere() {
    let mut random = (0..).map(|i| (crate::kmer::mix(i) & 3) as u8);
    let mut next = |n: usize| random.by_ref().take(n).collect::<Vec<_>>();
    let (front, behind, more) = (next(100), next(32), next(100));
    let other = [&[(behind[0] + 1) % 4][..], &behind[1..], &next(8)].concat();
    let text = |first: u8| [&front[..], &[first], &behind[1..], &more].concat();
    // At a place that the index holds.
    let reference = [text(behind[0]), next(52), other.clone()].concat();
    let letter = char::from(LITERAL + other[0]);
    assert_eq!(delta(&text(other[0]), &reference), format!("0,85.{letter}0,116."));
    // What goes on for twenty bases only is.
    let nearer = [&front[..], &other[..20], &next(20)].concat();
    let reference = [text(behind[0]), next(52), nearer[100..].to_vec()].concat();
    assert_eq!(delta(&nearer, &reference), "0,85.184.");
}

proptest! {
    #[test]
    fn decoding_gives_the_text_back_and_the_figures_are_exact(
        original in bases(0..1500), reference_edits in edits(), text_edits in edits()
    ) {
        let reference_codes = edited(&original, &reference_edits);
        let text_codes = edited(&original, &text_edits);
        // Segments have symbols.
        prop_assume!(!text_codes.is_empty());
        let reference = new_reference(&reference_codes);
        let text = Sequence::from_codes(&text_codes);
        let delta = encode(&text, &reference);
        let rules = Rules { min_match_len: MIN_MATCH, dialect: Dialect::Full };
        let mut decoded = Vec::new();
        decode::<Codes>(&delta.text, &Sequence::from_codes(&reference_codes), rules, text_codes.len(), &mut decoded).unwrap();
        prop_assert_eq!(decoded, text_codes.clone());

        let n_matched: usize = delta.matched.iter().map(|range| range.len()).sum();
        let n_run: usize = delta.text.iter().filter(|byte| **byte == N_RUN_START).count();
        prop_assert_eq!(delta.n_tokens, delta.matched.len() + n_run);
        let n_told = n_matched + delta.n_literals + delta.n_same;
        prop_assert!(n_told <= text_codes.len());
        prop_assert_eq!(n_run == 0, n_told == text_codes.len());
        let n_same = delta.text.iter().filter(|byte| [SAME, LITERAL + 4].contains(byte)).count();
        prop_assert_eq!(delta.n_same, n_same);
        let aligned = delta.aligned.iter().map(|(range, _)| range.clone());
        let mut followed: Vec<_> = delta.matched.iter().cloned().chain(aligned).collect();
        followed.sort_unstable_by_key(|range| range.start);
        prop_assert!(followed.is_sorted_by(|a, b| a.end <= b.start));
        prop_assert!(delta.aligned.iter().all(|(range, n_differing)| *n_differing < range.len()));
    }
}

/// 120 bases without a repeated 12-mer.
fn reference() -> Vec<u8> {
    let mut x = 5u64;
    (0..120)
        .map(|_| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (x >> 62) as u8
        })
        .collect()
}

#[test]
fn what_faces_its_like_between_matches_is_told_as_aligned() {
    let mut text = reference();
    (40..90)
        .step_by(5)
        .for_each(|pos| text[pos] = (text[pos] + 1) % 4);
    let delta = encode(&Sequence::from_codes(&text), &new_reference(&reference()));
    assert_eq!(delta.matched, [0..40, 86..120]);
    // The last difference is followed by a match.
    assert_eq!(delta.aligned, [(40..85, 9)]);
}

#[test]
fn a_substitution_is_one_literal_between_two_matches() {
    let reference = reference();
    let mut text = reference.clone();
    text[50] = (text[50] + 1) % 4;
    let letter = char::from(b'A' + text[50]);
    assert_eq!(delta(&text, &reference), format!("0,35.{letter}0."));
}

#[test]
fn equal_symbols_between_close_substitutions_are_written_as_such() {
    let reference = reference();
    let mut text = reference.clone();
    for pos in [50, 54] {
        text[pos] = (text[pos] + 2) % 4;
    }
    let letter = |pos: usize| char::from(b'A' + text[pos]);
    assert_eq!(
        delta(&text, &reference),
        format!("0,35.{}!!!{}0.", letter(50), letter(54))
    );
}

#[test]
fn a_deletion_is_a_shift_and_an_insertion_a_shift_back() {
    let reference = reference();
    let deleted = [&reference[..40], &reference[47..]].concat();
    assert_eq!(delta(&deleted, &reference), "0,25.7.");
    let inserted = [&reference[..60], &reference[55..]].concat();
    assert_eq!(delta(&inserted, &reference), "0,45.-5.");
}

#[test]
fn long_runs_of_n_are_tokens_and_keep_the_position_in_the_reference() {
    let reference = reference();
    let inserted = [&reference[..60], &[4; 49], &reference[60..]].concat();
    assert_eq!(delta(&inserted, &reference), "0,45.\x1e45\x040.");
    let short = [&reference[..40], &[4; 48], &reference[88..]].concat();
    assert_eq!(delta(&short, &reference), format!("0,25.{}0.", "E".repeat(48)));
}

#[test]
fn runs_of_n_among_others_are_literals_that_keep_the_alignment() {
    let reference = reference();
    let mut text = reference.clone();
    text[30..80].fill(4);
    text[86] = 4;
    text[93] = 4;
    let expected = format!("0,15.{}!!!!!!E!!!!!!E0.", "E".repeat(50));
    assert_eq!(delta(&text, &reference), expected);
}

#[test]
fn a_short_common_end_is_an_open_match() {
    let reference = reference();
    let mut text = reference.clone();
    text[116] = (text[116] + 1) % 4;
    let letter = char::from(b'A' + text[116]);
    assert_eq!(delta(&text, &reference), format!("0,101.{letter}0."));
}

#[test]
fn nothing_is_told_by_the_end_of_a_reference_that_grows() {
    let codes = reference();
    let cache = Arc::new(IndexCache::new(0));
    let growing = Reference::growing(Sequence::from_codes(&codes), MIN_MATCH, &cache);
    assert!(!growing.is(&Sequence::from_codes(&codes)));
    let delta = |text: &[u8]| String::from_utf8(encode(&Sequence::from_codes(text), &growing).text).unwrap();
    assert_eq!(delta(&codes), "0,105.");
    let mut text = codes.clone();
    text[96] = (text[96] + 1) % 4;
    let letter = char::from(b'A' + text[96]);
    assert_eq!(delta(&text), format!("0,81.{letter}0,8."));
    text[105] = (text[105] + 1) % 4;
    assert!(!delta(&text).ends_with("0."));
}

#[test]
fn ambiguous_symbols_that_both_have_do_not_end_a_match() {
    let mut reference = reference();
    reference[30..40].fill(4);
    reference[70] = 7;
    let mut text = reference.clone();
    text[100] = (text[100] + 1) % 4;
    let letter = char::from(b'A' + text[100]);
    assert_eq!(delta(&text, &reference), format!("0,85.{letter}0."));
}
