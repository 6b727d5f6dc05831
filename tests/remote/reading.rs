//! What is read of a server is what is read of a file.

use std::fs;

use crate::bench::Bench;
use crate::nginx::Nginx;
use crate::sample_archive;

#[test]
fn every_reading_command_takes_a_url() {
    let Some(server) = Nginx::start("every_reading_command_takes_a_url") else {
        return;
    };
    let bench = Bench::new();
    let local = sample_archive::path();
    fs::copy(&local, server.files().join("x y.agc")).unwrap();
    let (local, url) = (local.to_str().unwrap(), server.url("plain", "x%20y.agc"));
    let commands: [&[&str]; 12] = [
        &["listset", "ARCHIVE"],
        &["listref", "ARCHIVE"],
        &["listctg", "ARCHIVE", "s1"],
        &["listctg", "--json", "ARCHIVE"],
        &["getset", "ARCHIVE", "s2", "s0"],
        &["getset", "--exact", "ARCHIVE", "s1"],
        &["getctg", "ARCHIVE", "chr2@s1:200000-200100", "chr1@s2:5-9"],
        &["getcol", "ARCHIVE"],
        &["faidx", "ARCHIVE", "s1#chr1:200001-200100"],
        &["digest", "ARCHIVE", "s1"],
        &["log", "ARCHIVE"],
        &["info", "ARCHIVE"],
    ];
    for args in commands {
        let of = |archive: &str| {
            let args: Vec<&str> = args
                .iter()
                .map(|arg| if *arg == "ARCHIVE" { archive } else { arg })
                .collect();
            bench.succeed(&args)
        };
        assert!(of(local).0 == of(&url).0, "{args:?}");
    }
    let (verified, _) = bench.succeed(&["verify", local, &url]);
    let verified = String::from_utf8(verified).unwrap();
    assert_eq!(verified.lines().count(), 2);
    assert!(
        verified.contains(&format!("{url}: intact: 3 samples")),
        "{verified}"
    );
    // A new archive out of one on a server.
    for archive in [local, &url] {
        bench.succeed(&["subset", "--force", "-o", "subset.agc", archive, "s1"]);
        let subset = fs::read(bench.path("subset.agc")).unwrap();
        bench.write(if archive == local { "of_file" } else { "of_url" }, subset);
    }
    assert!(fs::read(bench.path("of_file")).unwrap() == fs::read(bench.path("of_url")).unwrap());
}

#[test]
fn earlier_states_are_read_of_a_server_too() {
    let Some(server) = Nginx::start("earlier_states_are_read_of_a_server_too") else {
        return;
    };
    let bench = Bench::new();
    bench.write("a.fa", ">c\nACGTACGTACGTACGTACGTACGTACGT\n");
    bench.write("b.fa", ">c\nACGTACGTACGTACGTACGTACGTACGA\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    fs::copy(bench.path("x.agc"), server.files().join("x.agc")).unwrap();
    let url = server.url("plain", "x.agc");
    assert_eq!(bench.succeed(&["listset", &url]).0, b"a\nb\n");
    assert_eq!(bench.succeed(&["listset", "--at", "1", &url]).0, b"a\n");
    let message = bench.fail(1, &["listset", "--at", "3", &url]);
    assert!(message.contains("there are 2"), "{message}");
}

#[test]
fn commands_that_change_a_file_refuse_urls() {
    let bench = Bench::new();
    bench.write("a.fa", ">c\nACGTACGTACGTACGTACGTACGTACGT\n");
    let url = "https://me:secret@host.invalid/x.agc?sig=secret";
    let commands: [&[&str]; 9] = [
        &["append", "--in-place", url, "a.fa"],
        &["sync", url, "a.fa"],
        &["remove", url, "a"],
        &["rename", url, "a", "b"],
        &["replace", url, "a.fa"],
        &["repack", url],
        &["undo", url],
        &["recover", url],
        &["subset", url, "a"],
    ];
    for args in commands {
        let message = bench.fail(1, args);
        assert!(
            message.starts_with(
                "ragc: error: https://host.invalid/x.agc: an archive is changed where its file is"
            ),
            "{message}"
        );
    }
}
