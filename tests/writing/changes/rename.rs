//! `ragc rename`: which samples and contigs get which names.

use std::fs;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;

/// Contigs of samples, as `listctg` prints them.
fn contigs(bench: &Bench, archive: &str, sample: &str) -> String {
    String::from_utf8(bench.succeed(&["listctg", archive, sample]).0).unwrap()
}

#[test]
fn samples_and_contigs_get_new_names() {
    let bench = Bench::new();
    bench.write("one.fa", ">c1 of a\nACGTACGTTG\n>c2\nACGGGTTG\n");
    bench.write("d.fa", ">c1\nACGTACGTTC\n");
    bench.succeed(&["create", "-o", "x.agc", "a=one.fa", "d.fa"]);
    assert_eq!(bench.samples("x.agc"), ["a", "d"]);
    // Two names are exchanged.
    bench.succeed(&["rename", "x.agc", "a=d", "d=a"]);
    assert_eq!(contigs(&bench, "x.agc", "a").lines().count(), 2);
    bench.succeed(&["rename", "x.agc", "a=d@1=2"]);
    bench.succeed(&["rename", "x.agc", "d@1=2=e"]);
    assert_eq!(bench.samples("x.agc"), ["d", "e"]);
    bench.succeed(&["rename", "--contigs-of", "d", "x.agc", "c1=chr1", "c2=chr2 whole"]);
    assert_eq!(
        bench.sample("x.agc", "d"),
        ">chr1 of a\nACGTACGTTG\n>chr2 whole\nACGGGTTG\n"
    );
    bench.write("samples.tsv", "d\tf\n");
    bench.succeed(&["rename", "--from-tsv", "samples.tsv", "x.agc", "e=g"]);
    assert_eq!(bench.samples("x.agc"), ["f", "g"]);
    bench.write("all.tsv", "f\tchr1\tx\ng\tc1\ty\nf\th\n");
    bench.succeed(&["rename", "--from-tsv", "all.tsv", "x.agc"]);
    assert_eq!(bench.samples("x.agc"), ["g", "h"]);
    assert!(bench.sample("x.agc", "h").starts_with(">x of a\n"));
    assert!(bench.sample("x.agc", "g").starts_with(">y\n"));
    bench.succeed(&["verify", "x.agc"]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    for (args, why) in [
        (&["g=h"][..], "two samples would be named \"h\""),
        (&["i=j"], "there is no sample \"i\""),
        (&["g=k", "g=l"], "gets two new names"),
        (&["g="], "would hold nothing"),
        (&["--contigs-of", "h", "z=1"], "there is no contig \"z\""),
        (
            &["--contigs-of", "h", "x=chr2"],
            "two contigs would be named \"chr2\"",
        ),
        (&["--contigs-of", "no", "x=chr2"], "there is no sample \"no\""),
        (
            &["x=chr2"],
            "\"x\" is a contig, not a sample: --contigs-of SAMPLE renames contigs",
        ),
        (
            &["--contigs-of", "x", "x=chr2"],
            "\"x\" is a contig, not a sample: --contigs-of SAMPLE renames contigs",
        ),
    ] {
        let args = [&["rename", "x.agc"], args].concat();
        let message = bench.fail(1, &args);
        assert!(message.contains(why), "{args:?}: {message}");
        assert!(message.starts_with("ragc: error: x.agc: "), "{args:?}: {message}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == old, "{args:?}");
    }
    bench.fail(2, &["rename", "x.agc", "g"]);
    bench.write("bad.tsv", "one\n");
    bench.fail(1, &["rename", "--from-tsv", "bad.tsv", "x.agc"]);
}

#[test]
fn one_of_several_contigs_of_a_word_is_renamed_by_its_whole_header() {
    let bench = Bench::new();
    bench.write("a.fa", ">S 1\nACGTACGTTG\n>S 2\nACGGGTTG\n>S\nACGGG\n>T\nACG\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    bench.write("words.tsv", "a\tS 1\tV\n");
    bench.write("b.fa", ">S 1\nACGTACGTTG\n>S 2\nACGGGTTG\n");
    bench.succeed(&["create", "-o", "y.agc", "b.fa"]);
    let old = ["x.agc", "y.agc"].map(|file| fs::read(bench.path(file)).unwrap());
    bench.write("both.tsv", "b\tS\tV\n");
    for (args, why) in [
        (
            &["--contigs-of", "b", "y.agc", "S=V"][..],
            "give the whole header line",
        ),
        (&["--from-tsv", "both.tsv", "y.agc"], "give the whole header line"),
        // Another header line is no name of one that begins so.
        (
            &["--contigs-of", "a", "x.agc", "S 3=V"],
            "there is no contig \"S 3\"",
        ),
        (
            &["--contigs-of", "a", "x.agc", "T 3=V"],
            "there is no contig \"T 3\"",
        ),
        (
            &["--contigs-of", "a", "x.agc", "S 1=S 2"],
            "two contigs would be named \"S 2\"",
        ),
    ] {
        for place in [&["--in-place"][..], &[]] {
            let message = bench.fail(1, &[&["rename"], place, args].concat());
            assert!(message.contains(why), "{args:?}: {message}");
        }
    }
    let new = ["x.agc", "y.agc"].map(|file| fs::read(bench.path(file)).unwrap());
    assert!(old == new);
    bench.succeed(&["rename", "--contigs-of", "a", "x.agc", "S 2=U=2", "S=W"]);
    bench.succeed(&["rename", "--from-tsv", "words.tsv", "x.agc"]);
    assert_eq!(
        bench.sample("x.agc", "a"),
        ">V\nACGTACGTTG\n>U=2\nACGGGTTG\n>W\nACGGG\n>T\nACG\n"
    );
}

/// Of a header with blanks behind `>`, all but the first word was lost.
#[test]
fn what_stands_around_the_first_word_stays() {
    let bench = Bench::new();
    for (header, renamed) in [
        ("k", "new"),
        ("k two  words ", "new two  words "),
        ("k\tlen=4", "new\tlen=4"),
        (" k", " new"),
        (" k two", " new two"),
        (" \tk\tlen=4", " \tnew\tlen=4"),
        (" k caf\u{e9}", " new caf\u{e9}"),
    ] {
        bench.write("a.fa", format!(">{header}\nACGT\n>j\nAC\n"));
        for in_place in [&[][..], &["--in-place"]] {
            bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
            let rename = ["rename", "--contigs-of", "a", "x.agc", "k=new"];
            bench.succeed(&[&rename[..], in_place].concat());
            let (exact, _) = bench.succeed(&["getset", "--exact", "x.agc", "a"]);
            let exact = String::from_utf8(exact).unwrap();
            assert_eq!(exact, format!(">{renamed}\nACGT\n>j\nAC\n"), "{in_place:?}");
            assert_eq!(bench.sample("x.agc", "a"), exact);
            bench.succeed(&["verify", "x.agc"]);
        }
    }
}

#[test]
fn names_that_no_file_could_have_given_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::new();
    bench.write("s.fa", ">a\nACGTACGTTG\n>b\nACGGGTTG\n");
    bench.succeed(&["create", "-o", "x.agc", "s.fa"]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    for (name, why) in [
        ("a= ", "would hold nothing but blanks"),
        ("a=\t", "would hold nothing but blanks"),
        ("a= y", "would begin with a blank"),
        ("a=\tx", "would begin with a blank"),
        ("a=", "would hold nothing"),
        ("a=x\u{7}", "would hold a control character (07 hex)"),
    ] {
        let message = bench.fail(1, &["rename", "--contigs-of", "s", "x.agc", name]);
        assert!(message.contains(why), "{name:?}: {message}");
    }
    for name in [&b"s=caf\xE9"[..], "s=\u{FFFD}".as_bytes()] {
        let name = OsStr::from_bytes(name);
        let output = bench.command(&["rename", "x.agc"]).arg(name).output_in_time();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(
            message.contains("would hold bytes that are not UTF-8"),
            "{message}"
        );
    }
    assert!(fs::read(bench.path("x.agc")).unwrap() == old);
    // A blank stays where it may stand.
    bench.succeed(&["rename", "--contigs-of", "s", "x.agc", "a=x y\tz", "b=é"]);
    bench.succeed(&["rename", "x.agc", "s= s t"]);
    assert_eq!(
        bench.sample("x.agc", " s t"),
        ">x y\tz\nACGTACGTTG\n>é\nACGGGTTG\n"
    );
}
