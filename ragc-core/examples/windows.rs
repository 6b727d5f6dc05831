//! Reads windows of 4 kb at places that look random, on one thread: what other programs and languages are compared with.
//! Prints a checksum of their letters instead, if that is asked for.
//!
//! ```sh
//! cargo run --release --example windows -- ARCHIVE N [check]
//! ```

use std::error::Error;

use ragc_core::Archive;
use ragc_core::extract::{ContigId, Spelling};

const WINDOW_LEN: u64 = 4096;

/// Numbers that look random, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (path, n_windows, is_checked) = match args.as_slice() {
        [path, n] => (path, n.parse()?, false),
        [path, n, check] if check == "check" => (path, n.parse()?, true),
        _ => return Err("usage: windows ARCHIVE N [check]".into()),
    };
    let archive = Archive::open(path)?;
    let mut contigs = Vec::new();
    for sample in 0..archive.samples()?.len() {
        for (contig, len) in archive.contig_lens(sample)?.into_iter().enumerate() {
            contigs.push((ContigId { sample, contig }, len));
        }
    }
    let mut dice = Dice(7);
    let mut checksum = crc32fast::Hasher::new();
    let mut n_letters = 0;
    for _ in 0..n_windows {
        let (id, len) = contigs[dice.below(contigs.len() as u64) as usize];
        let from = dice.below(len.saturating_sub(WINDOW_LEN).max(1));
        let letters = archive.region_letters(id, from..from + WINDOW_LEN, Spelling::Cased)?;
        n_letters += letters.len();
        if is_checked {
            checksum.update(&letters);
        }
    }
    match is_checked {
        true => println!("{n_letters} letters {:08x}", checksum.finalize()),
        false => println!("{n_letters} letters"),
    }
    Ok(())
}
