use super::blocks::divide;
use super::deltas::DeltaParser;
use super::literals::{DeltaLiterals, Literals, SymbolLiterals, TupleLiterals};
use super::longest::{LongestCopies, MAX_LEN};
use super::parser::Parser;
use super::tuples::TupleParser;
use super::{DeltaCompressor, Step, SymbolCompressor, TupleCompressor};
use crate::deadline::in_time;
use crate::threads;
use crate::tuple;
use crate::zstd::decompress;

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(0x5851_F42D_4C95_7F2D)
            .wrapping_add(0x1405_7B7E_F767_814F);
        ((self.0 >> 33) as usize) % limit
    }

    fn bases(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.below(4) as u8).collect()
    }

    /// The same sequence with a base in `every` changed, and some left out or put in.
    fn relative(&mut self, of: &[u8], every: usize) -> Vec<u8> {
        let mut relative = Vec::new();
        for &base in of {
            match self.below(every * 10) {
                0..=8 => relative.push((base + 1 + self.below(3) as u8) % 4),
                9 if self.below(2) == 0 => {}
                9 => relative.extend([base, self.below(4) as u8]),
                _ => relative.push(base),
            }
        }
        relative
    }
}

/// Items as in a pack, each with its end.
fn pack(items: &[Vec<u8>]) -> Vec<u8> {
    items
        .iter()
        .flat_map(|item| [&item[..], &[0xFF]].concat())
        .collect()
}

fn relatives(numbers: &mut Numbers, n: usize, len: usize, every: usize) -> Vec<u8> {
    let first = numbers.bases(len);
    let items: Vec<_> = (0..n).map(|_| numbers.relative(&first, every)).collect();
    pack(&items)
}

/// What the steps write.
fn written(text: &[u8], steps: &[Step]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for step in steps {
        let at = out.len();
        out.extend_from_slice(&text[at..at + step.run as usize]);
        for _ in 0..step.len {
            out.push(out[out.len() - step.offset as usize]);
        }
    }
    out
}

/// Steps of a whole text, and what they are divided into.
fn check_steps<L: Literals>(text: &[u8], steps: Vec<Step>) {
    assert_eq!(written(text, &steps), text, "steps");
    for step in &steps[..steps.len() - 1] {
        assert!(step.len >= 3 && step.offset > 0, "{step:?}");
    }
    let divided = divide::<L>(text, steps);
    assert_eq!(written(text, &divided), text, "blocks");
    assert_eq!(divided.last().map(|step| step.len), Some(0));
    for block in divided.split_inclusive(|step| step.len == 0) {
        let len: u32 = block.iter().map(|step| step.run + step.len).sum();
        assert!(len <= 1 << 17, "a block of {len}");
        assert!(len > 0 || text.is_empty(), "an empty block");
    }
}

/// Compresses twice with the same compressor and gives the length of the frame.
fn check_frame<C: Default>(text: &[u8], compress: impl Fn(&mut C, &[u8]) -> Vec<u8>) -> usize {
    let mut compressor = C::default();
    let frame = compress(&mut compressor, text);
    assert_eq!(decompress(&frame, text.len() as u64).unwrap(), text, "frame");
    assert_eq!(compress(&mut compressor, text), frame, "again with used tables");
    frame.len()
}

fn check(symbols: &[u8]) -> usize {
    check_steps::<SymbolLiterals>(symbols, Parser::default().parse(symbols).unwrap());
    check_frame(symbols, |compressor: &mut SymbolCompressor, text| {
        compressor.compress(text).unwrap().unwrap().to_vec()
    })
}

fn check_deltas(deltas: &[u8]) -> usize {
    let steps = DeltaParser::default().parse(deltas, None).unwrap().unwrap();
    check_steps::<DeltaLiterals>(deltas, steps);
    check_frame(deltas, |compressor: &mut DeltaCompressor, text| {
        compressor.compress(text, None).unwrap().unwrap().to_vec()
    })
}

fn check_tuples(tuples: &[u8]) -> usize {
    check_steps::<TupleLiterals>(tuples, TupleParser::default().parse(tuples).unwrap());
    check_frame(tuples, |compressor: &mut TupleCompressor, text| {
        compressor.compress(text).unwrap().unwrap().to_vec()
    })
}

#[test]
fn texts_of_all_lengths_come_back() {
    let mut numbers = Numbers(1);
    for len in (0..70).chain([2047, 2048, 2049, 4096, 70_000]) {
        let symbols = numbers.bases(len);
        check(&symbols);
        check(&vec![0; len]);
        check_deltas(&symbols);
        check_deltas(&vec![0; len]);
        check_tuples(&tuple::pack(&symbols));
        check_tuples(&vec![7; len]);
    }
}

#[test]
fn relatives_come_back_and_cost_little() {
    for (seed, every, most) in [(2, 1000, 40), (3, 100, 25), (4, 10, 5)] {
        let symbols = relatives(&mut Numbers(seed), 40, 9000, every);
        let len = check(&symbols);
        assert!(
            len * most < symbols.len(),
            "1 in {every}: {len} of {}",
            symbols.len()
        );
    }
}

#[test]
fn any_symbols_come_back() {
    let mut numbers = Numbers(6);
    for round in 0..40 {
        let mut symbols = Vec::new();
        while symbols.len() < 3000 + 500 * round {
            let n = 1 + numbers.below(300);
            match numbers.below(5) {
                0 => symbols.extend(numbers.bases(n)),
                1 => symbols.extend((0..n).map(|_| numbers.below(256) as u8)),
                2 => symbols.extend(vec![numbers.below(20) as u8; 20 * n]),
                _ if symbols.is_empty() => {}
                _ => {
                    let from = numbers.below(symbols.len());
                    let copy = symbols[from..symbols.len().min(from + 10 * n)].to_vec();
                    symbols.extend(copy);
                }
            }
        }
        check(&symbols);
        check_deltas(&symbols);
        check_tuples(&symbols);
    }
}

#[test]
fn long_runs_and_long_copies_are_cut_into_blocks() {
    let mut numbers = Numbers(7);
    let run = numbers.bases(300_000);
    let text = [&run[..], &run, &run[1000..], &vec![4; 400_000], &run].concat();
    check(&text);
    check_deltas(&text);
    check_tuples(&text);
}

/// A reference of bases that hold copies of earlier ones, a multiple of four bases away.
fn with_copies(numbers: &mut Numbers, n: usize, len: usize) -> Vec<u8> {
    let mut bases = numbers.bases(20_000);
    for _ in 0..n {
        let from = 4 * numbers.below((bases.len() - len) / 4);
        let copy = bases[from..from + len].to_vec();
        bases.extend(copy);
        let between = numbers.bases(400);
        bases.extend(between);
    }
    bases
}

#[test]
fn copies_in_references_cost_little() {
    let mut numbers = Numbers(9);
    // Bytes that a copy may take: what stands for how long it is and where it comes from.
    for len in [40, 100, 1000, 16_000] {
        let bases = with_copies(&mut numbers, 50, len);
        let n_bytes = check_tuples(&tuple::pack(&bases));
        let literals = (20_000 + 50 * 400) / 4;
        assert!(n_bytes < literals + 50 * 7 + 200, "{len}: {n_bytes}");
    }
}

#[test]
fn copies_go_on_behind_differences() {
    let mut numbers = Numbers(10);
    let first = numbers.bases(40_000);
    let mut second = first.clone();
    (0..40_000).step_by(400).for_each(|at| second[at] ^= 1);
    let n_bytes = check_tuples(&tuple::pack(&[first, second].concat()));
    assert!(n_bytes < 10_000 + 100 * 4 + 200, "{n_bytes}");
}

/// The runs would make bases look cheap and copies of them not worth it.
#[test]
fn runs_of_other_symbols_do_not_hide_copies() {
    let mut numbers = Numbers(11);
    let bases = numbers.bases(30_000);
    let mut symbols = [&bases[..], &vec![4; 900_000]].concat();
    for _ in 0..200 {
        let from = 3 * numbers.below(9_900);
        symbols.extend(&bases[from..from + 60]);
    }
    let n_bytes = check_tuples(&tuple::pack(&symbols));
    // Three bases in a byte that takes six bits; a copy would take 15 bytes as literals.
    assert!(n_bytes < 7_500 + 200 * 6 + 300, "{n_bytes}");
}

#[test]
fn short_texts_take_no_more_than_themselves_and_a_frame() {
    let mut numbers = Numbers(12);
    for len in 1..60 {
        let bytes: Vec<_> = (0..len).map(|_| numbers.below(256) as u8).collect();
        assert!(check_tuples(&bytes) <= len + 9, "{len}");
    }
}

#[test]
fn random_bases_take_two_bits_although_separators_stand_between() {
    let mut numbers = Numbers(8);
    let items: Vec<_> = (0..200).map(|_| numbers.bases(5000)).collect();
    let symbols = pack(&items);
    let len = check(&symbols);
    assert!(len * 100 < symbols.len() / 4 * 103, "{len} of {}", symbols.len());
}

#[test]
fn a_text_that_is_too_long_for_the_index_is_refused() {
    let mut compressor = SymbolCompressor::default();
    assert!(compressor.compress(&vec![0; (1 << 24) + 1]).unwrap().is_none());
    assert!(compressor.compress(&vec![0; 1 << 16]).unwrap().is_some());
}

/// A delta: numbers of equal bases, and letters. Of each number in `every` another is written than in the one it is like.
fn delta(numbers: &mut Numbers, like: &[usize], every: usize) -> (Vec<usize>, Vec<u8>) {
    let mut values = like.to_vec();
    for value in &mut values {
        if numbers.below(every) == 0 {
            *value = numbers.below(2000);
        }
    }
    let text = values
        .iter()
        .flat_map(|value| format!("{}{value},", ['A', 'C', 'G', 'T'][value % 4]).into_bytes());
    let text = text.chain([0xFF]).collect();
    (values, text)
}

/// Deltas of which each is like one before it.
fn deltas(numbers: &mut Numbers, n: usize, n_values: usize, every: usize) -> Vec<u8> {
    let mut all: Vec<Vec<usize>> = vec![(0..n_values).map(|_| numbers.below(2000)).collect()];
    let mut texts = Vec::new();
    for _ in 0..n {
        let like = all[numbers.below(all.len())].clone();
        let (values, text) = delta(numbers, &like, every);
        all.push(values);
        texts.extend(text);
    }
    texts
}

#[test]
fn deltas_come_back_and_cost_little() {
    let mut numbers = Numbers(13);
    for (n, n_values, every) in [(20, 3000, 1000), (60, 700, 50), (300, 90, 10), (2000, 20, 3)] {
        let text = deltas(&mut numbers, n, n_values, every);
        let own = check_deltas(&text);
        let level_16 = crate::zstd::Compressor::new().compress(&text, 16).unwrap().len();
        // Shorter copies from nearer are not all tried: 2.7 % in the third.
        assert!(
            own * 100 <= level_16 * 103,
            "{n} of {n_values}, one in {every}: {own}, zstd {level_16}"
        );
    }
}

/// For each place, what it has most in common with an earlier one.
fn longest_by_trial(text: &[u8]) -> Vec<usize> {
    let common = |from: usize, at: usize| {
        let pairs = text[from..].iter().zip(&text[at..]);
        pairs.take_while(|(a, b)| a == b).count()
    };
    let longest = |at| (0..at).map(|from| common(from, at)).max().unwrap_or(0);
    (0..text.len()).map(longest).collect()
}

#[test]
fn the_longest_copies_are_found() {
    let mut numbers = Numbers(14);
    let mut copies = LongestCopies::default();
    for round in 0..60 {
        let text = match round % 3 {
            0 => deltas(&mut numbers, 6, 30, 4),
            1 => (0..400).map(|_| numbers.below(2) as u8).collect(),
            _ => [numbers.bases(150), vec![7; 100], numbers.bases(20), vec![7; 170]].concat(),
        };
        copies.find(&text).unwrap();
        let mut found = vec![0; text.len()];
        let mut last = 0;
        for copy in copies.found() {
            let (start, end, offset) = (copy.start as usize, copy.end as usize, copy.offset as usize);
            assert!(last <= start && (1..=start).contains(&offset), "{copy:?}");
            assert_eq!(text[start..end], text[start - offset..end - offset], "{copy:?}");
            last = start;
            (start..end).for_each(|at| found[at] = found[at].max(end - at));
        }
        let mut literals = DeltaLiterals::default();
        literals.add(&text);
        // Copies that are shorter may take more than their literals.
        let worth_it = 4 + (8 + text.len().ilog2() as usize) * 1024 / literals.price(1024) as usize;
        for (at, len) in longest_by_trial(&text).into_iter().enumerate() {
            let is_short = found[at] < len && len < worth_it;
            assert!(found[at] == len || is_short, "{round} {at}: {} {len}", found[at]);
        }
    }
}

#[test]
fn with_help_deltas_are_the_same_frame() {
    let mut numbers = Numbers(15);
    let text = relatives(&mut numbers, 12, 70_000, 90);
    let alone = DeltaCompressor::default()
        .compress(&text, None)
        .unwrap()
        .unwrap()
        .to_vec();
    in_time("the deltas are a frame", move || {
        let (helped, helper) = threads::shared();
        std::thread::scope(|scope| {
            scope.spawn(|| helper.help());
            let mut compressor = DeltaCompressor::default();
            for _ in 0..2 {
                assert!(compressor.compress(&text, Some(&helped)).unwrap().unwrap() == alone);
            }
            drop(helped);
        });
    });
}

#[test]
fn deltas_that_are_too_long_are_refused() {
    let mut compressor = DeltaCompressor::default();
    assert!(
        compressor
            .compress(&vec![0; MAX_LEN + 1], None)
            .unwrap()
            .is_none()
    );
    assert!(compressor.compress(&vec![0; MAX_LEN], None).unwrap().is_some());
}
