//! Prints a stretch of a contig: half-open, counted from 0.
//!
//! ```sh
//! cargo run --example region -- ARCHIVE SAMPLE CONTIG FROM TO
//! ```

use std::error::Error;

use ragc_core::Archive;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, sample, contig, from, to] = args.as_slice() else {
        return Err("usage: region ARCHIVE SAMPLE CONTIG FROM TO".into());
    };
    let archive = Archive::open(path)?;
    let letters = archive.region(sample, contig, from.parse()?..to.parse()?)?;
    println!("{}", String::from_utf8(letters)?);
    Ok(())
}
