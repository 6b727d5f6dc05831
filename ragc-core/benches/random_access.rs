//! Random windows of 4 kb out of an archive, on one thread and on two that share the handle. Before times are taken,
//! windows are compared with slices of whole contigs.
//!
//! ```sh
//! RAGC_BENCH_ARCHIVE=population.agc cargo bench -p ragc-archive --bench random_access
//! ```
//!
//! Without the variable, a small archive of the golden data serves. `scripts/bench-reading` makes large ones.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ragc_core::Archive;
use ragc_core::extract::ContigId;

const WINDOW_LEN: u64 = 4096;
/// Windows of one measurement.
const N_WINDOWS: u64 = 2000;
const N_CHECKED: usize = 200;

fn archive() -> PathBuf {
    let golden = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../data/golden/archives/v3_default.agc"
    );
    std::env::var_os("RAGC_BENCH_ARCHIVE").map_or_else(|| golden.into(), PathBuf::from)
}

/// A window by names, as a caller asks for it.
struct Window<'a> {
    sample: &'a [u8],
    contig: &'a [u8],
    from: u64,
}

struct Contig {
    id: ContigId,
    sample: Vec<u8>,
    name: Vec<u8>,
    len: u64,
}

fn contigs(archive: &Archive) -> ragc_core::Result<Vec<Contig>> {
    let mut contigs = Vec::new();
    for (sample, sample_name) in archive.samples()?.iter().enumerate() {
        for (contig, name) in archive.contigs(sample_name)?.iter().enumerate() {
            let id = ContigId { sample, contig };
            contigs.push(Contig {
                id,
                sample: sample_name.to_vec(),
                name: name.to_vec(),
                len: archive.contig_len_of(id)?,
            });
        }
    }
    Ok(contigs)
}

/// Windows that look random; the same seed gives the same ones.
struct Windows<'a> {
    contigs: &'a [Contig],
    state: u64,
}

impl<'a> Windows<'a> {
    fn below(&mut self, limit: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % limit
    }

    fn next(&mut self) -> (Window<'a>, &'a Contig) {
        let contig = &self.contigs[self.below(self.contigs.len() as u64) as usize];
        let window = Window {
            sample: &contig.sample,
            contig: &contig.name,
            from: self.below(contig.len.saturating_sub(WINDOW_LEN).max(1)),
        };
        (window, contig)
    }
}

fn fetch(archive: &Archive, window: &Window<'_>) -> ragc_core::Result<Vec<u8>> {
    archive.region(
        window.sample,
        window.contig,
        window.from..window.from + WINDOW_LEN,
    )
}

/// Fetches windows and counts their bases.
fn run(archive: &Archive, contigs: &[Contig], seed: u64, n: u64) -> ragc_core::Result<usize> {
    let mut windows = Windows { contigs, state: seed };
    (0..n).try_fold(0, |sum, _| {
        Ok(sum + black_box(fetch(archive, &windows.next().0)?).len())
    })
}

fn check(archive: &Archive, contigs: &[Contig]) -> ragc_core::Result<()> {
    let mut windows = Windows { contigs, state: 9 };
    for _ in 0..N_CHECKED {
        let (window, contig) = windows.next();
        let whole = archive.contig(window.sample, window.contig)?;
        let to = (window.from + WINDOW_LEN).min(contig.len);
        assert!(
            fetch(archive, &window)? == whole[window.from as usize..to as usize],
            "{:?} {}",
            contig.id,
            window.from
        );
    }
    Ok(())
}

fn random_access(criterion: &mut Criterion) {
    let archive = Archive::open(archive()).expect("the archive opens");
    let contigs = contigs(&archive).expect("its names are readable");
    check(&archive, &contigs).expect("its contigs are readable");
    let mut group = criterion.benchmark_group("windows of 4 kb");
    group.sample_size(10);
    for n_threads in [1u64, 2] {
        group.throughput(Throughput::Elements(N_WINDOWS * n_threads));
        group.bench_function(format!("{n_threads} threads"), |bencher| {
            bencher.iter(|| {
                std::thread::scope(|scope| {
                    for seed in 1..=n_threads {
                        let (archive, contigs) = (&archive, &contigs);
                        scope.spawn(move || run(archive, contigs, seed, N_WINDOWS).expect("a window"));
                    }
                });
            });
        });
    }
    group.finish();
}

criterion_group!(benches, random_access);
criterion_main!(benches);
