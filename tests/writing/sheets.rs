//! Which samples are stored, out of which files, under which names: sample sheets, `NAME=FILE`, `--reference`, `--pansn`,
//! `--skip-duplicates`, files without a name.

use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};

const CREATE: [&str; 5] = ["create", "--preset", "agc", "-o", "x.agc"];

/// A folder with files of one record each: `a.fa`, `b.fa` and so on.
fn bench_with(files: &str) -> Bench {
    let bench = Bench::new();
    for (file, base) in files.chars().zip("ACGTACGT".chars()) {
        bench.write(&format!("{file}.fa"), format!(">{file}\nACGTACGTAA{base}\n"));
    }
    bench
}

/// Names of all samples in archive order, of which the first is the reference.
fn in_order(bench: &Bench) -> Vec<String> {
    let reference = String::from_utf8(bench.succeed(&["listref", "x.agc"]).0).unwrap();
    let mut names = bench.samples("x.agc");
    names.retain(|name| *name != reference.trim());
    names.insert(0, reference.trim().to_owned());
    names
}

fn create(bench: &Bench, args: &[&str]) -> String {
    bench.succeed(&[&CREATE[..], args].concat()).1
}

const SHEET: &str = "# name\tfiles\r\n\r\nS one\ta.fa\tb.fa\r\n  c.fa\nT\td.fa\t\t\n";

#[test]
fn a_sheet_names_samples_and_their_files() {
    let bench = bench_with("abcd");
    bench.write("sheet", SHEET);
    create(&bench, &["-i", "sheet"]);
    assert_eq!(in_order(&bench), ["S one", "T", "c"]);
    assert_eq!(
        bench.sample("x.agc", "S one"),
        ">a\nACGTACGTAAA\n>b\nACGTACGTAAC\n"
    );
    assert_eq!(bench.sample("x.agc", "T"), ">d\nACGTACGTAAT\n");
    let output = bench.piped(&[&CREATE[..], &["-i", "-"]].concat(), SHEET.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(in_order(&bench), ["S one", "T", "c"]);

    // Comments behind names and paths, which may hold marks of their own.
    std::fs::copy(bench.path("a.fa"), bench.path("a # b.fa")).unwrap();
    std::fs::copy(bench.path("a.fa"), bench.path("a#1.fa")).unwrap();
    bench.write(
        "marked",
        "S#1\ta.fa\t# first\nT\tb.fa #\nc.fa # it\ta is\na # b.fa\na#1.fa\n",
    );
    bench.succeed(&["create", "-o", "m.agc", "-i", "marked"]);
    let listed = bench.succeed(&["listset", "m.agc"]).0;
    assert_eq!(String::from_utf8(listed).unwrap(), "S#1\nT\na # b\na#1\nc\n");

    // Files of one sample, appended to an archive and read back exactly.
    bench.write("l.fa", "\n>l\r\nAC\nGT\r\n\r\n");
    bench.write("m.fa", "\n\n>m x\nACgt");
    bench.write("more", "U\tl.fa\tm.fa\tl2.fa\nV\tm.fa\n");
    bench.write("l2.fa", "\n>l2\n>l3\nA\n");
    bench.succeed(&[
        "append",
        "--lossless",
        "--verify",
        "-o",
        "x.agc",
        "x.agc",
        "-i",
        "more",
    ]);
    let exact = bench.succeed(&["getset", "--exact", "x.agc", "U"]).0;
    assert_eq!(
        String::from_utf8(exact).unwrap(),
        "\n>l\r\nAC\nGT\r\n\r\n\n\n>m x\nACgt\n>l2\n>l3\nA\n"
    );
}

#[test]
fn a_sheet_of_files_is_as_their_names_on_the_command_line() {
    let bench = Bench::new();
    let files = ["ref.fa", "a.fa", "c.fa"].map(|name| golden_fasta(name).to_str().unwrap().to_owned());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    bench.write("lines", files.join("\n"));
    bench.write("blanks", files.join(" "));
    bench.write(
        "named",
        format!("ref\t{}\na\t{}\nc\t{}", files[0], files[1], files[2]),
    );
    let archive = |args: &[&str]| bench.succeed(&[&["create", "-q", "-s", "500"], args].concat()).0;
    let expected = archive(&files);
    for list in ["lines", "blanks", "named"] {
        assert!(archive(&["-i", list]) == expected, "{list}");
        // A list often names the reference again.
        assert!(archive(&["-i", list, files[0]]) == expected, "{list}");
    }
    bench.write("x.agc", expected);
    let text = std::fs::read_to_string(files[1]).unwrap();
    assert_eq!(bench.sample("x.agc", "a"), normal(&text));
}

#[test]
fn what_is_wrong_with_a_file_of_a_sample_names_that_file() {
    let bench = bench_with("ab");
    for (bad, why) in [
        (
            ">x\nAC\n>b\nGG\n>b\nGG\n",
            "bad.fa: line 5: contig \"b\": a contig of this name",
        ),
        (">x\nAC\n>y\n\u{1}\n", "bad.fa: line 4: contig \"y\": "),
        ("ACGT\n", "bad.fa: line 1: "),
        (">a\nAC\n", "bad.fa: line 1: contig \"a\": a contig of this name"),
    ] {
        bench.write("bad.fa", bad);
        bench.write("sheet", "S\ta.fa\tbad.fa\nT\tb.fa\n");
        let message = bench.fail(1, &[&CREATE[..], &["-i", "sheet"]].concat());
        assert!(message.starts_with(&format!("ragc: error: {why}")), "{message}");
        bench.write("sheet", "T\tb.fa\nS\ta.fa\tbad.fa\n");
        let output = bench.run(&[&CREATE[..], &["--skip-bad-files", "-i", "sheet"]].concat());
        assert_eq!(output.status.code(), Some(3));
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(&format!("skipped: {why}")), "{message}");
        assert_eq!(bench.samples("x.agc"), ["T"]);
        std::fs::remove_file(bench.path("x.agc")).unwrap();
    }
}

#[test]
fn all_missing_files_are_named_at_once() {
    let bench = bench_with("ab");
    bench.succeed(&[&CREATE[..], &["a.fa"]].concat());
    bench.write("sheet", "b.fa\nS\tno.fa\tb.fa\tnope.fa\nmissing too.fa\n");
    for command in [
        &["create", "-o", "y.agc", "a.fa"][..],
        &["append", "-o", "y.agc", "x.agc"],
    ] {
        let message = bench.fail(1, &[command, &["-i", "sheet"]].concat());
        assert!(message.contains("no.fa, nope.fa, missing too.fa"), "{message}");
    }
}

#[test]
fn what_is_no_sheet_is_refused_with_its_line() {
    let bench = bench_with("ab");
    for (sheet, why) in [
        ("a.fa\tb.fa\n", "sheet: line 1: \"a.fa\" is a file"),
        ("\n\ta.fa\n", "sheet: line 2: there is no name"),
        (">a\nACGT\n", "sheet: line 1: this is a FASTA file"),
    ] {
        bench.write("sheet", sheet);
        let message = bench.fail(1, &[&CREATE[..], &["-i", "sheet"]].concat());
        assert!(message.starts_with(&format!("ragc: error: {why}")), "{message}");
    }
    bench.write("sheet", "# nothing\n");
    let message = bench.fail(1, &[&CREATE[..], &["-i", "sheet"]].concat());
    assert!(message.contains("no input files"), "{message}");
    bench.fail(2, &[&CREATE[..], &["-i", "-", "--sample", "s", "-"]].concat());
}

#[test]
fn arguments_may_name_their_samples() {
    let bench = bench_with("abc");
    bench.write("d=e.fa", ">d\nACGT\n");
    create(&bench, &["R 1=a.fa", "./d=e.fa"]);
    assert_eq!(in_order(&bench), ["R 1", "d=e"]);
    create(&bench, &["R=a.fa", "d=e.fa"]);
    assert_eq!(in_order(&bench), ["R", "d=e"]);
    bench.write("=b.fa", ">x\nA\n");
    create(&bench, &["=b.fa", "e=./d=e.fa"]);
    assert_eq!(in_order(&bench), ["=b", "e"]);
    let message = bench.fail(1, &[&CREATE[..], &["R=a.fa", "R=b.fa"]].concat());
    assert!(
        message.contains("sample \"R\" is already taken by a.fa"),
        "{message}"
    );
    bench.fail(2, &[&CREATE[..], &["R="]].concat());
    let message = bench.fail(2, &[&CREATE[..], &["-c", "R=a.fa"]].concat());
    assert!(message.contains("-c"), "{message}");
    // One file, two names.
    create(&bench, &["R=a.fa", "S=a.fa"]);
    assert_eq!(in_order(&bench), ["R", "S"]);
    bench.succeed(&["append", "-o", "x.agc", "x.agc", "T=a.fa"]);
    assert_eq!(in_order(&bench), ["R", "S", "T"]);
}

#[test]
fn the_reference_can_be_chosen_and_is_told() {
    let bench = bench_with("abcd");
    bench.write("sheet", "b.fa\nS\tc.fa\td.fa\n");
    let told = create(&bench, &["-i", "sheet"]);
    assert_eq!(told, "ragc: the reference sample is \"b\", of b.fa\n");
    for reference in ["S", "c.fa", "./d.fa"] {
        let told = create(&bench, &["--reference", reference, "-i", "sheet", "a.fa"]);
        assert_eq!(told, "ragc: the reference sample is \"S\", of c.fa\n");
        assert_eq!(in_order(&bench), ["S", "a", "b"]);
        assert_eq!(
            create(&bench, &["-q", "--reference", reference, "-i", "sheet"]),
            ""
        );
    }
    assert_eq!(create(&bench, &["a.fa", "b.fa"]), "");
    for reference in ["s", "e.fa", "c"] {
        let message = bench.fail(
            2,
            &[&CREATE[..], &["--reference", reference, "-i", "sheet"]].concat(),
        );
        assert!(message.contains("--reference"), "{message}");
    }
    let message = bench.fail(
        2,
        &[&CREATE[..], &["--reference", "a.fa", "a.fa=b.fa", "a.fa"]].concat(),
    );
    assert!(
        message.contains("one sample and the file of another"),
        "{message}"
    );
    // The bytes are those of the order that it makes.
    let bytes = |args: &[&str]| bench.succeed(&[&["create", "-q"], args].concat()).0;
    assert!(bytes(&["--reference", "c", "a.fa", "b.fa", "c.fa"]) == bytes(&["c.fa", "a.fa", "b.fa"]));
    assert!(bytes(&["-c", "--reference", "c.fa", "a.fa", "c.fa"]) == bytes(&["-c", "c.fa", "a.fa"]));
}

/// Long enough to have splitters; each haplotype differs in some bases.
fn haplotype(number: usize) -> String {
    let mut state = 1u64;
    let mut letters = String::new();
    for place in 0..30_000 {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        let shift = usize::from(place % 1000 == 7 * number + 1);
        letters.push(char::from(b"ACGT"[((state >> 60) as usize + shift) % 4]));
    }
    letters
}

#[test]
fn pansn_names_make_samples() {
    let bench = Bench::new();
    let mut text = String::new();
    for (number, sample) in ["G#0", "H#1", "H#2"].iter().enumerate() {
        let letters = haplotype(number);
        for (contig, letters) in [
            ("c1 words", &letters[..20_000]),
            ("c2", &letters[20_000..]),
            ("c#3", "ACGT"),
        ] {
            text.push_str(&format!(">{sample}#{contig}\n{letters}\n"));
        }
        bench.write(
            &format!("{sample}.fa"),
            &text[text.find(&format!(">{sample}")).unwrap()..],
        );
    }
    bench.write("all.fa", &text);
    let told = create(&bench, &["-s", "1000", "--pansn", "all.fa"]);
    assert_eq!(told, "ragc: the reference sample is \"G#0\", of all.fa\n");
    assert_eq!(bench.samples("x.agc"), ["G#0", "H#1", "H#2"]);
    let contigs = bench.succeed(&["listctg", "x.agc", "H#1"]).0;
    assert_eq!(
        String::from_utf8(contigs).unwrap(),
        "H#1\n   H#1#c1 words\n   H#1#c2\n   H#1#c#3\n"
    );

    // As if each sample had a file.
    let as_files = ["G#0.fa", "H#1.fa", "H#2.fa"];
    let bytes = |args: &[&str]| {
        bench
            .succeed(&[&["create", "-q", "-s", "1000", "-b", "50"], args].concat())
            .0
    };
    assert!(bytes(&["--pansn", "all.fa"]) == bytes(&as_files));
    assert!(bytes(&["--pansn", "-t", "1", "all.fa"]) == bytes(&["-t", "3", "--pansn", "all.fa"]));
    bench.write("old.agc", bytes(&["G#0.fa"]));
    bench.write("rest.fa", &text[text.find(">H#1").unwrap()..]);
    let appended = |args: &[&str]| bench.succeed(&[&["append", "old.agc"], args].concat()).0;
    assert!(appended(&["--pansn", "rest.fa"]) == appended(&["H#1.fa", "H#2.fa"]));
    assert!(appended(&["--pansn", "--skip-duplicates", "all.fa"]) == appended(&["H#1.fa", "H#2.fa"]));
    let message = bench.fail(1, &["append", "old.agc", "--pansn", "all.fa"]);
    assert!(message.contains("sample \"G#0\" is already there"), "{message}");
}

#[test]
fn what_pansn_cannot_split_is_refused_with_its_line() {
    let bench = Bench::new();
    let apart = ">a#1#x\nAC\n>b#1#x\nAC\n>a#1#y\nAC\n";
    for (text, why) in [
        (apart, "line 5: contig \"a#1#y\": records of sample \"a#1\""),
        (
            ">a#1#x\nAC\n>chr1\nAC\n",
            "line 3: contig \"chr1\": its name is not sample#haplotype#contig",
        ),
        (">a#1\nAC\n", "line 1: contig \"a#1\": its name is not"),
    ] {
        bench.write("all.fa", text);
        for flags in [
            &["--pansn"][..],
            &["--pansn", "--skip-duplicates"],
            &["--pansn", "--rename-duplicates"],
        ] {
            let message = bench.fail(1, &[&CREATE[..], flags, &["all.fa"]].concat());
            assert!(
                message.starts_with(&format!("ragc: error: all.fa: {why}")),
                "{message}"
            );
        }
    }
    bench.fail(2, &[&CREATE[..], &["--pansn", "-c", "all.fa"]].concat());
}

#[test]
fn duplicates_are_left_out_if_asked_and_counted() {
    let bench = bench_with("ab");
    bench.write("d/a.fa", ">other\nGGGG\n");
    bench.write("twice.fa", ">x\nAC\n>y\nGG\n>x\nTT\n");
    let files = ["a.fa", "d/a.fa", "twice.fa"];
    bench.fail(1, &[&CREATE[..], &files].concat());
    let told = create(&bench, &[&["--skip-duplicates"], &files[..]].concat());
    assert_eq!(
        told,
        "ragc: left out because their names are taken: 1 sample, and 1 contig of others; the first is \"a\"\n"
    );
    assert_eq!(bench.samples("x.agc"), ["a", "twice"]);
    assert_eq!(bench.sample("x.agc", "a"), ">a\nACGTACGTAAA\n");
    assert_eq!(bench.sample("x.agc", "twice"), ">x\nAC\n>y\nGG\n");
    assert_eq!(
        create(&bench, &[&["-q", "--skip-duplicates"], &files[..]].concat()),
        ""
    );

    let (_, told) = bench.succeed(&[
        "append",
        "--skip-duplicates",
        "-o",
        "x.agc",
        "x.agc",
        "d/a.fa",
        "b.fa",
    ]);
    assert!(told.contains(" 1 sample, and 0 contigs of others; "), "{told}");
    assert_eq!(bench.samples("x.agc"), ["a", "b", "twice"]);
    // Nothing new at all.
    bench.succeed(&[
        "append",
        "--skip-duplicates",
        "--verify",
        "-o",
        "x.agc",
        "x.agc",
        "d/a.fa",
    ]);
    assert_eq!(bench.samples("x.agc"), ["a", "b", "twice"]);
    bench.fail(
        2,
        &[&CREATE[..], &["--skip-duplicates", "--rename-duplicates", "a.fa"]].concat(),
    );

    // As AGC: records whose first word is a sample that is complete are passed over, and the sample before them goes on.
    bench.write("c.fa", ">1 a\nAA\n>2 a\nCC\n>1 b\nGG\n>2 b\nTT\n>2 a\nAC\n");
    create(&bench, &["-c", "--skip-duplicates", "c.fa"]);
    assert_eq!(bench.sample("x.agc", "1"), ">1 a\nAA\n");
    assert_eq!(bench.sample("x.agc", "2"), ">2 a\nCC\n>2 b\nTT\n");
    // Contigs of the reference that are left out have no say in the splitters.
    let letters = haplotype(0);
    let one = format!(">x\n{letters}\n");
    bench.write("once.fa", &one);
    bench.write("twice/once.fa", one.repeat(2));
    let bytes = |file: &str| {
        bench
            .succeed(&[
                "create",
                "-q",
                "-s",
                "1000",
                "-b",
                "50",
                "--skip-duplicates",
                file,
            ])
            .0
    };
    assert!(bytes("once.fa") == bytes("twice/once.fa"));
}

#[test]
fn what_has_no_name_wants_one() {
    let bench = bench_with("ab");
    let text = b">x\nACGTACGT\n";
    for file in ["-", "/dev/stdin", "/dev/fd/0"] {
        let message = bench.fail(2, &[&CREATE[..], &["a.fa", file]].concat());
        assert!(
            message.contains("has no name") && message.contains("--sample"),
            "{message}"
        );
        for args in [&["--sample", "S", file][..], &[&format!("S={file}")]] {
            let output = bench.piped(&[&CREATE[..], args].concat(), text);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert_eq!(bench.sample("x.agc", "S"), ">x\nACGTACGT\n");
        }
        let output = bench.piped(&[&CREATE[..], &["-c", file]].concat(), text);
        assert_eq!(output.status.code(), Some(0));
        std::fs::remove_file(bench.path("x.agc")).unwrap();
    }
    let message = bench.fail(2, &[&CREATE[..], &["--sample", "S", "-", "/dev/fd/0"]].concat());
    assert!(message.contains("NAME=FILE"), "{message}");
    bench.fail(2, &[&CREATE[..], &["--sample", "S", "a.fa"]].concat());
    bench.fail(2, &[&CREATE[..], &["S=-", "T=-"]].concat());
}

#[test]
fn suffixes_are_taken_off_whatever_their_case() {
    let bench = Bench::new();
    let files = ["a.FA", "b.Fasta.FAS", "c.ffn", "d.faa.fna", "e.1.FNA"];
    for file in files {
        bench.write(file, ">x\nACGT\n");
    }
    create(&bench, &files);
    assert_eq!(bench.samples("x.agc"), ["a", "b", "c", "d", "e.1"]);
}
