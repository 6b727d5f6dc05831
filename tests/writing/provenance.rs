//! What archives tell of where their samples came from, and what makes them tell nothing.

use std::fs;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;

const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// `a.fa` and `b.fa`, and a list of them.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTACGT\n");
    bench.write("b.fa", ">y\nACGTACGA\n");
    bench
}

/// Runs a command that must succeed, without what other tests add.
fn succeed(bench: &Bench, args: &[&str], epoch: Option<&str>) {
    let mut command = bench.bare_command(args);
    if let Some(epoch) = epoch {
        command.env(EPOCH, epoch);
    }
    let output = command.output_in_time();
    assert!(output.status.success(), "{args:?}: {output:?}");
}

/// The table of samples: of each the columns that tell of its file.
fn table(bench: &Bench, archive: &str) -> Vec<[String; 4]> {
    let printed = String::from_utf8(bench.succeed(&["listset", "--tsv", archive]).0).unwrap();
    let columns = |line: &str| {
        let columns: Vec<String> = line.split('\t').skip(4).map(str::to_owned).collect();
        columns.try_into().unwrap()
    };
    printed.lines().map(columns).collect()
}

#[test]
fn each_sample_has_its_file() {
    let bench = bench();
    let text = fs::read(bench.path("a.fa")).unwrap();
    bench.write("packed.fa.zst", zstd::encode_all(text.as_slice(), 3).unwrap());
    bench.write("list", "two\ta.fa\tb.fa\n");
    let create = ["create", "-o", "x.agc", "-i", "list", "a.fa", "packed.fa.zst"];
    succeed(&bench, &create, Some("5"));
    let time = "1970-01-01T00:00:05Z";
    let told = table(&bench, "x.agc");
    let column = |place: usize| told.iter().map(|row| row[place].as_str()).collect::<Vec<_>>();
    assert_eq!(column(0), ["a.fa", "packed.fa.zst", "a.fa,b.fa"]);
    let packed_len = fs::metadata(bench.path("packed.fa.zst"))
        .unwrap()
        .len()
        .to_string();
    assert_eq!(column(1), ["12", &packed_len, "12,12"]);
    assert_eq!(column(2), [time, time, &[time, time].join(",")]);
    let digest = &told[0][3];
    assert!(digest.len() == 32 && told[2][3].starts_with(digest) && told[1][3] != *digest);

    let info = bench.succeed(&["info", "--json", "x.agc"]).0;
    let info: serde_json::Value = serde_json::from_slice(&info).unwrap();
    let source = &info["samples"][0]["source"];
    assert_eq!(source["stored"], time);
    assert_eq!(source["files"][0]["xxh3"], digest.as_str());
    assert_eq!(source["files"][0]["n_bytes"], 12);
}

#[test]
fn files_in_tar_archives_are_told_with_them() {
    let bench = bench();
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_path_with_name(bench.path("b.fa"), "in/b.fa").unwrap();
    bench.write("x.tar", tar.into_inner().unwrap());
    succeed(&bench, &["create", "-o", "x.agc", "a.fa", "x.tar"], None);
    let told = table(&bench, "x.agc");
    assert_eq!(
        (told[1][0].as_str(), told[1][1].as_str()),
        ("x.tar:in/b.fa", "12")
    );
    assert_ne!(told[0][3], told[1][3]);
}

#[test]
fn nothing_is_told_if_that_is_not_wanted() {
    let bench = bench();
    let create = |out: &str, flag: &[&str], epoch| {
        let args = [&["create", "-o", out], flag, &["a.fa", "b.fa"]].concat();
        succeed(&bench, &args, epoch);
        fs::read(bench.path(out)).unwrap()
    };
    let bare = create("bare.agc", &["-d"], None);
    assert!(
        table(&bench, "bare.agc")
            .concat()
            .iter()
            .all(|column| column == ".")
    );
    assert_eq!(
        create("again.agc", &["--no-command-line", "-t", "3"], Some("7")),
        bare
    );
    assert_ne!(create("told.agc", &[], Some("7")), bare);
    // What is there stays, and nothing comes behind it.
    bench.write("c.fa", ">x\nACGTACCC\n");
    succeed(
        &bench,
        &["append", "-d", "-o", "told.agc", "told.agc", "c.fa"],
        None,
    );
    let told = table(&bench, "told.agc");
    assert_eq!(
        told.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(),
        ["a.fa", "b.fa", "."]
    );
}

#[test]
fn a_fixed_time_makes_runs_the_same() {
    let [first, second] = ["1", "3"].map(|threads| {
        let bench = bench();
        succeed(
            &bench,
            &["create", "-t", threads, "-o", "x.agc", "a.fa"],
            Some("1700000000"),
        );
        succeed(
            &bench,
            &["append", "-t", threads, "-o", "x.agc", "x.agc", "b.fa"],
            Some("1700000000"),
        );
        fs::read(bench.path("x.agc")).unwrap()
    });
    assert!(first == second);
    let bench = bench();
    for wrong in ["", "tomorrow", "-1"] {
        let mut command = bench.bare_command(&["create", "-o", "x.agc", "a.fa"]);
        let output = command.env(EPOCH, wrong).output_in_time();
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.code() == Some(2) && message.contains(EPOCH),
            "{message}"
        );
        assert!(!bench.path("x.agc").exists());
    }
}

#[test]
fn commands_are_listed() {
    let bench = bench();
    succeed(&bench, &["create", "-t", "2", "-o", "x.agc", "a.fa"], Some("5"));
    succeed(&bench, &["append", "-o", "x.agc", "x.agc", "b.fa"], Some("6"));
    bench.write("b.fa", ">x\nACGTACGACC\n");
    succeed(&bench, &["sync", "--delete", "x.agc", "b.fa"], Some("7"));
    bench.write("it is.fa", ">x\nAC\n");
    succeed(&bench, &["append", "-d", "-o", "x.agc", "x.agc", "a.fa"], None);
    succeed(&bench, &["append", "-o", "x.agc", "x.agc", "it is.fa"], Some("8"));
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "1970-01-01T00:00:05Z\t{version}\t+1\t-0\tragc create -o x.agc a.fa\n\
         1970-01-01T00:00:06Z\t{version}\t+1\t-0\tragc append -o x.agc x.agc b.fa\n\
         1970-01-01T00:00:07Z\t{version}\t+1\t-2\tragc sync --delete x.agc b.fa\n\
         1970-01-01T00:00:08Z\t{version}\t+1\t-0\tragc append -o x.agc x.agc 'it is.fa'\n"
    );
    assert_eq!(
        String::from_utf8(bench.succeed(&["log", "x.agc"]).0).unwrap(),
        expected
    );
    let json = bench.succeed(&["log", "--json", "x.agc"]).0;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["history"][2]["removed"]["n_bases"], 16);
    assert_eq!(json["history"][2]["added"]["n_bases"], 10);
    assert_eq!(json["history"][3]["command"][4], "it is.fa");
    bench.succeed(&["verify", "x.agc"]);
    succeed(&bench, &["create", "-d", "-o", "bare.agc", "a.fa"], None);
    assert!(bench.succeed(&["log", "bare.agc"]).0.is_empty());
}
