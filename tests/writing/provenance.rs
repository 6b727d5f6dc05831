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
        "1970-01-01T00:00:05Z\t{version}\t+1\t-0\t-\tragc create -o x.agc (removed)\n\
         1970-01-01T00:00:06Z\t{version}\t+1\t-0\t-\tragc append -o x.agc x.agc b.fa\n\
         1970-01-01T00:00:07Z\t{version}\t+1\t-2\t1\tragc sync --delete x.agc b.fa\n\
         1970-01-01T00:00:08Z\t{version}\t+1\t-0\t3\tragc append -o x.agc x.agc 'it is.fa'\n"
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
    assert_eq!(json["history"][3]["state"], 3);
    // Each state tells what was done up to there.
    let before = bench.succeed(&["log", "--at", "1", "x.agc"]).0;
    assert!(expected.as_bytes().starts_with(&before) && before.ends_with(b"sync --delete x.agc b.fa\n"));
    bench.succeed(&["verify", "x.agc"]);
    succeed(&bench, &["create", "-d", "-o", "bare.agc", "a.fa"], None);
    assert!(bench.succeed(&["log", "bare.agc"]).0.is_empty());
}

#[test]
fn what_is_renamed_in_place_is_told_with_its_state() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTACGTTGCA\n");
    succeed(&bench, &["create", "-o", "x.agc", "a.fa"], Some("5"));
    succeed(&bench, &["rename", "--in-place", "x.agc", "a=b"], Some("6"));
    let printed = String::from_utf8(bench.succeed(&["log", "x.agc"]).0).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!("1970-01-01T00:00:06Z\t{version}\t+0\t-0\t2\tragc rename --in-place x.agc a=b\n");
    assert!(printed.ends_with(&expected), "{printed}");
    // The name before is in the file, and what writes that anew without the sample leaves it out.
    succeed(&bench, &["remove", "x.agc", "b"], Some("7"));
    let left = std::fs::read(bench.path("x.agc")).unwrap();
    assert!(!left.windows(3).any(|bytes| bytes == b"a=b"));
}

/// What was done, without the times: samples added and removed, and the words.
fn log(bench: &Bench, archive: &str) -> Vec<String> {
    let printed = String::from_utf8(bench.succeed(&["log", archive]).0).unwrap();
    let told = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        [columns[2], columns[3], columns[5]].join(" ")
    };
    printed.lines().map(told).collect()
}

#[test]
fn every_command_that_writes_an_archive_is_told() {
    let bench = bench();
    bench.write("c.fa", ">z\nACGTAC\n>w\nAC\n");
    succeed(
        &bench,
        &["create", "-o", "x.agc", "a.fa", "b.fa", "c.fa"],
        Some("5"),
    );
    let mut expected = vec!["+3 -0 ragc create -o x.agc a.fa b.fa c.fa".to_owned()];
    let mut check = |args: &[&str], counts: &str| {
        succeed(&bench, args, Some("6"));
        expected.push(format!("{counts} ragc {}", args.join(" ")));
        assert_eq!(log(&bench, "x.agc"), expected);
    };
    check(&["repack", "-b", "7", "x.agc"], "+0 -0");
    check(&["rename", "x.agc", "a=A"], "+0 -0");
    check(&["replace", "x.agc", "b.fa"], "+1 -1");
    succeed(
        &bench,
        &["subset", "--contig", "z", "-o", "y.agc", "x.agc", "c"],
        Some("7"),
    );
    let told = log(&bench, "y.agc");
    assert_eq!(told[0], "+3 -0 ragc create -o x.agc (removed) (removed) c.fa");
    assert_eq!(told[2], "+0 -0 ragc rename x.agc (removed)");
    assert_eq!(told[4], "+0 -2 ragc subset --contig z -o y.agc x.agc c");
    let json = bench.succeed(&["log", "--json", "y.agc"]).0;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let removed = &json["history"][4]["removed"];
    assert_eq!(
        (&removed["n_contigs"], &removed["n_bases"]),
        (&3.into(), &18.into())
    );
    // Only what was said not to be told is not.
    succeed(&bench, &["repack", "-d", "-o", "bare.agc", "y.agc"], Some("8"));
    assert_eq!(log(&bench, "bare.agc"), told);
}

#[test]
fn names_of_removed_samples_are_not_in_the_archive_any_more() {
    let bench = Bench::new();
    for name in ["kept", "withdrawn"] {
        bench.write(&format!("{name}.fa"), format!(">{name}-contig\nACGTACGT\n"));
    }
    succeed(&bench, &["create", "-d", "-o", "bare.agc", "kept.fa"], None);
    succeed(
        &bench,
        &["create", "-o", "x.agc", "kept.fa", "withdrawn.fa"],
        Some("5"),
    );
    let holds_name = || {
        fs::read(bench.path("x.agc"))
            .unwrap()
            .windows(9)
            .any(|word| word == b"withdrawn")
    };
    assert!(holds_name());
    succeed(&bench, &["remove", "x.agc", "withdrawn"], Some("6"));
    let expected = [
        "+2 -0 ragc create -o x.agc kept.fa (removed)",
        "+0 -1 ragc remove x.agc (removed)",
    ];
    assert_eq!(log(&bench, "x.agc"), expected);
    assert!(!holds_name());
    bench.succeed(&["verify", "x.agc"]);
}

#[test]
fn merging_tells_what_each_archive_was() {
    let bench = bench();
    succeed(&bench, &["create", "-o", "one.agc", "a.fa"], Some("5"));
    succeed(&bench, &["create", "-o", "other.agc", "a.fa", "b.fa"], Some("5"));
    for flag in [&[][..], &["--recompress"]] {
        succeed(
            &bench,
            &[
                &["merge", "--force", "-o", "x.agc"],
                flag,
                &["one.agc", "other.agc"],
            ]
            .concat(),
            Some("6"),
        );
        let told = log(&bench, "x.agc");
        assert_eq!(told[0], "+1 -0 ragc create -o one.agc a.fa");
        let last = told.last().unwrap();
        assert!(last.starts_with("+1 -0 ragc merge --force -o x.agc"), "{last}");
        assert_eq!(told.len(), if flag.is_empty() { 3 } else { 2 });
        assert_eq!(table(&bench, "x.agc")[0][0], "a.fa");
    }
}
