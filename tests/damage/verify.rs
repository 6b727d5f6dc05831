//! `ragc verify`, `--verify` and `getcol --salvage`: damage is found, told with its place, and costs no more than it must.

use std::fs;

use crate::bench::archives::changed;
use crate::bench::golden::golden_archive;
use crate::bench::{Bench, normal};
use ragc_core::Archive;
use ragc_core::internals::collection::{ContigDesc, SampleDesc, encode_contig_names};
use ragc_core::internals::container::{ContainerReader, names};
use ragc_core::internals::sequence_sums::{SequenceSums, SumEntry};

/// Samples `a`, `b`, `c` with contigs `one` and `two` each; those of one name descend from each other.
fn population() -> Bench {
    let bench = Bench::new();
    let mut state = 1u64;
    let mut number = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize % below
    };
    let mut contigs: [Vec<u8>; 2] =
        [20_000, 10_000].map(|len| (0..len).map(|_| b"ACGT"[number(4)]).collect());
    for sample in ["a", "b", "c"] {
        let text: String = ["one", "two"]
            .iter()
            .zip(&contigs)
            .map(|(name, bases)| format!(">{name}\n{}\n", std::str::from_utf8(bases).unwrap()))
            .collect();
        bench.write(&format!("{sample}.fa"), text);
        for contig in &mut contigs {
            for _ in 0..20 {
                let place = number(contig.len());
                contig[place] = b"ACGT"[number(4)];
            }
        }
    }
    bench
}

/// The population in an archive with a batch for each sample.
fn archive(flags: &[&str]) -> Bench {
    let bench = population();
    let args = ["create", "-s", "1000", "-b", "1", "-o", "x.agc"];
    bench.succeed(&[&args, flags, &["a.fa", "b.fa", "c.fa"]].concat());
    bench
}

/// Flips a bit in the payload of a part.
fn damage(bench: &Bench, archive: &str, stream: &str, part: usize) {
    let path = bench.path(archive);
    let mut bytes = fs::read(&path).unwrap();
    let (opened, _) = Archive::options().cache_limit(0).open_damaged(&path).unwrap();
    let place = opened
        .container()
        .footer()
        .parts(opened.container().stream(stream).unwrap())[part];
    bytes[(place.offset + 1 + place.len / 2) as usize] ^= 0x10;
    fs::write(&path, bytes).unwrap();
}

/// The stream of the reference of the third segment of a contig of sample `a`: a group that nothing else needs.
fn reference_in(bench: &Bench, contig: usize) -> String {
    let archive = Archive::open(bench.path("x.agc")).unwrap();
    let segments = &archive.describe(0).unwrap().contigs[contig].segments;
    names::reference_stream(segments[2].group)
}

/// Standard error of a command that fails with status 1.
fn failure(bench: &Bench, args: &[&str]) -> String {
    let output = bench.run(args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn golden_archives_are_intact() {
    let bench = Bench::new();
    for entry in fs::read_dir(golden_archive("")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "agc") {
            let (stdout, stderr) = bench.succeed(&["verify", "-t", "2", path.to_str().unwrap()]);
            let stdout = String::from_utf8(stdout).unwrap();
            assert!(
                stdout.contains(".agc: intact: ") && stdout.lines().count() == 1,
                "{stdout}"
            );
            assert!(
                stdout.ends_with("there are no checksums to compare with\n"),
                "{stdout}"
            );
            assert!(stderr.is_empty());
        }
    }
}

#[test]
fn an_intact_archive_is_told_in_one_line() {
    let bench = archive(&[]);
    let expected = "x.agc: intact: 3 samples, 6 contigs, 90000 bases, compared with the checksums of parts and sequences\n";
    let (stdout, stderr) = bench.succeed(&["verify", "x.agc"]);
    assert_eq!(
        (String::from_utf8(stdout).unwrap().as_str(), stderr.as_str()),
        (expected, "")
    );
    let (_, stderr) = bench.succeed(&["verify", "-v", "1", "x.agc"]);
    assert!(
        stderr.contains(" parts, ") && stderr.contains(" groups, "),
        "{stderr}"
    );
}

#[test]
fn each_damage_is_told_with_its_place_and_its_cost() {
    let bench = archive(&[]);
    let (first, second) = (reference_in(&bench, 0), reference_in(&bench, 1));
    damage(&bench, "x.agc", &first, 0);
    damage(&bench, "x.agc", &second, 0);
    damage(&bench, "x.agc", names::COLLECTION_DETAILS, 1);
    damage(&bench, "x.agc", names::SPLITTERS, 0);
    let message = failure(&bench, &["verify", "x.agc"]);
    for place in [
        format!("ragc: error: x.agc: stream {first} part 0: damaged archive: the part has checksum "),
        format!("ragc: error: x.agc: stream {second} part 0: damaged archive: "),
        "ragc: error: x.agc: stream collection-details part 1: damaged archive: ".to_owned(),
        "ragc: error: x.agc: stream splitters part 0: damaged archive: ".to_owned(),
        format!(
            "ragc: error: x.agc: stream {first} part 0: contig \"one\" of sample \"a\": damaged archive: "
        ),
        format!(
            "ragc: error: x.agc: stream {second} part 0: contig \"two\" of sample \"a\": damaged archive: "
        ),
        "ragc: error: x.agc: stream collection-details part 1: sample \"b\": damaged archive: ".to_owned(),
    ] {
        assert!(message.contains(&place), "{place}\n{message}");
    }
    let last = message.lines().last().unwrap();
    assert_eq!(
        last,
        "ragc: error: x.agc: damaged: 0 of 3 samples and 0 of 6 contigs can be read"
    );
}

/// The message of a command that fails is long enough where thousands of samples are lost.
#[test]
fn salvage_tells_of_some_samples_and_counts_the_others() {
    let bench = archive(&[]);
    let names: Vec<String> = (0..50).map(|number| format!("s{number}=a.fa")).collect();
    let mut args = vec!["create", "-b", "100", "-o", "x.agc"];
    args.extend(names.iter().map(String::as_str));
    bench.succeed(&args);
    damage(&bench, "x.agc", names::COLLECTION_DETAILS, 0);
    let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines.len(), 22, "{message}");
    assert!(lines[20].ends_with("more of these"), "{message}");
    assert!(
        lines[21].contains("verify --json tells in full; the rest is lost"),
        "{message}"
    );
    let json = bench.run(&["verify", "--json", "x.agc"]).stdout;
    for number in 0..50 {
        let name = format!("\"s{number}\"");
        assert!(String::from_utf8_lossy(&json).contains(&name), "{name}");
    }
}

#[test]
fn salvage_takes_out_what_is_intact() {
    let bench = archive(&[]);
    fs::copy(bench.path("x.agc"), bench.path("y.agc")).unwrap();
    let stream = reference_in(&bench, 1);
    damage(&bench, "x.agc", &stream, 0);
    damage(&bench, "x.agc", names::COLLECTION_CONTIGS, 2);
    let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    let last = message.lines().last().unwrap();
    assert_eq!(
        last,
        "ragc: error: x.agc: 0 of 3 samples and 2 of 4 contigs can be read; the rest is lost"
    );
    let mut files: Vec<_> = fs::read_dir(bench.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    assert_eq!(files, ["a.incomplete.fa", "b.incomplete.fa"]);
    for sample in ["a", "b"] {
        let text = normal(&fs::read_to_string(bench.path(&format!("{sample}.fa"))).unwrap());
        assert_eq!(bench.sample("y.agc", sample), text);
        let first = &text[..text.find(">two").unwrap()];
        assert_eq!(
            fs::read_to_string(bench.path(&format!("out/{sample}.incomplete.fa"))).unwrap(),
            first
        );
    }
    // Of the last batch, one sample is intact.
    let bench = archive(&[]);
    damage(&bench, "x.agc", names::COLLECTION_DETAILS, 0);
    failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    assert!(!bench.path("out/a.fa").exists());
    for sample in ["b.fa", "c.fa"] {
        let text = normal(&fs::read_to_string(bench.path(sample)).unwrap());
        assert_eq!(fs::read_to_string(bench.path("out").join(sample)).unwrap(), text);
    }
}

/// What a file of an earlier run says of a sample must not stand beside what is so now, and may be the better text: none is removed.
#[test]
fn salvage_does_not_mix_its_files_with_others_of_the_same_samples() {
    let bench = archive(&[]);
    for archive in ["whole.agc", "lost.agc"] {
        fs::copy(bench.path("x.agc"), bench.path(archive)).unwrap();
    }
    damage(&bench, "x.agc", &reference_in(&bench, 1), 0);
    damage(&bench, "lost.agc", names::COLLECTION_CONTIGS, 0);
    for (folder, archive) in [("whole", "whole.agc"), ("packed", "whole.agc"), ("part", "x.agc")] {
        let packing: &[&str] = if folder == "packed" { &["-g", "1"] } else { &[] };
        bench.run(&[&["getcol", "--salvage", folder], packing, &[archive]].concat());
    }
    let n_files = || ["whole", "packed", "part"].map(|name| fs::read_dir(bench.path(name)).unwrap().count());
    assert_eq!(n_files(), [3; 3]);
    let text = fs::read(bench.path("whole/a.fa")).unwrap();
    for (folder, archive, file, what) in [
        ("whole", "x.agc", "a.fa", "incomplete"),
        ("packed", "x.agc", "a.fa.gz", "incomplete"),
        ("whole", "lost.agc", "a.fa", "lost"),
        ("part", "lost.agc", "a.incomplete.fa", "lost"),
        ("part", "whole.agc", "a.incomplete.fa", "whole"),
    ] {
        let message = failure(&bench, &["getcol", "--salvage", folder, archive]);
        let told = format!(
            "ragc: error: {folder}/{file}: this was there before, and now the sample is {what}: \
             nothing was written; salvage into another folder\n"
        );
        assert_eq!(message, told);
        assert_eq!(n_files(), [3; 3]);
    }
    assert_eq!(fs::read(bench.path("whole/a.fa")).unwrap(), text);
    // What this run writes as well is none of that, and the same again is written over.
    bench.write("n.fa", ">s#1#c\nACGT\n>s.incomplete#1#c\nACGT\n");
    bench.succeed(&["create", "--pansn", "-o", "n.agc", "n.fa"]);
    for _ in 0..2 {
        bench.succeed(&["getcol", "--salvage", "names", "n.agc"]);
        failure(&bench, &["getcol", "--salvage", "part", "x.agc"]);
    }
    assert_eq!(n_files(), [3; 3]);
}

#[test]
fn salvage_of_what_lost_no_sequence_succeeds() {
    let bench = archive(&[]);
    damage(&bench, "x.agc", names::SEGMENT_SPLITTERS, 0);
    // Its own checksum and those of all parts.
    damage(&bench, "x.agc", names::SUMS, 0);
    assert!(failure(&bench, &["getset", "x.agc", "a"]).contains("stream ragc.sums: "));
    let (_, stderr) = bench.succeed(&["getcol", "--salvage", "out", "x.agc"]);
    assert!(
        stderr.contains("stream ragc.sums: damaged archive: the list of checksums "),
        "{stderr}"
    );
    assert!(
        stderr
            .lines()
            .all(|line| line.starts_with("ragc: warning: x.agc: ")),
        "{stderr}"
    );
    for sample in ["a.fa", "b.fa", "c.fa"] {
        let text = normal(&fs::read_to_string(bench.path(sample)).unwrap());
        assert_eq!(fs::read_to_string(bench.path("out").join(sample)).unwrap(), text);
    }
}

#[test]
fn without_footer_or_parameters_nothing_can_be_read_and_that_is_told() {
    let bench = archive(&[]);
    let bytes = fs::read(bench.path("x.agc")).unwrap();
    bench.write("cut.agc", &bytes[..bytes.len() - 9]);
    for args in [
        &["verify", "cut.agc"][..],
        &["getcol", "--salvage", "out", "cut.agc"],
    ] {
        let message = bench.fail(1, args);
        assert!(
            message.ends_with("; nothing of an archive can be read without its footer\n"),
            "{message}"
        );
    }
    damage(&bench, "x.agc", names::PARAMS, 0);
    let message = bench.fail(1, &["verify", "x.agc"]);
    assert!(message.contains("stream params part 0: "), "{message}");
    assert!(
        message.ends_with("; nothing of an archive can be read without this stream\n"),
        "{message}"
    );
}

#[test]
fn what_cannot_be_read_or_is_no_archive_is_told_from_damage() {
    let bench = archive(&[]);
    let bytes = fs::read(bench.path("x.agc")).unwrap();
    bench.write("cut.agc", &bytes[..bytes.len() / 2]);
    bench.write("empty.agc", "");
    bench.write("list.txt", "a.fa\nb.fa\n");
    bench.write("x.agc.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".repeat(20));
    fs::create_dir(bench.path("folder")).unwrap();
    for (path, status) in [
        ("cut.agc", 1),
        ("no.agc", 3),
        ("empty.agc", 3),
        ("a.fa", 3),
        ("list.txt", 3),
        ("x.agc.gz", 3),
        ("folder", 3),
    ] {
        let message = bench.fail(status, &["verify", path]);
        assert!(
            message.starts_with("ragc: error: ") && message.contains(path),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn several_archives_are_verified_and_the_worst_is_told() {
    let bench = archive(&[]);
    fs::copy(bench.path("x.agc"), bench.path("y.agc")).unwrap();
    let stream = reference_in(&bench, 0);
    damage(&bench, "x.agc", &stream, 0);
    let intact = "y.agc: intact: 3 samples, 6 contigs, 90000 bases, compared with the checksums of parts and sequences\n";
    bench.succeed(&["verify", "y.agc", "y.agc"]);
    for (archives, status, told) in [
        (
            &["no.agc", "y.agc", "a.fa"][..],
            3,
            "of 3 archives 0 are damaged, 2 cannot be read",
        ),
        (
            &["x.agc", "no.agc", "y.agc"],
            1,
            "of 3 archives 1 are damaged, 1 cannot be read",
        ),
        (
            &["y.agc", "x.agc"],
            1,
            "of 2 archives 1 are damaged, 0 cannot be read",
        ),
    ] {
        let run = |flags: &[&str]| {
            let output = bench.run(&[&["verify"], flags, archives].concat());
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(status), "{stderr}");
            assert_eq!(stderr.lines().last().unwrap(), format!("ragc: error: {told}"));
            (String::from_utf8(output.stdout).unwrap(), stderr)
        };
        let (stdout, stderr) = run(&[]);
        assert_eq!(stdout, intact);
        let is_damaged = archives.contains(&"x.agc");
        assert_eq!(
            stderr.contains(&format!("ragc: error: x.agc: stream {stream} part 0: ")),
            is_damaged
        );
        // All that is found is in the file, and standard error has a line for each trouble.
        let (stdout, stderr) = run(&["-o", "found"]);
        assert_eq!(stdout, "");
        let found = fs::read_to_string(bench.path("found")).unwrap();
        assert!(found.contains(intact) && !found.contains("ragc: "), "{found}");
        assert_eq!(
            found.contains(&format!("x.agc: stream {stream} part 0: ")),
            is_damaged
        );
        assert_eq!(found.contains("x.agc: damaged: "), is_damaged);
        assert_eq!(stderr.lines().count(), archives.len(), "{stderr}");
        let (stdout, _) = run(&["--json"]);
        let documents: Vec<serde_json::Value> = stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        for (document, path) in documents.iter().zip(archives) {
            let verification = &document["verification"];
            assert_eq!(verification["path"], *path);
            assert_eq!(verification["is_intact"], *path == "y.agc");
            assert_eq!(verification["error"].is_null(), ["x.agc", "y.agc"].contains(path));
        }
        assert_eq!(documents.len(), archives.len());
    }
    // What is verified stays.
    let message = bench.fail(1, &["verify", "-o", "y.agc", "y.agc"]);
    assert!(message.contains("y.agc: this is an input file"), "{message}");
    bench.succeed(&["verify", "y.agc"]);
}

/// Writes an archive anew with changed parts, and checksums of those parts.
fn rewrite(bench: &Bench, change: impl Fn(&str, usize, &mut (u64, Vec<u8>))) {
    let old = ContainerReader::open(fs::read(bench.path("x.agc")).unwrap()).unwrap();
    let new = changed(&old, change);
    bench.write("x.agc", new.finish_with_sums().unwrap());
}

#[test]
fn another_sequence_than_was_stored_is_damage_though_every_part_is_intact() {
    let bench = archive(&[]);
    rewrite(&bench, |name, _, (n_entries, payload)| {
        if name == names::SEQUENCE_SUMS {
            let sums = SequenceSums::decode(*n_entries, payload).unwrap();
            assert!(matches!(sums.entries(), [SumEntry::Samples { n_samples: 3, .. }]));
            payload[2] ^= 1;
        }
    });
    let message = failure(&bench, &["verify", "x.agc"]);
    assert_eq!(message.lines().count(), 7, "{message}");
    let place = "ragc: error: x.agc: contig \"two\" of sample \"c\": damaged archive: the sample with its neighbours has checksum ";
    assert!(message.contains(place), "{message}");
    // What is not known to be right is not written.
    failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    assert_eq!(fs::read_dir(bench.path("out")).unwrap().count(), 0);
}

#[test]
fn an_item_that_no_contig_uses_is_verified_too() {
    let bench = Bench::new();
    bench.write("x.agc", fs::read(golden_archive("v3_default.agc")).unwrap());
    let archive = ContainerReader::open(fs::read(bench.path("x.agc")).unwrap()).unwrap();
    let is_raw = |name: &[u8]| name.len() == 3 && name[1] < b'G' && name[2] == b'd';
    assert!(
        archive
            .footer()
            .streams()
            .any(|stream| is_raw(archive.footer().name(stream)))
    );
    rewrite(&bench, |name, _, (metadata, payload)| {
        if name == "x3d" {
            // Behind the placeholder, an item with a byte that is no symbol.
            *metadata = 0;
            *payload = vec![0x7F, 0xFF, 0, 1, 30, 0xFF];
        }
    });
    let message = failure(&bench, &["verify", "x.agc"]);
    assert!(
        message.contains("stream x3d part 0: damaged archive: byte 1E is no nucleotide code"),
        "{message}"
    );
}

#[test]
fn json_tells_the_same() {
    let bench = archive(&[]);
    let stream = reference_in(&bench, 0);
    let of =
        |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["verification"].clone();
    let intact = of(&bench.succeed(&["verify", "--json", "x.agc"]).0);
    assert_eq!(intact["is_intact"], true);
    assert_eq!(intact["n_bases"], 90_000);
    assert_eq!(intact["lost"], serde_json::json!([]));
    damage(&bench, "x.agc", &stream, 0);
    let output = bench.run(&["verify", "--json", "x.agc"]);
    assert_eq!(output.status.code(), Some(1));
    let damaged = of(&output.stdout);
    assert_eq!(damaged["is_intact"], false);
    assert_eq!(damaged["n_samples"], 3);
    let n_lost = damaged["lost"].as_array().unwrap().len();
    assert_eq!(damaged["n_intact_samples"], 3 - n_lost);
    assert_eq!(damaged["lost"][0]["name"], "a");
    assert_eq!(damaged["lost"][0]["contigs"][0]["name"], "one");
    assert!(damaged["damages"][0].as_str().unwrap().contains(&stream));
}

#[test]
fn new_archives_are_read_back_if_that_is_wished() {
    let bench = archive(&["--verify"]);
    bench.write("d.fa", ">one\nACGTACGTTTAGGCAT\n");
    bench.succeed(&["append", "--verify", "-o", "x.agc", "x.agc", "d.fa"]);
    bench.succeed(&["verify", "x.agc"]);
    let message = bench.fail(2, &["create", "--verify", "a.fa"]);
    assert!(message.contains("--verify reads the archive back"), "{message}");
    let message = bench.fail(1, &["create", "--verify", "-o", "/dev/null", "a.fa"]);
    assert!(
        message.contains("/dev/null: this is no file that can be read back"),
        "{message}"
    );
    // What an old archive holds is copied unseen if its checksums agree, as they do here: its damage is found when the new one is read back.
    let bench = archive(&["--no-checksums"]);
    bench.write("d.fa", ">one\nACGTACGTTTAGGCAT\n");
    rewrite(&bench, |name, number, (metadata, payload)| {
        let is_delta_group = matches!(name.as_bytes(), [b'x', b'G'..=b'Z', b'd']);
        if is_delta_group && number == 0 {
            (*metadata, *payload) = (0, vec![b'Z', 0xFF]);
        }
    });
    let message = bench.fail(1, &["append", "--verify", "-o", "x.agc", "x.agc", "d.fa"]);
    assert!(message.contains("so the archive would read back"), "{message}");
}

/// Samples of which odd residues, case and layout are kept.
fn originals() -> Bench {
    let bench = population();
    for sample in ["b", "c"] {
        let text = fs::read_to_string(bench.path(&format!("{sample}.fa"))).unwrap();
        bench.write(
            &format!("{sample}.fa"),
            text.replace("ACGTA", "ac--a").replace("GGG", "G G\nG"),
        );
    }
    let args = [
        "create",
        "--lossless",
        "-s",
        "1000",
        "-o",
        "x.agc",
        "a.fa",
        "b.fa",
        "c.fa",
    ];
    bench.succeed(&args);
    bench
}

#[test]
fn what_is_kept_of_files_is_verified_too() {
    let bench = originals();
    bench.succeed(&["verify", "x.agc"]);
    damage(&bench, "x.agc", names::LAYOUT, 0);
    let message = failure(&bench, &["verify", "x.agc"]);
    assert!(
        message.contains("x.agc: stream ragc.layout part 0: damaged archive: the part has checksum "),
        "{message}"
    );
    assert!(
        message.contains("x.agc: stream ragc.layout part 0: sample \"c\": "),
        "{message}"
    );
    // The sequences are all there.
    let last = message.lines().last().unwrap();
    assert_eq!(
        last,
        "ragc: error: x.agc: damaged: 3 of 3 samples and 6 of 6 contigs can be read"
    );
    bench.succeed(&["getcol", "--salvage", "whole", "x.agc"]);
    let b = bench.sample("x.agc", "b");
    assert_eq!(fs::read_to_string(bench.path("whole/b.fa")).unwrap(), b);
    // Without its odd residues a sample is not what it was.
    damage(&bench, "x.agc", names::ODD, 0);
    let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    let last = message.lines().last().unwrap();
    assert_eq!(
        last,
        "ragc: error: x.agc: 1 of 3 samples and 2 of 6 contigs can be read; the rest is lost"
    );
    assert_eq!(
        fs::read(bench.path("out/a.fa")).unwrap(),
        fs::read(bench.path("whole/a.fa")).unwrap()
    );
    let incomplete = fs::read_to_string(bench.path("out/b.incomplete.fa")).unwrap();
    assert!(incomplete.contains("acnna") && incomplete == b.replace('-', "n"));
}

#[test]
fn a_sample_without_its_case_is_salvaged_in_upper_case_and_not_called_whole() {
    let bench = originals();
    let upper = |sample: &str| {
        let (text, _) = bench.succeed(&["getset", "--upper", "x.agc", sample]);
        String::from_utf8(text).unwrap()
    };
    let [b, c] = ["b", "c"].map(upper);
    // Damage to the layout must not hide that to the case.
    for stream in [names::CASE, names::LAYOUT] {
        damage(&bench, "x.agc", stream, 0);
        let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
        let last = message.lines().last().unwrap();
        assert!(
            last.ends_with("3 of 3 samples and 6 of 6 contigs can be read; case is lost"),
            "{message}"
        );
        for (sample, text) in [("b", &b), ("c", &c)] {
            let path = bench.path(&format!("out/{sample}.incomplete.fa"));
            assert!(fs::read_to_string(path).unwrap() == *text);
        }
        bench.succeed(&["getset", "--upper", "x.agc", "b"]);
    }
    // Who does not want it has lost nothing.
    bench.succeed(&["getcol", "--upper", "--salvage", "upper", "x.agc"]);
    assert!(fs::read_to_string(bench.path("upper/b.fa")).unwrap() == b);
}

#[test]
fn a_sample_that_contradicts_itself_is_named_and_the_others_can_be_had() {
    let bench = archive(&[]);
    rewrite(&bench, |name, number, (len, payload)| {
        if (name, number) == (names::COLLECTION_CONTIGS, 1) {
            let contig = ContigDesc {
                name: b"one".into(),
                segments: Vec::new(),
            };
            let sample = SampleDesc {
                name: b"b".into(),
                contigs: vec![contig],
            };
            (*len, *payload) = encode_contig_names(&[sample]).unwrap();
        }
    });
    for args in [&["getcol", "x.agc"][..], &["getcol", "-o", "all", "x.agc"]] {
        let message = failure(&bench, args);
        assert!(
            message.contains("sample \"b\": damaged archive: 1 contig names for ")
                && message.ends_with("; --salvage DIR gives all that is intact\n"),
            "{message}"
        );
    }
    let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    assert!(message.ends_with("can be read; the rest is lost\n"), "{message}");
    for sample in ["a", "c"] {
        let text = normal(&fs::read_to_string(bench.path(&format!("{sample}.fa"))).unwrap());
        assert_eq!(
            fs::read_to_string(bench.path(&format!("out/{sample}.fa"))).unwrap(),
            text
        );
    }
}

#[test]
fn what_salvage_cannot_write_is_not_called_lost() {
    let bench = Bench::new();
    bench.write("s.fa", ">p/q\nACGTT\n>p%2Fq\nGGC\n>r\nA\n");
    bench.succeed(&["create", "-c", "-o", "x.agc", "s.fa"]);
    let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    assert_eq!(
        message,
        "ragc: error: out/p%2Fq.fa: this would be the file of sample \"p%2Fq\", too, which is intact: getset gives it\n\
         ragc: error: x.agc: 3 of 3 samples and 3 of 3 contigs can be read; 1 files could not be written\n"
    );
    assert_eq!(fs::read(bench.path("out/p%2Fq.fa")).unwrap(), b">p/q\nACGTT\n");
    assert!(bench.path("out/r.fa").exists());
    fs::remove_file(bench.path("out/r.fa")).unwrap();
    fs::create_dir(bench.path("out/r.fa")).unwrap();
    let message = failure(&bench, &["getcol", "--salvage", "out", "x.agc"]);
    assert_eq!(message.matches("out/r.fa").count(), 1, "{message}");
}
