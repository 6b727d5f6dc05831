//! What is said on standard error: in one style, and no more than is wanted.

mod bench;

use bench::Bench;

/// A folder with `x.agc` of the samples `a` and `b`.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("a.fa", ">c one\nACGTACGT\n>d\nGGGG\n");
    bench.write("b.fa", ">c\nACGTTCGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa"]);
    bench
}

#[test]
fn errors_are_one_line_in_one_style() {
    let bench = bench();
    let failures: [(i32, &[&str]); 8] = [
        (1, &["listset", "nowhere.agc"]),
        (1, &["getset", "x.agc", "nobody"]),
        (1, &["getset", "-o", "nowhere/x.fa", "x.agc", "a"]),
        (1, &["create", "-o", "y.agc", "nowhere.fa"]),
        (2, &["getset", "x.agc"]),
        (2, &["getset", "-t", "0", "x.agc", "a"]),
        (2, &["listst", "x.agc"]),
        (2, &["getset", "--index", "x.agc", "a"]),
    ];
    for (status, args) in failures {
        let message = bench.fail(status, args);
        assert!(message.starts_with("ragc: error: "), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(!message.contains(".tmp"), "a path that nobody knows: {message}");
    }
    assert_eq!(
        bench.fail(2, &["getset", "--nosuch", "x.agc", "a"]),
        "ragc: error: unexpected argument '--nosuch' found; tip: to pass '--nosuch' as a value, use '-- --nosuch'; usage: \
         ragc getset [OPTIONS] <ARCHIVE> [SAMPLE]...\n"
    );
}

#[test]
fn quiet_leaves_the_errors() {
    let bench = bench();
    bench.write("odd.fa", ">c\nACGT-acgt\n");
    let told = [
        &["create", "-v", "2", "--any-residues", "a.fa", "a.fa", "odd.fa"][..],
        &["append", "-v", "1", "--any-residues", "x.agc", "odd.fa"],
        &["getset", "-v", "2", "x.agc", "a"],
        &["getctg", "x.agc", "d", "--prefix", ""],
        &["getset", "--index", "-o", "two.fa", "x.agc", "a", "b"],
        &["faidx", "-c", "x.agc", "a#c", "nosuch"],
        &["verify", "-v", "1", "x.agc"],
    ];
    for args in told {
        let (stdout, stderr) = bench.succeed(args);
        assert!(stderr.lines().all(|line| line.starts_with("ragc: ")), "{stderr}");
        assert!(!stderr.is_empty(), "{args:?}");
        for quiet in [[args, &["-q"]].concat(), [&["--quiet"], args].concat()] {
            assert_eq!(bench.succeed(&quiet), (stdout.clone(), String::new()), "{args:?}");
        }
    }
    assert!(
        bench
            .fail(1, &["getset", "-q", "x.agc", "nobody"])
            .starts_with("ragc: error: ")
    );
}
