//! Headers with bytes outside ASCII, which the coding of names in the collection cannot hold behind another header.

use std::fs;

use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};
use ragc_core::Archive;
use ragc_core::internals::container::names;

const CREATE: [&str; 5] = ["create", "--preset", "agc", "-o", "x.agc"];

/// Headers of UTF-8, of Latin-1 and of neither, some of them alike in their first words.
const HEADERS: [&[u8]; 8] = [
    "café one".as_bytes(),
    b"plain two",
    "bébé two".as_bytes(),
    b"caf\xE9 three",
    b"\xFF\x80\x81",
    "名 four".as_bytes(),
    b"%E5%90%8D other",
    b"last",
];

fn fasta(headers: &[&[u8]]) -> Vec<u8> {
    let record = |(number, header): (usize, &&[u8])| {
        let bases = ["A", "C", "G", "T"].map(|base| base.repeat(number + 1)).concat();
        [b">", *header, b"\n", bases.as_bytes(), b"\n"].concat()
    };
    headers
        .iter()
        .enumerate()
        .map(record)
        .collect::<Vec<_>>()
        .concat()
}

fn out(bench: &Bench, args: &[&str]) -> Vec<u8> {
    bench.succeed(args).0
}

/// Names of a sample as programs read them that do not know of others.
fn stored(bench: &Bench, archive: &str, sample: usize) -> Vec<String> {
    let archive = Archive::open(bench.path(archive)).unwrap();
    let contigs = archive.describe(sample).unwrap().contigs;
    let names = contigs.into_iter().map(|contig| String::from_utf8(contig.name));
    names.map(Result::unwrap).collect()
}

/// An archive of `a`, which has such headers, between others.
fn archive(flags: &[&str]) -> (Bench, String) {
    let bench = Bench::new();
    bench.write("ref.fa", fasta(&[b"x", b"y"]));
    bench.write("a.fa", fasta(&HEADERS));
    bench.write("b.fa", fasta(&[b"x", b"caf%C3%A9"]));
    let told = bench
        .succeed(&[&CREATE[..], flags, &["ref.fa", "a.fa", "b.fa"]].concat())
        .1;
    (bench, told)
}

#[test]
fn headers_come_back_exactly_in_every_command() {
    let (bench, told) = archive(&["--lossless", "--verify"]);
    assert_eq!(
        told,
        "ragc: headers with bytes that the format cannot hold: 5; they are kept, and other programs read plain ones; the first \
         is \"café one\", for them \"caf%C3%A9 one\"\n"
    );
    let text = fasta(&HEADERS);
    assert_eq!(out(&bench, &["getset", "x.agc", "a"]), text);
    assert_eq!(out(&bench, &["getset", "--exact", "x.agc", "a"]), text);
    let all = ["ref.fa", "a.fa", "b.fa"]
        .map(|file| fs::read(bench.path(file)).unwrap())
        .concat();
    assert_eq!(out(&bench, &["getset", "-t", "2", "x.agc", "ref", "a", "b"]), all);
    out(&bench, &["getcol", "-o", "out", "x.agc"]);
    assert_eq!(fs::read(bench.path("out/a.fa")).unwrap(), text);
    let listed = out(&bench, &["listctg", "x.agc", "a"]);
    let expected: Vec<u8> = HEADERS
        .iter()
        .flat_map(|header| [b"   ", *header, b"\n"].concat())
        .collect();
    assert_eq!(listed, [b"a\n", &expected[..]].concat());
    let json = String::from_utf8(out(&bench, &["listctg", "--json", "x.agc", "a"])).unwrap();
    assert!(
        json.contains("\"bébé\"") && !json.contains("b%C3%A9b%C3%A9"),
        "{json}"
    );
    let table = String::from_utf8(
        out(&bench, &["faidx", "--fai", "x.agc", "a"])
            .into_iter()
            .filter(u8::is_ascii)
            .collect(),
    );
    assert!(table.unwrap().contains("bb\t12\t"));
    assert_eq!(
        out(&bench, &["faidx", "x.agc", "a#bébé:1-4"]),
        ">a#bébé:1-4\nAAAC\n".as_bytes()
    );

    let plain = [
        "caf%C3%A9 one",
        "plain two",
        "b%C3%A9b%C3%A9 two",
        "caf%E9 three",
        "%FF%80%81",
        "%E5%90%8D four",
        "%E5%90%8D other",
        "last",
    ];
    assert_eq!(stored(&bench, "x.agc", 1), plain);
    assert_eq!(stored(&bench, "x.agc", 0), ["x", "y"]);
}

#[test]
fn contigs_are_found_by_either_name() {
    let (bench, _) = archive(&[]);
    let text = fasta(&HEADERS);
    let records: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let record = |number: usize| records[2 * number..][..2].concat();
    for (name, number) in [
        ("café", 0),
        ("café one", 0),
        ("bébé", 2),
        ("b%C3%A9b%C3%A9", 2),
        ("b%C3%A9b%C3%A9 two", 2),
        ("caf%E9", 3),
        ("名", 5),
        ("%FF%80%81", 4),
        // The true name of another contig comes first.
        ("%E5%90%8D", 6),
        ("%E5%90%8D four", 5),
    ] {
        assert_eq!(
            out(&bench, &["getctg", "x.agc", &format!("{name}@a")]),
            record(number),
            "{name}"
        );
        if !name.contains(' ') {
            let region = out(&bench, &["faidx", "x.agc", &format!("a#{name}")]);
            assert_eq!(
                region.split(|byte| *byte == b'\n').nth(1),
                records[2 * number + 1].split(|byte| *byte == b'\n').next()
            );
        }
    }
    assert_eq!(out(&bench, &["getctg", "x.agc", "bébé"]), record(2));
    // One sample calls a contig so, of the other AGC would.
    let message = bench.fail(1, &["getctg", "x.agc", "caf%C3%A9"]);
    assert!(message.contains("occurs in 2 samples"), "{message}");
    bench.fail(1, &["getctg", "x.agc", "bebe@a"]);
}

#[test]
fn what_could_always_be_stored_is_stored_as_ever() {
    let bench = Bench::new();
    bench.write("ref.fa", fasta(&["côte d'ivoire".as_bytes()]));
    bench.write(
        "a.fa",
        fasta(&["côte one".as_bytes(), "x".as_bytes(), "côte two".as_bytes()]),
    );
    assert_eq!(bench.succeed(&[&CREATE[..], &["ref.fa", "a.fa"]].concat()).1, "");
    assert_eq!(stored(&bench, "x.agc", 0), ["côte d'ivoire"]);
    assert_eq!(stored(&bench, "x.agc", 1), ["côte one", "x", "côte two"]);
    let archive = Archive::open(bench.path("x.agc")).unwrap();
    assert!(archive.container().footer().find(names::NAMES).is_none());
}

#[test]
fn appending_goes_on_as_if_all_were_stored_at_once() {
    let (bench, _) = archive(&["--no-checksums"]);
    bench.write("c.fa", fasta(&HEADERS[2..]));
    bench.write("ö.fa", fasta(&[b"x", "ö".as_bytes()]));
    for batch in ["1", "2", "50"] {
        let create = |name: &str, files: &[&str]| {
            let args = ["create", "--preset", "agc", "-q", "-b", batch, "-o", name];
            bench.succeed(&[&args, files].concat());
        };
        create("all.agc", &["ref.fa", "a.fa", "b.fa", "c.fa", "ö.fa"]);
        create("y.agc", &["ref.fa", "a.fa"]);
        for file in ["b.fa", "c.fa", "ö.fa"] {
            let (_, said) = bench.succeed(&["append", "--verify", "-o", "y.agc", "y.agc", file]);
            assert!(!said.contains(names::NAMES), "{said}");
        }
        let all = |archive: &str| out(&bench, &["getset", archive, "ref", "a", "b", "c", "ö"]);
        assert_eq!(all("y.agc"), all("all.agc"));
        for sample in 0..5 {
            assert_eq!(stored(&bench, "y.agc", sample), stored(&bench, "all.agc", sample));
        }
        assert_eq!(out(&bench, &["getset", "y.agc", "c"]), fasta(&HEADERS[2..]));
    }
}

#[test]
fn names_are_renamed_skipped_and_split_as_all_others() {
    let bench = Bench::new();
    bench.write(
        "a.fa",
        fasta(&[b"x", "é one".as_bytes(), "é one".as_bytes(), "é two".as_bytes()]),
    );
    let message = bench.fail(1, &[&CREATE[..], &["a.fa"]].concat());
    assert!(message.contains("a contig of this name"), "{message}");
    bench.succeed(&[&CREATE[..], &["-q", "--rename-duplicates", "a.fa"]].concat());
    assert_eq!(
        out(&bench, &["listctg", "x.agc", "a"]),
        "a\n   x\n   é one\n   é.2 one\n   é two\n".as_bytes()
    );
    bench.succeed(&[&CREATE[..], &["-q", "--skip-duplicates", "a.fa"]].concat());
    assert_eq!(
        out(&bench, &["listctg", "x.agc", "a"]),
        "a\n   x\n   é one\n   é two\n".as_bytes()
    );
    bench.write(
        "c.fa",
        fasta(&["é one".as_bytes(), "é twö".as_bytes(), b"x", "ü".as_bytes()]),
    );
    bench.succeed(&[&CREATE[..], &["-q", "-c", "c.fa"]].concat());
    assert_eq!(out(&bench, &["listset", "x.agc"]), "x\né\nü\n".as_bytes());
    assert_eq!(
        out(&bench, &["listctg", "x.agc", "é"]),
        "é\n   é one\n   é twö\n".as_bytes()
    );
    assert_eq!(stored(&bench, "x.agc", 0), ["%C3%A9 one", "%C3%A9 tw%C3%B6"]);
}

#[test]
fn lost_names_cost_no_sequence_and_are_told() {
    let (bench, _) = archive(&[]);
    let archive = Archive::open(bench.path("x.agc")).unwrap();
    let stream = archive.container().stream(names::NAMES).unwrap();
    let parts = archive.container().footer().parts(stream).to_vec();
    let intact = fs::read(bench.path("x.agc")).unwrap();
    let plain = normal(&String::from_utf8_lossy(&fasta(&[
        b"caf%C3%A9 one",
        b"plain two",
        b"b%C3%A9b%C3%A9 two",
        b"caf%E9 three",
        b"%FF%80%81",
        b"%E5%90%8D four",
        b"%E5%90%8D other",
        b"last",
    ])));
    assert_eq!(parts.len(), 2);
    for part in parts {
        let mut bytes = intact.clone();
        bytes[(part.offset + 1 + part.len / 2) as usize] ^= 0x10;
        bench.write("y.agc", bytes);
        for args in [
            &["getset", "y.agc", "a"][..],
            &["listctg", "y.agc", "a"],
            &["getctg", "y.agc", "plain@a"],
        ] {
            let message = bench.fail(1, args);
            assert!(message.contains("ragc.names"), "{message}");
        }
        let told = bench.run(&["verify", "y.agc"]);
        assert_eq!(told.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&told.stderr).contains("ragc.names"));
        let json: serde_json::Value =
            serde_json::from_slice(&bench.run(&["verify", "--json", "y.agc"]).stdout).unwrap();
        let lost = &json["verification"]["lost"];
        let of_a = lost
            .as_array()
            .unwrap()
            .iter()
            .find(|lost| lost["name"] == "a")
            .unwrap();
        assert_eq!(
            (&of_a["has_lost_names"], &of_a["n_contigs"]),
            (&true.into(), &8.into())
        );
        assert_eq!(
            bench.run(&["getcol", "--salvage", "out", "y.agc"]).status.code(),
            Some(1)
        );
        assert_eq!(
            fs::read_to_string(bench.path("out/a.incomplete.fa")).unwrap(),
            plain
        );
        fs::remove_dir_all(bench.path("out")).unwrap();
    }
}

#[test]
fn other_samples_are_read_without_looking_at_names() {
    let bench = Bench::new();
    bench.write("a.fa", fasta(&HEADERS));
    let golden = golden_fasta("c.fa");
    bench.succeed(&[&CREATE[..], &["-q", "a.fa", golden.to_str().unwrap()]].concat());
    let text = fs::read_to_string(golden).unwrap();
    assert_eq!(bench.sample("x.agc", "c"), normal(&text));
    let opened = Archive::open(bench.path("x.agc")).unwrap();
    assert_eq!(opened.contigs("a").unwrap().substitutes().count(), 5);
    assert_eq!(opened.contigs("c").unwrap().substitutes().count(), 0);
}
