//! `ragc create`: what goes in comes out, by parameters that are given or chosen, and the bytes do not depend on threads.

use std::fs;

use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};
use crate::runs::{SAMPLES, create_golden, golden_paths, refuse};

#[test]
fn every_sample_comes_back_for_every_parameter_set() {
    let sets: [&[&str]; 14] = [
        &[],
        &["--preset", "agc"],
        &["-a", "-s", "500"],
        &["-a", "-f", "0.01", "-b", "500", "-s", "300"],
        &["-f", "0", "-s", "1000"],
        &["-k", "17", "-l", "15", "-s", "100"],
        &["-k", "32", "-l", "32", "-s", "500"],
        &["-s", "500", "-b", "1"],
        &["-s", "500", "-b", "3"],
        &["-s", "1000", "-b", "2", "-m", "17"],
        &["-k", "21", "-s", "10000", "-l", "20", "-t", "6"],
        &["-s", "1000000", "-b", "1000000000"],
        &[
            "--kmer-length",
            "25",
            "--min-match-length",
            "24",
            "--segment-size",
            "2000",
            "--batch-size",
            "4",
        ],
        &["-d", "-v", "0", "-f", "0", "-s", "250"],
    ];
    let bench = Bench::new();
    for flags in sets {
        create_golden(&bench, flags, "x.agc");
        assert_eq!(bench.succeed(&["listref", "x.agc"]).0, b"ref", "{flags:?}");
        for sample in SAMPLES {
            let input = fs::read_to_string(golden_fasta(&format!("{sample}.fa"))).unwrap();
            let (upper, _) = bench.succeed(&["getset", "--upper", "x.agc", sample]);
            assert!(upper == normal(&input).as_bytes(), "{flags:?} {sample}");
            if !flags.contains(&"--preset") {
                let (exact, _) = bench.succeed(&["getset", "--exact", "x.agc", sample]);
                assert!(exact == input.as_bytes(), "{flags:?} {sample}");
            }
        }
    }
}

#[test]
fn access_decides_the_size_of_packs_unless_that_is_given() {
    let bench = Bench::new();
    let batch_size = |archive: &str| {
        let (info, _) = bench.succeed(&["info", archive]);
        let info = String::from_utf8(info).unwrap();
        let line = info.lines().find(|line| line.starts_with("Batch size")).unwrap();
        line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()
    };
    let balanced = create_golden(&bench, &[], "x.agc");
    assert!(create_golden(&bench, &["--access", "balanced"], "x.agc") == balanced);
    let chosen = batch_size("x.agc");
    create_golden(&bench, &["--access", "fast"], "fast.agc");
    create_golden(&bench, &["--access", "small"], "small.agc");
    assert!(batch_size("fast.agc") < chosen && chosen < batch_size("small.agc"));
    for archive in ["fast.agc", "small.agc"] {
        bench.succeed(&["verify", archive]);
        for sample in SAMPLES {
            assert_eq!(bench.sample(archive, sample), bench.sample("x.agc", sample));
        }
    }
    // What is appended goes on with the packs that are there.
    let more = bench.write("more.fa", ">c\nACGTTGCATTGACCAGTTAC\n");
    bench.succeed(&["append", "-o", "more.agc", "fast.agc", more.to_str().unwrap()]);
    assert_eq!(batch_size("more.agc"), batch_size("fast.agc"));
    for access in ["fast", "small"] {
        create_golden(&bench, &["--access", access, "-b", "7"], "x.agc");
        assert_eq!(batch_size("x.agc"), 7);
    }
    let message = refuse(&bench, 2, &["--access", "slow", &golden_paths()[0]]);
    assert!(message.contains("balanced"), "{message}");
}

#[test]
fn the_archive_is_the_same_for_any_number_of_threads() {
    let bench = Bench::new();
    for flags in [
        &["-s", "500", "-b", "3"][..],
        &["-s", "100"],
        &["-k", "20"],
        &["-a", "-s", "400"],
    ] {
        let archives: Vec<Vec<u8>> = ["1", "2", "7"]
            .iter()
            .map(|threads| create_golden(&bench, &[flags, &["-t", threads]].concat(), "x.agc"))
            .collect();
        assert!(
            archives[0] == archives[1] && archives[0] == archives[2],
            "{flags:?}"
        );
    }
}

#[test]
fn every_contig_is_a_sample_in_concatenated_mode() {
    let bench = Bench::new();
    let (reference, viruses) = (golden_fasta("concat_ref.fa"), golden_fasta("concat.fa"));
    let (reference, viruses) = (reference.to_str().unwrap(), viruses.to_str().unwrap());
    let create = |threads| {
        bench.succeed(&[
            "create", "-c", "-s", "700", "-o", "c.agc", "-t", threads, reference, viruses,
        ]);
        fs::read(bench.path("c.agc")).unwrap()
    };
    assert!(create("1") == create("5"));
    let mut records = normal(&fs::read_to_string(reference).unwrap());
    records.push_str(&normal(&fs::read_to_string(viruses).unwrap()));
    assert_eq!(
        String::from_utf8(bench.succeed(&["getcol", "c.agc"]).0).unwrap(),
        records
    );
    let n_samples = bench
        .succeed(&["listset", "c.agc"])
        .0
        .iter()
        .filter(|b| **b == b'\n')
        .count();
    assert_eq!(n_samples, records.matches('>').count());
}

#[test]
fn a_contig_may_end_with_a_splitter_that_is_shorter_than_a_match() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("ref.fa")).unwrap();
    let contig: String = text.lines().skip(1).take(40).collect();
    bench.write("ref.fa", format!(">whole\n{contig}\n"));
    // Some of them end where a splitter ends, and leave a segment of k bases.
    let ends: String = (300..700)
        .map(|end| format!(">{end}\n{}\n", &contig[..end]))
        .collect();
    bench.write("ends.fa", &ends);
    bench.succeed(&[
        "create", "-k", "17", "-l", "32", "-s", "100", "-o", "x.agc", "ref.fa", "ends.fa",
    ]);
    assert_eq!(bench.sample("x.agc", "ends"), normal(&ends));
}

#[test]
fn parameters_are_chosen_by_the_inputs_unless_given_and_that_is_said() {
    let bench = Bench::new();
    // The longest contig is one segment in a genome of this length.
    bench.write("virus.fa", format!(">v\n{}\n", "ACGTTGCATC".repeat(2990)));
    let told = |flags: &[&str]| {
        bench
            .succeed(&[&["create", "-o", "x.agc", "virus.fa"], flags].concat())
            .1
    };
    assert_eq!(told(&[]), "ragc: chosen for these inputs: -s 29900 -b 2500\n");
    let info = String::from_utf8(bench.succeed(&["info", "x.agc"]).0).unwrap();
    assert!(info.contains(": 29900\n") && info.contains(": 2500\n"), "{info}");
    assert_eq!(
        told(&["-s", "1000"]),
        "ragc: chosen for these inputs: -s 1000 -b 2500\n"
    );
    assert_eq!(told(&["-c"]), "ragc: chosen for these inputs: -s 29900 -b 2500\n");
    assert_eq!(told(&["-s", "1000", "-b", "7"]), "");
    assert_eq!(told(&["--preset", "agc"]), "");
    let info = String::from_utf8(bench.succeed(&["info", "x.agc"]).0).unwrap();
    assert!(info.contains(": 60000\n") && info.contains(": 20\n"), "{info}");
}
