//! Lists samples and contigs with their lengths. No sequence is read.
//!
//! ```sh
//! cargo run --example list -- ARCHIVE
//! ```

use std::error::Error;

use ragc_core::Archive;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: list ARCHIVE")?;
    let archive = Archive::open(path)?;
    for sample in archive.samples()?.iter() {
        println!("{}", String::from_utf8_lossy(sample));
        for contig in archive.contigs(sample)?.iter() {
            let len = archive.contig_len(sample, contig)?;
            println!("   {}\t{len}", String::from_utf8_lossy(contig));
        }
    }
    Ok(())
}
