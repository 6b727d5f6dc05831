//! What the format cannot say comes back: odd residues always, case and layout unless they are folded.

use std::fs;

use crate::bench::golden::golden_fasta;
use crate::bench::packed::gzip;
use crate::bench::{Bench, normal};
use ragc_core::Archive;
use serde_json::{Value, json};

const CREATE: [&str; 7] = ["create", "-o", "x.agc", "-s", "200", "-b", "3"];

/// Files with every oddity that a file may have.
fn oddities() -> Vec<(&'static str, String)> {
    let line = "ACGTTGCAAC".repeat(6);
    let lower = "acgttgcaac".repeat(3);
    let gaps = "-".repeat(500);
    vec![
        (
            "plain",
            format!(">a one\n{line}\n{line}\nAC\n>b\nGGT\n>empty\n>c\n{line}\n"),
        ),
        (
            "crlf",
            format!(">a one \r\n{line}\r\n{lower}\r\n>b\r\n{line}\r\nAC\r\n"),
        ),
        ("mac", format!(">a\r{line}\r{lower}\r>b\rACGT")),
        (
            "mixed",
            format!("\r\n\n>a\t x\r\n{line}\n\n\r\n{lower}AC\r\n{line}\n>b\n\n\n>c\nACGT\r\r\n\n"),
        ),
        ("open", format!(">a\n{line}\n{line}")),
        ("header", ">a\nACGT\n>last".to_owned()),
        (
            "blanks",
            format!(">a\nACGT ACGT ACGT\nacgt\tacgt  \n{line} \n>b\n{line}\n A\n"),
        ),
        (
            "ragged",
            format!(">a\nA\nCG\nTAC\nG\nTTTTT\nA\n{line}\n>b\n{line}AC\n{line}\nGGG\n"),
        ),
        (
            "gaps",
            format!(
                ">a\n{}\n{gaps}\n{}\n>b\n--AC*G_Tx7{line}\n>c\n{line}Xe_e-E\n",
                line.repeat(50),
                line.repeat(50)
            ),
        ),
        (
            "one_line",
            format!(">a\n{}\n>b\n{lower}{line}{lower}\n", line.repeat(9)),
        ),
    ]
}

fn write_oddities(bench: &Bench) -> Vec<(String, String)> {
    let write = |(name, text): (&str, String)| {
        let file = format!("{name}.fa");
        bench.write(&file, &text);
        (file, text)
    };
    oddities().into_iter().map(write).collect()
}

fn create(bench: &Bench, flags: &[&str], files: &[(String, String)]) -> String {
    let files: Vec<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
    bench.succeed(&[&CREATE[..], flags, &files].concat()).1
}

fn exact(bench: &Bench, sample: &str) -> String {
    String::from_utf8(bench.succeed(&["getset", "--exact", "x.agc", sample]).0).unwrap()
}

#[test]
fn every_file_comes_back_byte_for_byte() {
    let bench = Bench::new();
    let files = write_oddities(&bench);
    create(&bench, &["--lossless"], &files);
    let archive = fs::read(bench.path("x.agc")).unwrap();
    for (file, text) in &files {
        assert_eq!(exact(&bench, file.trim_end_matches(".fa")), *text, "{file}");
    }
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let (collection, _) = bench.succeed(&["getcol", "--exact", "x.agc"]);
    assert_eq!(String::from_utf8(collection).unwrap(), all);
    bench.succeed(&["getcol", "--exact", "-o", "out", "x.agc"]);
    for (file, text) in &files {
        assert_eq!(fs::read_to_string(bench.path("out").join(file)).unwrap(), *text);
    }
    for threads in ["1", "7"] {
        create(&bench, &["--lossless", "-t", threads], &files);
        assert!(fs::read(bench.path("x.agc")).unwrap() == archive);
    }
}

#[test]
fn golden_files_come_back_at_once_and_appended() {
    let bench = Bench::new();
    let names = ["ref", "a", "b", "f_lower", "e"];
    let files = names.map(|name| golden_fasta(&format!("{name}.fa")));
    let paths: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    let check = || {
        for (name, path) in names.iter().zip(&files) {
            assert!(exact(&bench, name) == fs::read_to_string(path).unwrap(), "{name}");
        }
    };
    bench.succeed(&[&CREATE[..], &["--lossless"], &paths].concat());
    check();
    bench.succeed(&[&CREATE[..], &["--lossless", paths[0]]].concat());
    for path in &paths[1..] {
        // What the archive keeps is kept of new files, too.
        bench.succeed(&["append", "-o", "x.agc", "x.agc", path]);
    }
    check();
}

#[test]
fn everything_is_kept_unless_it_is_folded() {
    let bench = Bench::new();
    let files = write_oddities(&bench);
    let text = |args: &[&str]| String::from_utf8(bench.succeed(args).0).unwrap();
    let read = || fs::read(bench.path("x.agc")).unwrap();

    let stderr = create(&bench, &[], &files);
    assert!(!stderr.contains("case"), "{stderr}");
    let all = read();
    for (file, content) in &files {
        assert_eq!(exact(&bench, file.trim_end_matches(".fa")), *content, "{file}");
    }
    let crlf = &files[1].1;
    assert_eq!(bench.sample("x.agc", "crlf"), cased(crlf));
    let (with_case, upper) = (text(&["getcol", "x.agc"]), text(&["getcol", "--upper", "x.agc"]));
    create(&bench, &["--lossless"], &files);
    assert!(read() == all);

    for fold in [&["--fold"][..], &["--preset", "agc"]] {
        let stderr = create(&bench, fold, &files);
        assert!(
            stderr.contains("stored in upper case: --keep case keeps them"),
            "{stderr}"
        );
        for name in [&b"ragc.case"[..], b"ragc.layout"] {
            assert!(
                !read().windows(name.len()).any(|window| window == name),
                "{fold:?}"
            );
        }
        assert_eq!(bench.sample("x.agc", "crlf"), normal(crlf));
        assert_eq!(text(&["getcol", "x.agc"]), upper);
    }
    create(&bench, &["--preset", "agc", "--lossless"], &files);
    assert_eq!(text(&["getcol", "x.agc"]), with_case);
    for flags in [["--fold", "--lossless"], ["--fold", "--keep=case"]] {
        bench.fail(2, &[&CREATE[..], &flags, &["plain.fa"]].concat());
    }
}

/// As [`normal`], in the case that the letters had.
fn cased(fasta: &str) -> String {
    let letters = |line: &str| line.replace([' ', '\t', '\r'], "");
    let mut text = String::new();
    for record in fasta.split('>').skip(1) {
        let (header, lines) = record.split_once('\n').unwrap_or((record, ""));
        text.push_str(&format!(">{}\n", header.trim_end_matches('\r')));
        let residues: String = lines.lines().map(letters).collect();
        for line in residues.as_bytes().chunks(80) {
            text.push_str(std::str::from_utf8(line).unwrap());
            text.push('\n');
        }
    }
    text
}

#[test]
fn what_is_appended_goes_on_with_what_the_archive_keeps() {
    let bench = Bench::new();
    let files = write_oddities(&bench);
    for (flags, keeps) in [(&[][..], true), (&["--fold"], false)] {
        create(&bench, flags, &files[..1]);
        let (_, stderr) = bench.succeed(&["append", "-o", "x.agc", "x.agc", &files[1].0]);
        assert_eq!(stderr.contains("stored in upper case"), !keeps, "{stderr}");
        if keeps {
            assert_eq!(exact(&bench, "crlf"), files[1].1);
        } else {
            assert_eq!(bench.sample("x.agc", "crlf"), normal(&files[1].1));
        }
    }
    bench.succeed(&["append", "--lossless", "-o", "x.agc", "x.agc", &files[3].0]);
    assert_eq!(exact(&bench, "mixed"), files[3].1);
}

#[test]
fn odd_residues_come_back_in_every_reading_command() {
    let bench = Bench::new();
    let gaps = "-".repeat(300);
    let text = format!(">a\nACGTN{gaps}ACGT\n>b\nAC*GT_7Xnx{}\n", "ACGT".repeat(10));
    bench.write("s.fa", &text);
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--fold", "--any-residues", "s.fa"]].concat());
    assert!(
        stderr.contains(
            "ragc: 305 residues that are no nucleotide code are kept, but other programs read them as N"
        ),
        "{stderr}"
    );
    assert_eq!(bench.sample("x.agc", "s"), normal(&text));
    let print = |args: &[&str]| String::from_utf8(bench.succeed(args).0).unwrap();
    assert_eq!(print(&["getcol", "x.agc"]), normal(&text));
    assert_eq!(print(&["getctg", "x.agc", "a:3-7"]), ">a:3-7\nTN---\n");
    assert_eq!(print(&["getctg", "x.agc", "a:100-103"]), ">a:100-103\n----\n");
    assert_eq!(print(&["getctg", "x.agc", "a:303-306"]), ">a:303-306\n--AC\n");
    assert_eq!(print(&["getctg", "x.agc", "b:2-9"]), ">b:2-9\n*GT_7XNX\n");
    assert_eq!(print(&["faidx", "x.agc", "a:304-307"]), ">a:304-307\n--AC\n");
    assert_eq!(print(&["faidx", "-i", "x.agc", "b:1-8"]), ">b:1-8/rc\nX7_AC*GT\n");
    assert!(
        !fs::read(bench.path("x.agc"))
            .unwrap()
            .windows(9)
            .any(|name| name == b"ragc.case")
    );
}

#[test]
fn without_odd_residues_there_is_no_stream_of_them() {
    let bench = Bench::new();
    bench.write("s.fa", ">a\nACGTN\n");
    let has = |name: &[u8]| {
        let archive = fs::read(bench.path("x.agc")).unwrap();
        archive.windows(name.len()).any(|window| window == name)
    };
    bench.succeed(&[&CREATE[..], &["s.fa"]].concat());
    assert!(!has(b"ragc.odd") && has(b"ragc.case") && has(b"ragc.layout"));
    bench.succeed(&[&CREATE[..], &["--fold", "s.fa"]].concat());
    assert!(!has(b"ragc.odd") && !has(b"ragc.case") && !has(b"ragc.layout"));
}

#[test]
fn case_comes_back_where_it_is_asked_for() {
    let bench = Bench::new();
    let text = ">a\nACGTacgtNNnnRrxX--ac\n>b\nGGGG\n";
    bench.write("s.fa", text);
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--fold", "s.fa", "--any-residues"]].concat());
    assert!(
        stderr.contains(
            "ragc: warning: 10 bases (41.7 %) are lower case and are stored in upper case: --keep case keeps them"
        ),
        "{stderr}"
    );
    let message = bench.fail(1, &["getset", "--case", "x.agc", "s"]);
    assert!(
        message.contains("x.agc: sample \"s\": its case is not kept in the archive"),
        "{message}"
    );

    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--keep", "case", "s.fa", "--any-residues"]].concat());
    assert!(!stderr.contains("case"), "{stderr}");
    let print = |args: &[&str]| String::from_utf8(bench.succeed(args).0).unwrap();
    // As older command lines have it, --case changes nothing where it is kept.
    for case in [&[][..], &["--case"]] {
        let print = |args: &[&str]| print(&[&args[..1], case, &args[1..]].concat());
        assert_eq!(print(&["getset", "x.agc", "s"]), text);
        assert_eq!(print(&["getcol", "x.agc"]), text);
        assert_eq!(print(&["getctg", "x.agc", "a:6-11"]), ">a:6-11\ngtNNnn\n");
        assert_eq!(
            print(&["faidx", "-i", "x.agc", "a:7-14"]),
            ">a:7-14/rc\nyYnnNNac\n"
        );
    }
    assert_eq!(
        print(&["getset", "--upper", "x.agc", "s"]),
        text.to_ascii_uppercase().replace(">A", ">a").replace(">B", ">b")
    );
    assert_eq!(
        print(&["getctg", "--upper", "x.agc", "a:6-11"]),
        ">a:6-11\nGTNNNN\n"
    );
    assert_eq!(
        print(&["faidx", "--upper", "-i", "x.agc", "a:7-14"]),
        ">a:7-14/rc\nYYNNNNAC\n"
    );
    bench.fail(2, &["getset", "--upper", "--case", "x.agc", "s"]);
    let message = bench.fail(1, &["getset", "--exact", "x.agc", "s"]);
    assert!(
        message.contains("sample \"s\": its layout is not kept"),
        "{message}"
    );
}

#[test]
fn nothing_is_said_of_case_where_all_is_upper_case() {
    let bench = Bench::new();
    bench.write("s.fa", ">abc\nACGTN\n");
    let (_, stderr) = bench.succeed(&["create", "--preset", "agc", "-o", "x.agc", "s.fa"]);
    assert_eq!(stderr, "");
}

#[test]
fn an_archive_may_keep_more_of_later_samples() {
    let bench = Bench::new();
    let files = write_oddities(&bench);
    let append = |flags: &[&str], file: &str| {
        bench.succeed(&[&["append", "-o", "x.agc", "x.agc"], flags, &[file]].concat())
    };
    create(&bench, &["--fold"], &files[..1]);
    append(&["--keep", "case"], &files[1].0);
    append(&["--keep", "layout"], &files[2].0);
    append(&[], &files[3].0);
    assert_eq!(exact(&bench, "mac"), files[2].1);
    assert_eq!(exact(&bench, "mixed"), files[3].1);
    for (sample, missing) in [("plain", "case and layout are"), ("crlf", "layout is")] {
        let message = bench.fail(1, &["getset", "--exact", "x.agc", "mac", sample]);
        assert!(
            message.contains(&format!("sample {sample:?}: its {missing} not kept")),
            "{message}"
        );
    }
    let message = bench.fail(1, &["getcol", "--exact", "-o", "out", "x.agc"]);
    assert!(message.contains("sample \"plain\""), "{message}");
    bench.succeed(&["getset", "--case", "x.agc", "crlf", "mac", "mixed"]);
}

#[test]
fn renamed_contigs_have_their_header_back() {
    let bench = Bench::new();
    let text = ">x one\nAC\n>x one\nGT\n>y\nAC";
    bench.write("s.fa", text);
    bench.succeed(&[&CREATE[..], &["--rename-duplicates", "--lossless", "s.fa"]].concat());
    assert_eq!(bench.sample("x.agc", "s"), ">x one\nAC\n>x.2 one\nGT\n>y\nAC\n");
    assert_eq!(exact(&bench, "s"), text);
}

#[test]
fn samples_of_one_file_are_its_parts() {
    let bench = Bench::new();
    let text = "\n>a 1\nacgt\nAC\n\n>a 2\nGG\r\n>b\nACGT--\nA-A\n>c\nTT";
    bench.write("s.fa", text);
    bench.succeed(&[&CREATE[..], &["-c", "--lossless", "--any-residues", "s.fa"]].concat());
    assert_eq!(exact(&bench, "a"), "\n>a 1\nacgt\nAC\n\n>a 2\nGG\r\n");
    assert_eq!(exact(&bench, "b"), ">b\nACGT--\nA-A\n");
    let (all, _) = bench.succeed(&["getcol", "--exact", "x.agc"]);
    assert_eq!(String::from_utf8(all).unwrap(), text);
}

#[test]
fn packed_files_come_back_unpacked_or_packed_anew() {
    let bench = Bench::new();
    let text = ">a\r\nACGTacgt\r\n";
    bench.write("s.fa.gz", gzip(text.as_bytes()));
    bench.write("t.fa", zstd::encode_all(text.as_bytes(), 3).unwrap());
    bench.succeed(&[&CREATE[..], &["--lossless", "s.fa.gz", "t.fa"]].concat());
    assert_eq!(exact(&bench, "s"), text);
    assert_eq!(exact(&bench, "t"), text);
    bench.succeed(&["getset", "--exact", "-o", "u.zst", "x.agc", "s", "t"]);
    let unpacked = zstd::decode_all(&fs::read(bench.path("u.zst")).unwrap()[..]).unwrap();
    assert_eq!(String::from_utf8(unpacked).unwrap(), text.repeat(2));
}

#[test]
fn exact_files_have_no_other_layout() {
    let bench = Bench::new();
    for flags in [
        &["-l", "60"][..],
        &["--with-sample"],
        &["--case"],
        &["--upper"],
        &["--index", "-o", "y"],
    ] {
        let args = [&["getset", "--exact"], flags, &["x.agc", "s"]].concat();
        bench.fail(2, &args);
    }
}

#[test]
fn what_is_kept_is_told_in_json() {
    let bench = Bench::new();
    bench.write("s.fa.gz", gzip(b">a\nACGT\n"));
    bench.write("t.fa", ">a\nACGTACGTAC-\n");
    bench.write("u.fa", ">a\nACGT\n");
    let print = |args: &[&str]| -> Value { serde_json::from_slice(&bench.succeed(args).0).unwrap() };
    bench.succeed(&[&CREATE[..], &["--keep", "case", "u.fa"]].concat());
    bench.succeed(&["append", "--lossless", "-o", "x.agc", "x.agc", "s.fa.gz", "t.fa"]);
    assert_eq!(
        print(&["info", "--json", "x.agc"])["archive"]["kept"],
        json!({ "odd_residues": true, "n_with_case": 3, "n_with_layout": 2, "packings": { "gzip": 1, "plain": 1 } })
    );
    let samples = &print(&["listset", "--json", "x.agc"])["samples"];
    let packings: Vec<&Value> = (0..3).map(|i| &samples[i]["packing"]).collect();
    assert_eq!(packings, [&json!("gzip"), &json!("plain"), &Value::Null]);
}

/// Flips a bit in the first part of a stream.
fn damage(bench: &Bench, stream: &str) {
    let mut bytes = fs::read(bench.path("x.agc")).unwrap();
    let opened = Archive::open(bench.path("x.agc")).unwrap();
    let archive = opened.container();
    let place = archive.footer().parts(archive.stream(stream).unwrap())[0];
    bytes[(place.offset + 1 + place.len / 2) as usize] ^= 1;
    fs::write(bench.path("y.agc"), bytes).unwrap();
}

#[test]
fn damage_to_what_is_kept_is_found_and_costs_only_what_needs_it() {
    let bench = Bench::new();
    let files = write_oddities(&bench);
    for checksums in [&[][..], &["--no-checksums"]] {
        create(&bench, &[&["--lossless"], checksums].concat(), &files);
        let plain = bench.succeed(&["getset", "--upper", "x.agc", "gaps"]).0;
        for stream in ["ragc.case", "ragc.layout"] {
            damage(&bench, stream);
            assert!(bench.succeed(&["getset", "--upper", "y.agc", "gaps"]).0 == plain);
            if checksums.is_empty() {
                let message = bench.fail(1, &["getset", "--exact", "y.agc", "crlf"]);
                assert!(message.contains(&format!("stream {stream} part 0")), "{message}");
                if stream == "ragc.case" {
                    let message = bench.fail(1, &["getset", "y.agc", "crlf"]);
                    assert!(
                        message.contains("--upper prints the letters without it"),
                        "{message}"
                    );
                }
                let output = bench.run(&["verify", "y.agc"]);
                assert_eq!(output.status.code(), Some(1));
                assert!(String::from_utf8(output.stderr).unwrap().contains(stream));
            }
        }
        damage(&bench, "ragc.odd");
        let output = bench.run(&["getset", "--upper", "y.agc", "gaps"]);
        let came_out_wrong = output.status.success() && output.stdout != plain;
        assert!(!came_out_wrong || !checksums.is_empty());
        if checksums.is_empty() {
            let message = bench.fail(1, &["getset", "y.agc", "gaps"]);
            assert!(message.contains("stream ragc.odd part 0"), "{message}");
            let output = bench.run(&["verify", "y.agc"]);
            assert_eq!(output.status.code(), Some(1));
        }
    }
    bench.succeed(&["verify", "x.agc"]);
}
