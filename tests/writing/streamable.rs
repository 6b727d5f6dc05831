//! Archives with their index in front: samples come out while the rest is still coming in, and nothing is believed that the end does not say.

use std::fs;
use std::io::{Read, Write};
use std::sync::mpsc;
use std::thread;

use ragc_core::internals::container::ContainerReader;
use ragc_core::{Archive, ReadAt};

use crate::bench::deadline::{EndInTime, in_time};
use crate::bench::{Bench, begin, random_bases};

/// Bases of a sample: more than any output holds back.
const SAMPLE_LEN: usize = 800_000;

/// Three samples that have nothing in common.
fn large() -> Bench {
    let bench = Bench::new();
    for (name, seed) in [("a", 1), ("b", 2), ("c", 3)] {
        bench.write(
            &format!("{name}.fa"),
            format!(">{name}\n{}\n", random_bases(seed, SAMPLE_LEN)),
        );
    }
    bench.succeed(&["create", "--streamable", "-o", "x.agc", "a.fa", "b.fa", "c.fa"]);
    bench
}

fn small() -> Bench {
    let bench = Bench::new();
    for (name, seed) in [("a", 11), ("b", 12), ("c", 13)] {
        bench.write(
            &format!("{name}.fa"),
            format!(">x\n{}acgtn-\n", random_bases(seed, 3000)),
        );
    }
    bench.succeed(&["create", "--streamable", "-o", "x.agc", "a.fa", "b.fa"]);
    bench
}

/// A file of which nobody knows yet that it is complete.
struct Incoming(Vec<u8>);

impl ReadAt for Incoming {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.0.read_exact_at(offset, buf)
    }

    fn len(&self) -> std::io::Result<u64> {
        ReadAt::len(&self.0)
    }

    fn is_complete(&self) -> bool {
        false
    }
}

fn bytes(bench: &Bench) -> Vec<u8> {
    fs::read(bench.path("x.agc")).unwrap()
}

/// Whether what reads the archive by its beginning would believe it.
fn is_current(bench: &Bench) -> bool {
    bytes(bench).starts_with(b"\0ragc-front+")
}

#[test]
fn the_first_sample_is_out_before_the_rest_is_in() {
    let bench = large();
    let whole = bytes(&bench);
    let expected = bench.succeed(&["getcol", "x.agc"]).0;
    let first = bench.succeed(&["getset", "x.agc", "a"]).0.len();
    let cut = whole.len() * 6 / 10;
    let commands: [(&[&str], usize); 3] = [
        (&["getcol", "-"], expected.len()),
        (&["getcol", "-t", "1", "-"], expected.len()),
        (&["getset", "-", "a"], first),
    ];
    for (args, len) in commands {
        let mut child = begin(&mut bench.command(args));
        let mut input = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let beginning = whole[..cut].to_vec();
        let input = in_time("the beginning is taken", move || {
            input.write_all(&beginning).unwrap();
            input
        });
        // What an output gathers before it writes may be held back.
        let wanted = first - (first / 4);
        let (read, output) = in_time("most of the first sample is out", move || {
            let mut read = vec![0; wanted];
            output.read_exact(&mut read).unwrap();
            (read, output)
        });
        assert!(read == expected[..wanted], "{args:?}");
        let rest = give(input, whole[cut..].to_vec(), output);
        assert!(rest == expected[wanted..len], "{args:?}");
        assert!(child.output_in_time().status.success());
    }
}

/// Gives the rest of an archive, and takes the rest of the answer.
fn give(
    mut input: impl Write + Send + 'static,
    bytes: Vec<u8>,
    mut output: impl Read + Send + 'static,
) -> Vec<u8> {
    let (sender, given) = mpsc::channel();
    thread::spawn(move || {
        input.write_all(&bytes).unwrap();
        drop(input);
        sender.send(()).unwrap();
    });
    let rest = in_time("the rest is out", move || {
        let mut rest = Vec::new();
        output.read_to_end(&mut rest).unwrap();
        rest
    });
    in_time("the rest is taken", move || given.recv().unwrap());
    rest
}

#[test]
fn an_archive_that_ends_too_early_or_otherwise_than_it_began_fails_whatever_came_out() {
    let bench = large();
    let whole = bytes(&bench);
    let mut other_end = whole.clone();
    // The size of a part, which checksums of the footer would tell, too.
    let place = whole.len() - 12;
    other_end[place] ^= 1;
    let cases = [
        (whole[..whole.len() * 6 / 10].to_vec(), "it ends behind"),
        (other_end, "the index in front is not that of the footer"),
        (
            [&whole[..], b"more"].concat(),
            "the index in front is not that of the footer",
        ),
    ];
    for (input, told) in cases {
        for args in [&["getset", "-", "a"][..], &["getset", "-o", "out.fa", "-", "a"]] {
            // Wherever the command has opened it, by the front or by the end.
            let output = bench.piped(args, &input);
            let message = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            assert_eq!(message.lines().count(), 1, "{message}");
            let is_told = message.contains(told) || message.contains("footer");
            assert!(is_told, "{message}");
            assert!(!bench.path("out.fa").exists());
        }
    }
}

#[test]
fn a_change_in_place_outdates_the_index_and_undo_brings_it_back() {
    let bench = small();
    let before = bytes(&bench);
    assert!(is_current(&bench));
    bench.succeed(&["append", "--in-place", "x.agc", "c.fa"]);
    assert!(!is_current(&bench));
    assert_eq!(bytes(&bench)[12..before.len()], before[12..]);
    let archive = Archive::open(bench.path("x.agc")).unwrap();
    assert!(!archive.is_streamable());
    let output = bench.piped(&["getset", "-", "c"], &bytes(&bench));
    assert_eq!(output.stdout, bench.succeed(&["getset", "x.agc", "c"]).0);
    bench.succeed(&["verify", "x.agc"]);
    let (_, told) = bench.succeed(&["getset", "--at", "1", "x.agc", "a"]);
    assert_eq!(told, "");
    bench.succeed(&["undo", "x.agc"]);
    assert!(bytes(&bench) == before);
    bench.succeed(&["verify", "x.agc"]);
}

#[test]
fn an_index_that_nobody_has_outdated_is_noticed() {
    let bench = small();
    bench.succeed(&["append", "--in-place", "x.agc", "c.fa"]);
    // As another program would leave it.
    let mut stale = bytes(&bench);
    stale[11] = b'+';
    let output = bench.piped(&["getset", "-", "a"], &stale);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("was the file changed while it was read?"),
        "{message}"
    );
}

#[test]
fn what_writes_an_archive_anew_leaves_the_index_out_unless_it_is_asked_for() {
    let bench = small();
    for args in [
        &["append", "--rewrite", "-o", "new.agc", "x.agc", "c.fa"][..],
        &["repack", "-o", "new.agc", "x.agc", "--force"],
        &["remove", "-o", "new.agc", "--force", "x.agc", "b"],
    ] {
        let (_, told) = bench.succeed(args);
        assert!(!told.contains("unknown"), "{told}");
        assert!(!Archive::open(bench.path("new.agc")).unwrap().is_streamable());
        bench.succeed(&["verify", "new.agc"]);
    }
    bench.succeed(&["repack", "--streamable", "-o", "again.agc", "x.agc"]);
    let again = Archive::open(bench.path("again.agc")).unwrap();
    assert!(again.is_streamable());
    assert_eq!(
        bench.succeed(&["getcol", "--exact", "again.agc"]).0,
        bench.succeed(&["getcol", "--exact", "x.agc"]).0
    );
    bench.succeed(&["verify", "again.agc"]);
}

#[test]
fn bytes_do_not_depend_on_threads_and_come_through_a_pipe_as_well() {
    let bench = small();
    let expected = bytes(&bench);
    for threads in ["1", "5"] {
        bench.succeed(&[
            "create",
            "-t",
            threads,
            "--streamable",
            "-o",
            "y.agc",
            "a.fa",
            "b.fa",
        ]);
        assert!(fs::read(bench.path("y.agc")).unwrap() == expected, "{threads}");
    }
    let (written, _) = bench.succeed(&["create", "-q", "--streamable", "a.fa", "b.fa"]);
    assert!(written == expected);
    let before = bench.files();
    assert_eq!(before, bench.files());
}

#[test]
fn damage_to_the_index_is_found_and_does_not_matter_to_others() {
    let bench = small();
    let whole = bytes(&bench);
    let expected = bench.succeed(&["getcol", "x.agc"]).0;
    let header = u64::from_le_bytes(whole[12..20].try_into().unwrap()) as usize + 28;
    for byte in [0, 5, 11, 12, 21, 28, 40, header - 1] {
        let mut damaged = whole.clone();
        damaged[byte] ^= 4;
        bench.write("y.agc", &damaged);
        assert_eq!(bench.succeed(&["getcol", "y.agc"]).0, expected, "{byte}");
        let output = bench.run(&["verify", "y.agc"]);
        assert_eq!(output.status.code(), Some(1), "{byte}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains("ragc.front-index"), "{byte}: {message}");
        let output = bench.piped(&["getcol", "-"], &damaged);
        assert!(output.status.success() && output.stdout == expected, "{byte}");
    }
}

#[test]
fn the_number_of_a_part_that_the_index_in_front_does_not_tell_is_damage() {
    let bench = small();
    bench.succeed(&[
        "create",
        "--streamable",
        "--no-checksums",
        "-o",
        "x.agc",
        "a.fa",
        "b.fa",
    ]);
    let mut bytes = fs::read(bench.path("x.agc")).unwrap();
    let open = |bytes: &[u8]| ContainerReader::open(Incoming(bytes.to_vec())).unwrap();
    let intact = open(&bytes);
    let footer = intact.footer();
    let is_long = |&(stream, part): &(_, usize)| {
        let (number, len) = intact.peek_part_metadata(stream, part).unwrap();
        number > 256 && len > 100
    };
    let mut parts = footer
        .streams()
        .flat_map(|stream| (0..footer.parts(stream).len()).map(move |part| (stream, part)));
    let (stream, part) = parts.find(is_long).unwrap();
    assert!(intact.read_part(stream, part).is_ok());
    // Behind the byte that tells how long the number is.
    bytes[footer.parts(stream)[part].offset as usize + 2] ^= 1;
    let error = open(&bytes).read_part(stream, part).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the index in front tells of the number"),
        "{error}"
    );
}
