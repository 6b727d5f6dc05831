//! Threads share one archive: each takes the next sample and adds up what share of it is G or C.
//!
//! ```sh
//! cargo run --example threads -- ARCHIVE N_THREADS
//! ```

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ragc_core::Archive;
use ragc_core::extract::ContigId;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [path, n_threads] = args.as_slice() else {
        return Err("usage: threads ARCHIVE N_THREADS".into());
    };
    let archive = Archive::open(path)?;
    let n_samples = archive.samples()?.len();
    let next = AtomicUsize::new(0);
    let work = || -> ragc_core::Result<Vec<(usize, f64)>> {
        let mut shares = Vec::new();
        loop {
            let sample = next.fetch_add(1, Ordering::Relaxed);
            if sample >= n_samples {
                return Ok(shares);
            }
            shares.push((sample, gc_share(&archive, sample)?));
        }
    };
    let mut shares = Vec::new();
    thread::scope(|scope| -> Result<(), Box<dyn Error>> {
        let workers: Vec<_> = (0..n_threads.parse()?).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            shares.extend(worker.join().map_err(|_| "a thread failed")??);
        }
        Ok(())
    })?;
    shares.sort_by_key(|(sample, _)| *sample);
    for (sample, share) in shares {
        let name = archive.samples()?.get(sample).unwrap_or_default();
        println!("{}\t{share:.4}", String::from_utf8_lossy(name));
    }
    Ok(())
}

fn gc_share(archive: &Archive, sample: usize) -> ragc_core::Result<f64> {
    let name = archive.samples()?.get(sample).unwrap_or_default();
    let (mut n_gc, mut n_all) = (0, 0);
    for contig in 0..archive.contigs(name)?.len() {
        let codes = archive.contig_codes(ContigId { sample, contig })?;
        n_gc += codes.iter().filter(|code| matches!(code, 1 | 2)).count();
        n_all += codes.iter().filter(|code| **code < 4).count();
    }
    Ok(n_gc as f64 / n_all.max(1) as f64)
}
