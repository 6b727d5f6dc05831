//! What runs tell of themselves: lines of `-v`, `--stats` as a table and as JSON.

use std::fs;
#[cfg(target_os = "linux")]
use std::process::Command;

use crate::bench::Bench;
#[cfg(target_os = "linux")]
use crate::bench::deadline::RunInTime;
use serde_json::{Value, json};

#[test]
fn verbosity_tells_more_and_silence_is_the_default() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n>y\nAC\n");
    let stderr = |level| {
        bench
            .succeed(&["create", "--preset", "agc", "-o", "x.agc", "-v", level, "a.fa"])
            .1
    };
    assert_eq!(stderr("0"), "");
    let all = "ragc: 1 samples, 2 contigs, 6 bases in 16 groups\n";
    let n_bytes = || fs::metadata(bench.path("x.agc")).unwrap().len();
    for (level, before) in [("1", ""), ("2", "ragc: a: 2 contigs, 6 bases\n")] {
        let told = stderr(level);
        let figures = told.strip_prefix(before).and_then(|told| told.strip_prefix(all));
        let figures = figures.unwrap_or_else(|| panic!("{told}"));
        assert_eq!(figures.lines().count(), 1, "{told}");
        assert!(figures.starts_with("ragc: 1 files, 0.000 Mb in "), "{told}");
        let size = format!(
            "; {} bytes, {:.2} bases a byte\n",
            n_bytes(),
            6.0 / n_bytes() as f64
        );
        assert!(figures.contains(" files/s") && figures.ends_with(&size), "{told}");
        assert_eq!(
            figures.contains(" MiB at most, "),
            cfg!(target_os = "linux"),
            "{told}"
        );
    }
}

#[test]
fn the_figures_of_a_run_go_to_a_file_as_json() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.write("b.fa", ">x\nACGTACGA\n");
    let create = ["create", "--preset", "agc", "--lossless", "-o", "x.agc", "a.fa"];
    let n_segments = |figures: &Value| figures["n_segments"].as_u64().unwrap();
    let figures = |args: &[&str]| -> Value {
        let (_, stderr) = bench.succeed(&[args, &["--stats=run.json"]].concat());
        assert_eq!(stderr, "");
        let text = fs::read_to_string(bench.path("run.json")).unwrap();
        assert_eq!(text.lines().count(), 1);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], 1);
        let figures = document["run"].clone();
        assert_eq!(
            figures["n_bytes"],
            fs::metadata(bench.path("x.agc")).unwrap().len()
        );
        let streams = figures["bytes_by_stream"].as_object().unwrap();
        let sum: u64 = streams.values().map(|len| len.as_u64().unwrap()).sum();
        assert_eq!(figures["n_bytes"], sum);
        assert!(streams.contains_key("ragc.case") && streams.contains_key("collection-details"));
        let stages = figures["processor_seconds_by_stage"].as_object().unwrap();
        assert!(stages.len() == 10 && stages.values().all(Value::is_f64));
        for rate in [
            "seconds",
            "processor_seconds",
            "files_per_second",
            "megabases_per_second",
        ] {
            assert!(figures[rate].as_f64() > Some(0.0), "{rate}: {figures}");
        }
        assert_eq!(figures["threads"]["writer"]["n"], 1);
        assert_eq!(figures["peak_memory"].is_u64(), cfg!(target_os = "linux"));
        figures
    };
    let created = figures(&create);
    assert_eq!(
        [
            "command",
            "n_files",
            "n_samples",
            "n_contigs",
            "n_bases",
            "n_groups"
        ]
        .map(|key| created[key].clone()),
        [
            json!("create"),
            json!(1),
            json!(1),
            json!(2),
            json!(10),
            json!(16)
        ]
    );
    assert_eq!(n_segments(&created), 2);
    let appended = figures(&["append", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"]);
    assert_eq!(
        ["command", "n_files", "n_contigs", "n_bases"].map(|key| appended[key].clone()),
        [json!("append"), json!(1), json!(1), json!(8)]
    );
    // Without a file it is the table; what stands behind it is an input.
    let (_, stderr) = bench.succeed(&[&create[..], &["--stats", "b.fa"]].concat());
    assert!(
        stderr.contains("stage ") && stderr.contains("zstd of packs"),
        "{stderr}"
    );
    assert_eq!(bench.succeed(&["listset", "x.agc"]).0, b"a\nb\n");
    bench.fail(2, &[&create[..], &["--stats=x.agc"]].concat());
    for path in ["a.fa", "nowhere/run.json"] {
        bench.fail(1, &[&create[..], &[&format!("--stats={path}")]].concat());
    }
}

#[test]
fn commands_that_decode_give_their_figures_as_json() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.write("b.fa", ">x\nACGTACGA\n");
    // A name in `.json` is no input.
    bench.succeed(&[
        "create",
        "-q",
        "--stats",
        "made.json",
        "-o",
        "x.agc",
        "a.fa",
        "b.fa",
    ]);
    let run_of = |name: &str| -> Value {
        let text = fs::read_to_string(bench.path(name)).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], 1);
        document["run"].clone()
    };
    assert_eq!(run_of("made.json")["n_files"], 2);
    for (args, n_contigs, n_bases) in [
        (&["getset", "x.agc", "a"][..], 2, 10),
        (&["getset", "--exact", "x.agc", "b"], 1, 8),
        (&["getctg", "x.agc", "x@a:2-4", "y"], 2, 5),
        (&["getcol", "x.agc"], 3, 18),
        (&["getcol", "-o", "folder", "x.agc"], 3, 18),
        (&["getcol", "--exact", "-o", "folder", "x.agc"], 3, 18),
        (&["getcol", "--salvage", "rest", "x.agc"], 3, 18),
        (&["faidx", "-i", "x.agc", "a#x:2-4", "y"], 2, 5),
        (&["digest", "x.agc"], 3, 18),
        (&["verify", "x.agc", "x.agc"], 6, 36),
    ] {
        let (_, told) = bench.succeed(&[args, &["--stats", "run"]].concat());
        assert_eq!(told, "", "{args:?}");
        let run = run_of("run");
        assert_eq!(run["command"], args[0]);
        assert_eq!(
            (&run["n_contigs"], &run["n_bases"]),
            (&n_contigs.into(), &n_bases.into()),
            "{args:?}"
        );
        assert!(run["seconds"].as_f64() > Some(0.0) && run["megabases_per_second"].as_f64() > Some(0.0));
    }
    bench.fail(2, &["getset", "--stats", "o", "-o", "o", "x.agc", "a"]);
    bench.fail(2, &["getset", "--stats", "-", "x.agc", "a"]);
    bench.fail(1, &["verify", "--stats", "x.agc", "x.agc"]);
}

/// What was complete last would take the place of the other.
#[test]
fn figures_never_take_the_place_of_another_output() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.write("b.fa", ">x\nACGTACGA\n");
    bench.succeed(&["create", "-q", "-o", "x.agc", "a.fa", "b.fa"]);
    let absolute = bench.path("new").display().to_string();
    for name in ["./new", absolute.as_str()] {
        let stats = format!("--stats={name}");
        for args in [
            &["create", "-o", "new", "a.fa"][..],
            &["append", "-o", "new", "x.agc", "a.fa"],
            &["rename", "-o", "new", "x.agc", "a=c"],
            &["merge", "-o", "new", "x.agc"],
            &["sync", "new", "a.fa"],
            &["getset", "-o", "new", "x.agc", "a"],
            &["getctg", "-o", "new", "x.agc", "x@a"],
            &["faidx", "-o", "new", "x.agc", "a#x"],
            &["digest", "-o", "new", "x.agc"],
            &["verify", "-o", "new", "x.agc"],
        ] {
            let told = bench.fail(2, &[args, &[&stats]].concat());
            assert!(told.ends_with("two outputs cannot be one file\n"), "{told}");
        }
    }
    for figures in ["new.fai", "new.gzi"] {
        let (stats, getset) = (
            format!("--stats={figures}"),
            ["getset", "-o", "new", "x.agc", "a"],
        );
        bench.fail(2, &[&getset[..], &[&stats]].concat());
        bench.fail(2, &[&getset[..], &["--index", "--bgzf", &stats]].concat());
    }
    for args in [
        &["create", "--stats=/dev/stdout", "a.fa"][..],
        &["getset", "--stats", "/dev/fd/1", "x.agc", "a"],
        &["getcol", "--stats", "/dev/stdout", "x.agc"],
    ] {
        bench.fail(2, args);
    }
    for (option, name) in [("-o", "b.fa"), ("-o", "b.fa.fai"), ("--salvage", "a.fa")] {
        fs::create_dir(bench.path("folder")).unwrap();
        let stats = format!("folder/{name}");
        bench.fail(2, &["getcol", option, "folder", "--stats", &stats, "x.agc"]);
        assert!(!bench.path(&stats).exists());
        fs::remove_dir_all(bench.path("folder")).unwrap();
    }
    assert_eq!(bench.samples("x.agc"), ["a", "b"]);
}

#[cfg(target_os = "linux")]
#[test]
fn figures_that_cannot_be_written_are_told_as_all_that_is_missing() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.write("b.fa", ">x\nACGTACGA\n");
    let failing = |args: &[&str]| {
        let output = bench.run(args);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), told.lines().count()),
            (Some(1), 1),
            "{told}"
        );
        told
    };
    let full = "--stats=/dev/full";
    for (args, samples) in [
        (&["create", "-q", "-o", "x.agc", "a.fa"][..], &["a"][..]),
        (&["append", "-q", "-o", "x.agc", "x.agc", "b.fa"], &["a", "b"]),
        (&["rename", "x.agc", "a=c"], &["b", "c"]),
        (&["getset", "-o", "b.txt", "x.agc", "b"], &["b", "c"]),
    ] {
        let told = failing(&[args, &[full]].concat());
        let expected = "ragc: error: all is done but the figures of the run: /dev/full: cannot write: ";
        assert!(told.starts_with(expected), "{told}");
        assert_eq!(bench.samples("x.agc"), samples);
    }
    assert!(bench.path("b.txt").exists());
    bench.write("c.fa", ">x\nAC\n");
    let mut sync = Command::new("sh");
    let script = "exec \"$0\" sync --json x.agc c.fa > /dev/full";
    sync.args(["-c", script, env!("CARGO_BIN_EXE_ragc")]);
    let output = sync.current_dir(bench.path("")).output_in_time();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("error: the archive is what the files are, which cannot be told: standard output: "),
        "{told}"
    );
    assert_eq!(bench.sample("x.agc", "c"), ">x\nAC\n");
}
