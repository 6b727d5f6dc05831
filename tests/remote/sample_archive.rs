//! An archive that is longer than what is read to open it.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::bench::Bench;

/// Letters that repeat nowhere.
fn letters(n: usize, mut state: u32) -> Vec<u8> {
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b"ACGT"[(state >> 30) as usize]
    };
    (0..n).map(|_| letter()).collect()
}

/// Text of two chromosomes, of which every five-hundredth letter is another than in other samples.
pub(crate) fn fasta(sample: usize) -> Vec<u8> {
    fasta_of(sample, [640_000, 320_000])
}

/// The same with chromosomes of these lengths.
pub(crate) fn fasta_of(sample: usize, lens: [usize; 2]) -> Vec<u8> {
    let mut text = Vec::new();
    for (number, len) in [1, 2].into_iter().zip(lens) {
        let mut bases = letters(len, number);
        for base in bases.iter_mut().skip(sample * 7).step_by(500) {
            *base = if sample > 0 && *base == b'A' { b'C' } else { *base };
        }
        text.extend_from_slice(format!(">chr{number} of sample {sample}\n").as_bytes());
        for line in bases.chunks(60) {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
    }
    text
}

/// The archive, of the samples `s0`, `s1` and `s2`.
pub(crate) fn path() -> PathBuf {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    let bench = BENCH.get_or_init(|| {
        let bench = Bench::new();
        let names = [0, 1, 2].map(|sample| format!("s{sample}.fa"));
        for (sample, name) in names.iter().enumerate() {
            bench.write(name, fasta(sample));
        }
        let files = names.iter().map(String::as_str);
        let args: Vec<&str> = ["create", "-o", "x.agc"].into_iter().chain(files).collect();
        bench.succeed(&args);
        bench
    });
    bench.path("x.agc")
}

pub(crate) fn bytes() -> Vec<u8> {
    std::fs::read(path()).unwrap()
}
