//! Counts the letters of a contig while it streams by: memory does not depend on its length.
//!
//! ```sh
//! cargo run --example base_counts -- ARCHIVE SAMPLE CONTIG
//! ```

use std::error::Error;
use std::io::BufRead;

use ragc_core::Archive;
use ragc_core::extract::Spelling;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, sample, contig] = args.as_slice() else {
        return Err("usage: base_counts ARCHIVE SAMPLE CONTIG".into());
    };
    let archive = Archive::open(path)?;
    let id = archive.find_contig(Some(sample.as_bytes()), contig)?;
    let mut reader = archive.read_letters(id, 0..u64::MAX, Spelling::default())?;
    let mut counts = [0u64; 256];
    loop {
        let letters = reader.fill_buf()?;
        if letters.is_empty() {
            break;
        }
        letters
            .iter()
            .for_each(|letter| counts[usize::from(*letter)] += 1);
        let n = letters.len();
        reader.consume(n);
    }
    for (letter, count) in (0..=u8::MAX).zip(counts).filter(|(_, count)| *count > 0) {
        println!("{}\t{count}", char::from(letter));
    }
    Ok(())
}
