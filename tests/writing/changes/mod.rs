//! `ragc remove`, `rename`, `subset`, `repack` and `replace`: what is left is as it was, whoever wrote the archive, and a failure leaves the
//! old archive alone.

mod content;
mod failures;
mod outputs;
mod remove;
mod rename;
mod replace;
mod subset;

use std::collections::BTreeMap;
use std::fs;

use crate::bench::Bench;
use crate::bench::golden::golden_fasta;

/// What an archive holds, by sample.
type Samples = BTreeMap<String, String>;

/// All samples; the archive must be intact.
fn samples(bench: &Bench, archive: &str) -> Samples {
    bench.succeed(&["verify", archive]);
    let sample = |name: String| {
        let text = bench.sample(archive, &name);
        (name, text)
    };
    bench.samples(archive).into_iter().map(sample).collect()
}

/// A folder with three files and an archive that keeps all of them.
fn bench_with_archive(flags: &[&str]) -> Bench {
    let bench = Bench::new();
    for name in ["ref", "a", "f_lower"] {
        bench.write(
            &format!("{name}.fa"),
            fs::read(golden_fasta(&format!("{name}.fa"))).unwrap(),
        );
    }
    let args = [
        &["create", "-o", "x.agc", "-s", "500"][..],
        flags,
        &["ref.fa", "a.fa", "f_lower.fa"],
    ]
    .concat();
    bench.succeed(&args);
    bench
}
