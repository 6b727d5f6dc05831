//! `ragc faidx` prints what `samtools faidx` prints of the extracted FASTA.
//!
//! The comparisons run where samtools is installed; elsewhere they say that they are left out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::bench::deadline::RunInTime;
use crate::bench::installed::installed;

/// Contigs whose names make trouble, and every IUPAC code.
const FIRST: &str = ">chr1 first\nACGTNRYSWKMBDHVUACGTTGCAACGTNNNNRYKMACGT\n>HLA:A-01@x\nGATTACAGATTACA\n>HLA:A-01@x:2-5\nTTTTTTTT\n>c:x\nGGGGGCC\n";
const SECOND: &str = ">chr1 other\nACGTNRYSWKMBDHVUACGTTGCAACGTNNNNRYKMACGA\n>only\nACGT\n>x#y\nCCCCC\n";

/// An archive, and the FASTA of all its contigs with their samples in their names.
struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let long: String = (0..40_000u64)
            .map(|i| char::from(b"ACGTNRY"[(i * i % 1009 % 7) as usize]))
            .collect();
        fs::write(folder.path().join("HG002#1.fa"), FIRST).unwrap();
        fs::write(folder.path().join("HG002.fa"), SECOND).unwrap();
        fs::write(folder.path().join("long.fa"), format!(">long\n{long}\n")).unwrap();
        let fixture = Self { folder };
        let files = ["HG002#1.fa", "HG002.fa", "long.fa"].map(|name| fixture.path(name));
        let mut create = Command::new(env!("CARGO_BIN_EXE_ragc"));
        create
            .args(["create", "-o"])
            .arg(fixture.path("x.agc"))
            .args(files);
        assert!(create.output_in_time().status.success());
        let all = fixture.ragc(&["getcol", "--with-sample", "x.agc"]);
        assert!(all.status.success());
        fs::write(fixture.path("all.fa"), all.stdout).unwrap();
        fixture
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: impl AsRef<Path>, args: &[&str]) -> Output {
        let mut command = Command::new(program.as_ref());
        command.args(args).current_dir(self.folder.path());
        command.output_in_time()
    }

    fn ragc(&self, args: &[&str]) -> Output {
        self.run(env!("CARGO_BIN_EXE_ragc"), args)
    }

    fn faidx(&self, args: &[&str]) -> Output {
        self.ragc(&[&["faidx"], args].concat())
    }

    fn samtools(&self, args: &[&str]) -> Output {
        self.run("samtools", &[&["faidx"], args].concat())
    }
}

fn has_samtools(test: &str) -> bool {
    installed(test, &["samtools"], "--version").is_some()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn regions_are_those_of_samtools() {
    if !has_samtools("regions_are_those_of_samtools") {
        return;
    }
    let fixture = Fixture::new();
    let regions = [
        "HG002#1#chr1",
        "HG002#1#chr1:1-1",
        "HG002#1#chr1:3-17",
        "HG002#1#chr1:10-",
        "HG002#1#chr1:10",
        "HG002#1#chr1:-12",
        "HG002#1#chr1:",
        "HG002#1#chr1:0",
        "HG002#1#chr1:30-1000",
        "HG002#1#chr1:100-200",
        "HG002#1#HLA:A-01@x",
        "HG002#1#HLA:A-01@x:4-6",
        "{HG002#1#HLA:A-01@x}:2-5",
        "{HG002#1#HLA:A-01@x:2-5}",
        "{HG002#1#HLA:A-01@x:2-5}:3-4",
        "HG002#1#HLA:A-01@x:2-5:3-4",
        "HG002#1#c:x:2-4",
        "HG002#only",
        "long#long:1,001-2,000",
        "long#long:1k-2k",
        "long#long:39,990-1M",
        "long#long",
    ];
    let options: [&[&str]; 7] = [
        &[],
        &["-i"],
        &["-n", "7"],
        &["-i", "-n", "1"],
        &["--mark-strand", "sign"],
        &["-i", "--mark-strand", "custom, forward, reverse"],
        &["-i", "--mark-strand", "no"],
    ];
    let ambiguous = ["HG002#1#HLA:A-01@x:2-5"];
    for option in options {
        for region in regions {
            let ours = fixture.faidx(&[option, &["x.agc", region]].concat());
            let theirs = fixture.samtools(&[option, &["all.fa", region]].concat());
            assert_eq!(text(&ours.stdout), text(&theirs.stdout), "{option:?} {region}");
            assert_eq!(ours.status.code(), theirs.status.code(), "{option:?} {region}");
            // samtools tells of what is cut or empty, and of nothing else; so does -v.
            assert!(
                ours.stderr.is_empty(),
                "{option:?} {region}: {}",
                text(&ours.stderr)
            );
            let ours = fixture.faidx(&[option, &["-v", "1", "x.agc", region]].concat());
            let told = text(&ours.stderr);
            let of_region = told.lines().filter(|line| line.contains(" sequence: "));
            let has_told = of_region.count() > 0;
            assert_eq!(has_told, !theirs.stderr.is_empty(), "{option:?} {region}: {told}");
        }
        let ours = fixture.faidx(&[option, &["x.agc"], &regions].concat());
        let theirs = fixture.samtools(&[option, &["all.fa"], &regions].concat());
        assert_eq!(text(&ours.stdout), text(&theirs.stdout), "{option:?}");
    }
    for region in ambiguous.into_iter().chain([
        "nosuch",
        "HG002#1#chr1:9-3",
        "HG002#1#chr1:x",
        "HG002#1#chr1:1-2-3",
        "HG002#1#chr1:1..3",
        "{HG002#1#chr1",
        "HG002#1#nosuch:1-5",
    ]) {
        let ours = fixture.faidx(&["x.agc", region]);
        let theirs = fixture.samtools(&["all.fa", region]);
        assert_eq!(ours.status.code(), Some(1), "{region}");
        assert_eq!(theirs.status.code(), Some(1), "{region}");
        assert!(ours.stdout.is_empty(), "{region}");
        assert_eq!(text(&ours.stderr).lines().count(), 1, "{}", text(&ours.stderr));
    }
}

#[test]
fn region_files_and_absent_regions_are_treated_as_samtools_does() {
    if !has_samtools("region_files_and_absent_regions_are_treated_as_samtools_does") {
        return;
    }
    let fixture = Fixture::new();
    fs::write(fixture.path("regions"), "HG002#only:2-3\nnosuch\nHG002#1#c:x\n").unwrap();
    let ours = fixture.faidx(&["-c", "-r", "regions", "x.agc"]);
    let theirs = fixture.samtools(&["-c", "-r", "regions", "all.fa"]);
    // samtools prints a header line even of what is absent.
    assert_eq!(text(&ours.stdout), text(&theirs.stdout).replace(">nosuch\n", ""));
    assert_eq!((ours.status.code(), theirs.status.code()), (Some(0), Some(0)));
    assert!(text(&ours.stderr).contains("nosuch"));
    let ours = fixture.faidx(&["-r", "regions", "x.agc"]);
    assert_eq!(
        ours.status.code(),
        fixture.samtools(&["-r", "regions", "all.fa"]).status.code()
    );
    assert!(ours.stdout.is_empty() && text(&ours.stderr).contains("nosuch"));
}

#[test]
fn tables_are_those_of_samtools() {
    if !has_samtools("tables_are_those_of_samtools") {
        return;
    }
    let fixture = Fixture::new();
    for (table, fasta) in [
        (
            &["--fai", "x.agc", "HG002", "long"][..],
            &["getset", "x.agc", "HG002", "long"][..],
        ),
        (
            &["--fai", "--with-sample", "-n", "11", "x.agc", "HG002#1", "HG002"],
            &["getset", "--with-sample", "-l", "11", "x.agc", "HG002#1", "HG002"],
        ),
    ] {
        fs::write(fixture.path("set.fa"), fixture.ragc(fasta).stdout).unwrap();
        assert!(fixture.samtools(&["set.fa"]).status.success());
        let expected = fs::read_to_string(fixture.path("set.fa.fai")).unwrap();
        assert!(expected.lines().count() > 3);
        assert_eq!(text(&fixture.faidx(table).stdout), expected);
    }
}

#[test]
fn contigs_of_one_sample_need_no_sample() {
    let fixture = Fixture::new();
    let found = fixture.faidx(&[
        "x.agc",
        "only:2-3",
        "HLA:A-01@x:4-6",
        "HG002#1#chr1:1-4",
        "c:x:7-",
    ]);
    assert_eq!(
        text(&found.stdout),
        ">only:2-3\nCG\n>HLA:A-01@x:4-6\nTAC\n>HG002#1#chr1:1-4\nACGT\n>c:x:7-\nC\n"
    );
    let ambiguous = fixture.faidx(&["x.agc", "chr1"]);
    assert_eq!(ambiguous.status.code(), Some(1));
    assert!(ambiguous.stdout.is_empty() && text(&ambiguous.stderr).contains("2 samples"));
}

/// Sample `P` has a contig `1#c`, sample `P#1` a contig `c`.
#[test]
fn a_name_that_two_samples_claim_is_refused() {
    let fixture = Fixture::new();
    let whole = fixture.faidx(&["x.agc", "x#y"]);
    assert_eq!(text(&whole.stdout), ">x#y\nCCCCC\n");
    let archive = fixture.path("y.agc");
    for name in ["P.fa", "P#1.fa"] {
        fs::write(fixture.path(name), ">1#c\nA\n>c\nC\n").unwrap();
    }
    let create = fixture.ragc(&["create", "-o", "y.agc", "P.fa", "P#1.fa"]);
    assert!(create.status.success());
    let output = fixture.faidx(&[archive.to_str().unwrap(), "P#1#c"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(output.stdout.is_empty() && told.contains("2 ways"), "{told}");
    for (address, letter) in [("{P}#{1#c}", "A"), ("{P#1}#{c}", "C")] {
        assert!(told.contains(address), "{told}");
        let found = fixture.faidx(&["y.agc", address]);
        assert_eq!(text(&found.stdout), format!(">{address}\n{letter}\n"));
    }
    assert_eq!(text(&fixture.faidx(&["y.agc", "P#c"]).stdout), ">P#c\nC\n");
}

#[test]
fn bed_files_count_from_0() {
    let fixture = Fixture::new();
    fs::write(
        fixture.path("x.bed"),
        "track name=x\n# comment\nHG002#1#HLA:A-01@x\t0\t4\tname\t0\t-\r\nonly\t3\t9\nonly\t2\t2\n",
    )
    .unwrap();
    let output = fixture.faidx(&["--bed", "x.bed", "x.agc"]);
    assert_eq!(
        text(&output.stdout),
        ">HG002#1#HLA:A-01@x:1-4/rc\nAATC\n>only:4-9\nT\n>only:3-2\n"
    );
    assert!(output.stderr.is_empty());
    let output = fixture.faidx(&["-i", "--mark-strand", "sign", "--bed", "x.bed", "x.agc"]);
    assert_eq!(
        text(&output.stdout),
        ">HG002#1#HLA:A-01@x:1-4(+)\nGATT\n>only:4-9(-)\nA\n>only:3-2(-)\n"
    );
    fs::write(fixture.path("x.bed"), "only\t0\t2\tname\t0\tminus\n").unwrap();
    let output = fixture.faidx(&["--bed", "x.bed", "x.agc"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("strand"));
    fs::write(fixture.path("x.bed"), "only\t3\n").unwrap();
    let output = fixture.faidx(&["--bed", "x.bed", "x.agc"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("x.bed"));
}

#[test]
fn the_headers_of_ranges_are_addresses_of_the_same_bases() {
    let fixture = Fixture::new();
    let names = [
        "HG002#1#chr1",
        "chr1@HG002#1",
        "{chr1}@{HG002}",
        "HLA:A-01@x@HG002#1",
        "HLA:A-01@x:2-5",
        "c:x@HG002#1",
        "x#y@HG002",
        "only@HG002 of no such name",
        "long",
    ];
    let lines: String = names
        .iter()
        .flat_map(|name| [format!("{name}\t0\t3\n"), format!("{name}\t1\t4\tx\t0\t-\n")])
        .collect();
    fs::write(fixture.path("x.bed"), lines).unwrap();
    let output = fixture.faidx(&["--bed", "x.bed", "x.agc"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert!(printed.contains(">HG002#1#chr1:2-4/rc\n"), "{printed}");
    assert_eq!(printed.matches('>').count(), 2 * names.len());
    for record in printed.split('>').skip(1) {
        let header = record.lines().next().unwrap();
        let again = match header.strip_suffix("/rc") {
            Some(region) => fixture.faidx(&["-i", "x.agc", region]),
            None => fixture.faidx(&["x.agc", header]),
        };
        assert_eq!(
            text(&again.stdout),
            format!(">{record}"),
            "{}",
            text(&again.stderr)
        );
    }
    // And those of getctg.
    for address in [
        "chr1@HG002#1:2-5",
        "HG002#chr1:2-5",
        "c:x:1-2",
        "x#y:1-2",
        "HG002#x#y:1-2",
    ] {
        let printed = text(
            &fixture
                .ragc(&["getctg", "--with-sample", "x.agc", address])
                .stdout,
        );
        let header = printed.lines().next().unwrap().strip_prefix('>').unwrap();
        let again = fixture.ragc(&["getctg", "--with-sample", "x.agc", header]);
        assert_eq!(text(&again.stdout), printed, "{address}: {}", text(&again.stderr));
    }
    for address in ["only@HG002:1-2", "HG002#only:2-3", "c:x@HG002#1:1-2", "x#y:1-2"] {
        let printed = text(&fixture.ragc(&["getctg", "x.agc", address]).stdout);
        let header = printed.lines().next().unwrap().strip_prefix('>').unwrap();
        let again = fixture.ragc(&["getctg", "x.agc", header]);
        assert_eq!(text(&again.stdout), printed, "{address}: {}", text(&again.stderr));
    }
}

#[test]
fn reversed_regions_of_any_length_and_one_line() {
    let fixture = Fixture::new();
    // Longer than what is reversed at a time.
    let mut state = 1u64;
    let letters: String = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b"ACGTNRYT"[(state >> 61) as usize])
    })
    .take(2_200_000)
    .collect();
    fs::write(fixture.path("big.fa"), format!(">big\n{letters}\n")).unwrap();
    assert!(
        fixture
            .ragc(&["create", "-o", "big.agc", "big.fa"])
            .status
            .success()
    );
    let forward = text(&fixture.faidx(&["-n", "0", "big.agc", "big"]).stdout);
    assert_eq!(forward, format!(">big\n{letters}\n"));
    let reverse = text(
        &fixture
            .faidx(&["-i", "-n", "0", "-t", "2", "big.agc", "big:3-"])
            .stdout,
    );
    let complement = |letter: char| match letter {
        'A' => 'T',
        'C' => 'G',
        'G' => 'C',
        'T' => 'A',
        'R' => 'Y',
        'Y' => 'R',
        other => other,
    };
    let expected: String = letters[2..].chars().rev().map(complement).collect();
    assert!(reverse == format!(">big:3-/rc\n{expected}\n"));
    let told = text(&fixture.faidx(&["-i", "-v", "1", "big.agc", "big:3-"]).stderr);
    assert!(
        told.contains("1 contigs, 2199998 bases\n") && told.contains(" Mb/s"),
        "{told}"
    );
}

#[test]
fn what_is_wrong_with_the_call_exits_with_2_and_what_is_absent_with_1() {
    let fixture = Fixture::new();
    for args in [
        &["x.agc"][..],
        &["--mark-strand", "foo", "x.agc", "only"],
        &["-n", "-1", "x.agc", "only"],
        &["--fai", "-i", "x.agc", "HG002"],
        &["--with-sample", "x.agc", "only"],
        &["--index", "x.agc", "only"],
        &["-r", "-", "--bed", "-", "x.agc"],
    ] {
        let output = fixture.faidx(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
    }
    let cases = [
        ("onyl", "near: \"only\""),
        ("HG002#1#ch1:1-2", "near: \"HG002#1#chr1\""),
        ("HG02#only", "near: \"HG002#only\""),
        ("only:0-3", "count from 1"),
    ];
    for (region, told) in cases {
        let output = fixture.faidx(&["x.agc", "only", region]);
        assert_eq!(output.status.code(), Some(1), "{region}");
        assert!(output.stdout.is_empty());
        assert!(text(&output.stderr).contains(told), "{}", text(&output.stderr));
    }
    assert_eq!(fixture.faidx(&["-r", "nosuch", "x.agc"]).status.code(), Some(1));
    assert_eq!(
        fixture.faidx(&["--fai", "x.agc", "nosuch"]).status.code(),
        Some(1)
    );
}
