//! Names that are more than a name: line ends, commands of terminals, bytes that are no text. They are refused where they would come in;
//! in an archive that has them a line end is damage, and messages show all of them written out.

// No archive is made of golden files here.
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use ragc_core::Params;
use ragc_core::internals::collection::{
    ContigDesc, SampleDesc, SegmentDesc, encode_contig_names, encode_details, encode_samples,
};
use ragc_core::internals::container::{ContainerWriter, names};
use ragc_core::internals::file_info::FileInfo;

const PARAMS: Params = Params {
    k: 4,
    min_match_len: 5,
    pack_cardinality: 5,
    segment_size: 10,
};

/// An archive of one sample, all contigs of which have the same ten bases.
fn archive_of(sample: &[u8], contigs: &[&[u8]]) -> Vec<u8> {
    let segment = SegmentDesc {
        group: 16,
        in_group_id: 0,
        is_rev_comp: false,
        raw_len: 10,
    };
    let contig = |name: &&[u8]| ContigDesc {
        name: name.to_vec(),
        segments: vec![segment],
    };
    let batch = [SampleDesc {
        name: sample.to_vec(),
        contigs: contigs.iter().map(contig).collect(),
    }];
    let mut writer = ContainerWriter::new(Vec::new());
    let mut add = |name: &str, metadata: u64, payload: &[u8]| {
        let stream = writer.register(name);
        writer.add_part(stream, metadata, payload).unwrap();
    };
    let (metadata, payload) = encode_samples(&[sample]).unwrap();
    add(names::COLLECTION_SAMPLES, metadata, &payload);
    let (metadata, payload) = encode_contig_names(&batch).unwrap();
    add(names::COLLECTION_CONTIGS, metadata, &payload);
    add(
        names::COLLECTION_DETAILS,
        0,
        &encode_details(&batch, PARAMS.predicted_len()).unwrap(),
    );
    add(&names::reference_stream(16), 0, &[0, 1, 2, 3, 3, 2, 1, 0, 3, 3]);
    add(names::PARAMS, 0, &PARAMS.encode());
    let (metadata, payload) = FileInfo::of_this_program().encode();
    add(names::FILE_INFO, metadata, &payload);
    writer.finish_with_sums().unwrap()
}

const FORGED: &[u8] = b"c1 x\nACGT\n>forged";

#[test]
fn a_contig_name_with_a_line_end_is_damage_and_no_record() {
    let bench = Bench::new();
    bench.write("x.agc", archive_of(b"s", &[b"c0", FORGED, b"c2\rACGT"]));
    for args in [
        &["getset", "x.agc", "s"][..],
        &["getcol", "x.agc"],
        &["getctg", "x.agc", "c0@s"],
        &["faidx", "x.agc", "c0"],
        &["listctg", "x.agc", "s"],
        &["listctg", "--json", "x.agc", "s"],
        &["digest", "x.agc"],
        &["append", "-o", "y.agc", "x.agc", "new.fa"],
        &["verify", "x.agc"],
    ] {
        bench.write("new.fa", ">c9\nACGT\n");
        let output = bench.run(args);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {message}");
        assert!(message.contains("holds a line end"), "{args:?}: {message}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains("forged"), "{args:?}: {text}");
        assert!(!bench.path("y.agc").exists());
    }
    // What is in the archive can be had, under a name of one line.
    let (_, told) = bench.succeed(&["getcol", "--salvage", "out", "x.agc"]);
    assert_eq!(told.lines().count(), 2, "{told}");
    assert!(
        told.lines()
            .all(|line| line.starts_with("ragc: warning: x.agc: ")),
        "{told}"
    );
    let text = fs::read_to_string(bench.path("out/s.fa")).unwrap();
    let names = ["c0", "c1 x\\nACGT\\n>forged", "c2\\rACGT"];
    assert_eq!(text, names.map(|name| format!(">{name}\nACGTTGCATT\n")).concat());
}

#[test]
fn a_sample_name_with_a_line_end_is_damage_and_no_second_sample() {
    let bench = Bench::new();
    bench.write("x.agc", archive_of(b"s\nt", &[b"c"]));
    for args in [
        &["listset", "x.agc"][..],
        &["listset", "--json", "x.agc"],
        &["listref", "x.agc"],
        &["info", "x.agc"],
        &["getset", "x.agc", "s\nt"],
        &["getcol", "--with-sample", "x.agc"],
        &["getcol", "-o", "out", "x.agc"],
    ] {
        let message = bench.fail(1, args);
        assert!(
            message.contains("holds a line end: \"s\\\\nt\"") || message.contains("holds a line end"),
            "{message}"
        );
    }
    assert_eq!(bench.run(&["verify", "x.agc"]).status.code(), Some(1));
    bench.succeed(&["getcol", "--salvage", "out", "--with-sample", "x.agc"]);
    let text = fs::read_to_string(bench.path("out/s\\nt.fa")).unwrap();
    assert_eq!(text, ">s\\nt#c\nACGTTGCATT\n");
}

#[test]
fn other_control_characters_come_out_as_they_are_and_are_written_out_in_messages() {
    let bench = Bench::new();
    let (sample, contig) = ("s\x1B[31m\u{9B}2J", "c\x01merged\tname\x07");
    bench.write("x.agc", archive_of(sample.as_bytes(), &[contig.as_bytes()]));
    assert_eq!(bench.sample("x.agc", sample), format!(">{contig}\nACGTTGCATT\n"));
    assert_eq!(
        bench.succeed(&["listset", "x.agc"]).0,
        format!("{sample}\n").as_bytes()
    );
    let named = ["listctg", "--digests", "x.agc", sample];
    let unknown = ["getset", "x.agc", "s\x1B[31"];
    let unknown_contig = ["getctg", "x.agc", "c\x1B@nosuch"];
    let usage = ["getset", "--\x1B[31m", "x.agc"];
    let absent = ["getset", "no\x1B[31m.agc", "s"];
    let told = ["getset", "-v", "2", "-o", "out.fa", "x.agc", sample];
    for args in [&named[..], &unknown, &unknown_contig, &usage, &absent, &told] {
        let message = bench.run(args).stderr;
        let message = String::from_utf8(message).unwrap();
        assert!(!message.is_empty(), "{args:?}");
        let is_command = |character: char| character.is_control() && character != '\n';
        assert!(!message.contains(is_command), "{args:?}: {message:?}");
    }
}

/// Fields of the rows that a command prints.
fn columns_of(bench: &Bench, args: &[&str]) -> Vec<Vec<String>> {
    let text = String::from_utf8(bench.succeed(args).0).unwrap();
    let fields = |row: &str| row.split('\t').map(str::to_owned).collect();
    text.lines().map(fields).collect()
}

#[test]
fn a_tab_in_a_name_is_no_column_of_a_table() {
    let bench = Bench::new();
    let sample = "s\t99\x0B";
    bench.write("x.agc", archive_of(sample.as_bytes(), &[b"c\x01 word\tother"]));
    let shown = "s\\t99\\u{b}";
    let listed = columns_of(&bench, &["listset", "--tsv", "x.agc"]);
    assert_eq!(listed, [[shown, "1", "10", ".", ".", ".", ".", "."]]);
    let contigs = columns_of(&bench, &["listctg", "--tsv", "x.agc"]);
    assert_eq!(contigs, [["c\\u{1}", "10", shown]]);
    let digests = columns_of(&bench, &["digest", "--tsv", "x.agc"]);
    assert_eq!(digests[0][..3], ["c\\u{1}", "10", shown]);
    assert_eq!(digests[0].len(), 5);
    let lists = columns_of(&bench, &["digest", "x.agc"]);
    assert_eq!((lists[0].len(), lists[0][0].as_str()), (2, shown));
    assert_eq!(
        (lists[1].len(), lists[1][0].as_str()),
        (4, "   c\\u{1} word\\tother")
    );
    // The same as a word of FASTA: what stands behind a blank is no name.
    let table = columns_of(&bench, &["faidx", "--fai", "--with-sample", "x.agc"]);
    assert_eq!(table, [["s", "10", "21", "10", "11"]]);
}

/// Folders may have any name, and those of archives that others made are theirs.
#[test]
fn a_tab_in_a_path_is_no_column_of_a_table() {
    let bench = Bench::new();
    fs::create_dir(bench.path("d\t1\n")).unwrap();
    bench.write("d\t1\n/a.fa", ">c\nACGT\n");
    let folder = bench.path("d\t1\n");
    let file = folder.join("a.fa");
    let (folder, file) = (folder.to_str().unwrap(), file.to_str().unwrap());
    let shown = |path: &str| path.replace('\t', "\\t").replace('\n', "\\n");
    let planned = columns_of(&bench, &["sync", "--dry-run", "x.agc", folder]);
    assert_eq!(planned, [["new", "a", &shown(file)]]);
    let created = bench
        .bare_command(&["create", "-o", "x.agc", file])
        .output_in_time();
    assert!(created.status.success());
    let listed = columns_of(&bench, &["listset", "--tsv", "x.agc"]);
    assert_eq!((listed.len(), listed[0].len()), (1, 8));
    assert!(listed[0][4].ends_with(&shown("d\t1\n/a.fa")), "{listed:?}");
    let commands = columns_of(&bench, &["log", "x.agc"]);
    assert_eq!((commands.len(), commands[0].len()), (1, 6));
    assert!(commands[0][5].contains(&shown(file)), "{commands:?}");
}

#[test]
fn names_that_are_no_line_of_text_are_refused() {
    let bench = Bench::new();
    let text = ">c\nACGTACGT\n";
    for (file, what) in [
        (&b"a\nb.fa"[..], "0A hex"),
        (b"a\x1B[31m.fa", "1B hex"),
        (b"caf\xE9.fa", "not UTF-8"),
    ] {
        fs::write(bench.path("").join(OsStr::from_bytes(file)), text).unwrap();
        for options in [&[][..], &["--rename-duplicates"]] {
            let mut command = bench.command(&["create", "-o", "x.agc"]);
            let output = command
                .args(options)
                .arg(OsStr::from_bytes(file))
                .output_in_time();
            let message = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{message}");
            assert!(
                message.contains(what) && message.lines().count() == 1,
                "{message}"
            );
        }
        fs::remove_file(bench.path("").join(OsStr::from_bytes(file))).unwrap();
    }
    bench.write("a.fa", text);
    let message = bench.fail(1, &["create", "-o", "x.agc", "--sample", "a\nb", "-"]);
    assert!(message.contains("0A hex"), "{message}");
    for (header, what) in [("c\x1B[2J", "1B hex"), ("c\x08", "08 hex"), ("c x\x7F", "7F hex")] {
        bench.write("b.fa", format!(">a\nACGT\n>{header}\nACGT\n"));
        for command in [
            &["create", "-o", "x.agc", "a.fa", "b.fa"][..],
            &["create", "-c", "-o", "x.agc", "b.fa"],
        ] {
            let message = bench.fail(1, command);
            assert!(message.contains(what) && message.contains("line 3"), "{message}");
        }
    }
    // Nor where records name their samples.
    for option in ["-c", "--pansn"] {
        bench.write("b.fa", b">a#1#c\nACGT\n>caf\xE9#1#c x\nACGT\n");
        let message = bench.fail(1, &["create", option, "-o", "x.agc", "b.fa"]);
        assert!(
            message.contains("not UTF-8") && message.contains("line 3"),
            "{message}"
        );
        bench.write("b.fa", b">a#1#c\nACGT\n>caf\xC3\xA9#1#c \xE9\nACGT\n");
        bench.succeed(&["create", option, "-o", "x.agc", "b.fa"]);
    }
    // Tabs separate words in many headers.
    bench.write("b.fa", ">c\tx\nACGTACGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa"]);
    assert_eq!(bench.sample("x.agc", "b"), ">c\tx\nACGTACGT\n");
}

/// Two names of bytes that are no text stay two names.
#[test]
fn json_tells_bytes_that_are_no_text_apart() {
    let bench = Bench::new();
    bench.write("x.agc", archive_of(b"s", &[b"caf\xE9", b"caf\xE8 x"]));
    let text = String::from_utf8(bench.succeed(&["listctg", "--json", "x.agc", "s"]).0).unwrap();
    assert!(
        text.contains(r#""name":"caf\\xE9""#) && text.contains(r#""name":"caf\\xE8""#),
        "{text}"
    );
}
