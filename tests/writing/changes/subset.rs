//! `ragc subset`: which samples and contigs stay.

use super::samples;
use crate::bench::Bench;

#[test]
fn a_subset_holds_what_was_asked_for() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        bench.write(
            &format!("{name}.fa"),
            format!(">chr1 of {name}\nACGTACGTTG\n>only_{name}\nACGGGTTG\n"),
        );
    }
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa", "c.fa"]);
    bench.write("list", "c\n");
    bench.succeed(&["subset", "-o", "y.agc", "--samples-from", "list", "x.agc", "a"]);
    assert_eq!(bench.samples("y.agc"), ["a", "c"]);
    assert_eq!(bench.sample("y.agc", "c"), bench.sample("x.agc", "c"));
    bench.succeed(&["subset", "-o", "y.agc", "--force", "--contig", "chr1", "x.agc"]);
    let (text, _) = bench.succeed(&["getcol", "y.agc"]);
    let chr1 = |name: &str| format!(">chr1 of {name}\nACGTACGTTG\n");
    assert_eq!(
        String::from_utf8(text).unwrap(),
        ["a", "b", "c"].map(chr1).concat()
    );
    bench.write("contigs", "only_b\nchr1 of a\n");
    bench.succeed(&[
        "subset",
        "-o",
        "y.agc",
        "--force",
        "--contigs-from",
        "contigs",
        "x.agc",
    ]);
    let (text, _) = bench.succeed(&["getcol", "y.agc"]);
    assert_eq!(
        String::from_utf8(text).unwrap(),
        chr1("a") + ">only_b\nACGGGTTG\n"
    );
    assert_eq!(samples(&bench, "y.agc").len(), 2);
    let message = bench.fail(1, &["subset", "--contigs-from", "contigs", "x.agc", "a"]);
    assert!(
        message.contains("no contig of these samples is named \"only_b\""),
        "{message}"
    );
    bench.fail(2, &["subset", "x.agc"]);
}
