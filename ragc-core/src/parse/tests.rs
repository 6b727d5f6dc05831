use super::blocks::divide;
use super::parser::Parser;
use super::{Step, SymbolCompressor};
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

fn check(symbols: &[u8]) -> usize {
    let steps = Parser::default().parse(symbols).unwrap();
    assert_eq!(written(symbols, &steps), symbols, "steps");
    for step in &steps[..steps.len() - 1] {
        assert!(step.len >= 3 && step.offset > 0, "{step:?}");
    }
    let divided = divide(symbols, steps);
    assert_eq!(written(symbols, &divided), symbols, "blocks");
    assert_eq!(divided.last().map(|step| step.len), Some(0));
    for block in divided.split_inclusive(|step| step.len == 0) {
        let len: u32 = block.iter().map(|step| step.run + step.len).sum();
        assert!(len <= 1 << 17, "a block of {len}");
    }
    let mut compressor = SymbolCompressor::default();
    let frame = compressor.compress(symbols).unwrap().unwrap().to_vec();
    assert_eq!(
        decompress(&frame, symbols.len() as u64).unwrap(),
        symbols,
        "frame"
    );
    assert_eq!(
        compressor.compress(symbols).unwrap().unwrap(),
        frame,
        "again with used tables"
    );
    frame.len()
}

#[test]
fn texts_of_all_lengths_come_back() {
    let mut numbers = Numbers(1);
    for len in (0..70).chain([2047, 2048, 2049, 4096, 70_000]) {
        let symbols = numbers.bases(len);
        check(&symbols);
        check(&vec![0; len]);
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
    }
}

#[test]
fn long_runs_and_long_copies_are_cut_into_blocks() {
    let mut numbers = Numbers(7);
    let run = numbers.bases(300_000);
    check(&[&run[..], &run, &run[1000..], &vec![4; 400_000], &run].concat());
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
