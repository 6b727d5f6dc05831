//! What files are packed in: whole members of any kind, in any order, padded or with other bytes behind them, are read alike
//! by every command that takes FASTA.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::deadline::EndInTime;
use crate::bench::golden::golden_fasta;
use crate::bench::packed::{bgzf, gzip, tar};
use crate::bench::{Bench, normal};

fn zstd(data: &[u8]) -> Vec<u8> {
    zstd::encode_all(data, 3).unwrap()
}

fn xz(data: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(data: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// As `pzstd` writes: the length of a frame before each, in a skippable frame.
fn pzstd(data: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    for piece in data.chunks(2000) {
        let frame = zstd(piece);
        packed.extend([0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0]);
        packed.extend((frame.len() as u32).to_le_bytes());
        packed.extend(frame);
    }
    packed
}

/// What the golden sample `a` may be packed in, and what is said of that.
fn packed(text: &[u8]) -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let (front, back) = text.split_at(5000);
    let index = [&[0x5E, 0x2A, 0x4D, 0x18, 9, 0, 0, 0][..], b"seektable"].concat();
    vec![
        ("xz", xz(text), ""),
        ("bzip2", bzip2(text), ""),
        (
            "two streams of xz",
            [xz(front), vec![0; 12], xz(back)].concat(),
            "",
        ),
        ("two of bzip2", [bzip2(front), bzip2(back)].concat(), ""),
        ("pzstd", pzstd(text), ""),
        (
            "skippable between",
            [zstd(front), index.clone(), zstd(back)].concat(),
            "",
        ),
        ("skippable last", [zstd(text), index].concat(), ""),
        ("gzip and zeros", [gzip(text), vec![0; 500]].concat(), ""),
        (
            "zeros between",
            [gzip(front), vec![0; 512], gzip(back)].concat(),
            "",
        ),
        ("BGZF, gzip", [bgzf(front), gzip(back)].concat(), ""),
        ("gzip, BGZF", [gzip(front), bgzf(back)].concat(), ""),
        ("gzip, zstd", [gzip(front), zstd(back)].concat(), ""),
        (
            "trailing gzip",
            [&gzip(text)[..], b"index of razip"].concat(),
            "14 bytes",
        ),
        ("trailing BGZF", [&bgzf(text)[..], b"\n"].concat(), "1 bytes"),
        ("trailing zstd", [&zstd(text)[..], b"more"].concat(), "4 bytes"),
        ("trailing xz", [&xz(text)[..], b"more"].concat(), "4 bytes"),
        ("trailing bzip2", [&bzip2(text)[..], b"more"].concat(), "4 bytes"),
    ]
}

#[test]
fn all_that_is_packed_is_read_by_every_command() {
    let bench = Bench::new();
    let text = fs::read(golden_fasta("a.fa")).unwrap();
    bench.write("ref.fa", fs::read(golden_fasta("ref.fa")).unwrap());
    bench.succeed(&["create", "-s", "500", "-o", "ref.agc", "ref.fa"]);
    let expected = normal(std::str::from_utf8(&text).unwrap());
    for (what, data, warning) in packed(&text) {
        bench.write("a.fa", &data);
        for args in [
            &["create", "-s", "500", "-o", "x.agc", "a.fa", "ref.fa"][..],
            &[
                "create",
                "-s",
                "500",
                "-o",
                "x.agc",
                "--skip-bad-files",
                "ref.fa",
                "a.fa",
            ],
            &[
                "create",
                "-s",
                "500",
                "-o",
                "x.agc",
                "--lossless",
                "ref.fa",
                "a.fa",
            ],
            &["append", "-o", "x.agc", "ref.agc", "a.fa"],
        ] {
            let (_, stderr) = bench.succeed(args);
            let warnings: Vec<&str> = stderr.lines().filter(|line| line.contains("warning")).collect();
            match warning {
                "" => assert!(warnings.is_empty(), "{what}: {stderr}"),
                _ => assert_eq!(
                    warnings,
                    [format!(
                        "ragc: warning: a.fa: {warning} behind the compressed data belong to nothing and are left out"
                    )],
                    "{what}"
                ),
            }
            assert_eq!(bench.sample("x.agc", "a"), expected, "{what}: {args:?}");
            if args.contains(&"--lossless") {
                let (exact, _) = bench.succeed(&["getset", "--exact", "x.agc", "a"]);
                assert!(exact == text, "{what}");
            }
        }
        let args = ["create", "-s", "500", "-o", "x.agc", "--sample", "s", "-"];
        let mut child = bench.command(&args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&data).unwrap();
        assert!(child.status_in_time().success(), "{what}");
        assert_eq!(bench.sample("x.agc", "s"), expected, "{what}");
    }
}

#[test]
fn what_seems_to_be_lost_behind_a_member_is_refused() {
    let bench = Bench::new();
    let text = b">x\nACGT\n";
    for data in [
        [&gzip(text)[..], text].concat(),
        [&gzip(text)[..], &[0x1F]].concat(),
        [&gzip(text)[..], &[0x1F, 0x8B, 9, 0, 0, 0, 0, 0]].concat(),
        [&bgzf(text)[..bgzf(text).len() - 28], &gzip(text)].concat(),
        [&gzip(text)[..], b"?", &gzip(text)].concat(),
        [&zstd(text)[..], &[0x50, 0x2A, 0x4D, 0x18, 9, 0, 0, 0]].concat(),
    ] {
        bench.write("a.fa", &data);
        let message = bench.fail(1, &["create", "-o", "x.agc", "a.fa"]);
        assert!(
            message.contains("a.fa: line ") && message.contains("compressed data"),
            "{message}"
        );
    }
}

#[test]
fn more_memory_allows_wider_windows() {
    let bench = Bench::new();
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(28).unwrap();
    encoder.write_all(b">x\nACGT\n").unwrap();
    bench.write("a.fa", encoder.finish().unwrap());
    let message = bench.fail(1, &["create", "-o", "x.agc", "a.fa"]);
    assert!(
        message.contains("256 MiB") && message.contains("--memory 256M"),
        "{message}"
    );
    bench.succeed(&["create", "-o", "x.agc", "--memory", "256M", "a.fa"]);
    assert_eq!(bench.sample("x.agc", "a"), ">x\nACGT\n");
    fs::copy(bench.path("a.fa"), bench.path("b.fa")).unwrap();
    let append = ["append", "-o", "y.agc", "x.agc", "--memory"];
    let message = bench.fail(1, &[&append[..], &["200M", "b.fa"]].concat());
    assert!(message.contains("--memory 256M"), "{message}");
    bench.succeed(&[&append[..], &["1G", "b.fa"]].concat());
}

const TAR_SAMPLES: [&str; 5] = ["ref", "a", "b", "c", "d"];

/// Golden samples, plain and packed, with a folder and a link among them and a name that is too long for a header.
fn tar_of_samples() -> Vec<u8> {
    let text = |name: &str| fs::read(golden_fasta(&format!("{name}.fa"))).unwrap();
    let long = format!("{}/c.fa.xz", "long/".repeat(40));
    let files = [
        ("set/ref.fa", text("ref")),
        ("set/a.fa.gz", gzip(&text("a"))),
        ("set/b.fna.zst", pzstd(&text("b"))),
        (&long[..], xz(&text("c"))),
        ("d.fa.bz2", bzip2(&text("d"))),
    ];
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_size(0);
    builder.append_data(&mut header, "set/", &b""[..]).unwrap();
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, path, &content[..]).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, "set/link.fa", "ref.fa").unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn files_in_tar_archives_are_inputs_of_their_own() {
    let bench = Bench::new();
    let text = |name: &str| fs::read_to_string(golden_fasta(&format!("{name}.fa"))).unwrap();
    for sample in TAR_SAMPLES {
        bench.write(&format!("{sample}.fa"), text(sample));
    }
    let files = TAR_SAMPLES.map(|sample| format!("{sample}.fa"));
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let create = |args: &[&str]| {
        bench
            // How a file was packed is kept otherwise.
            .succeed(&[&["create", "--fold", "-s", "500", "-b", "2"], args].concat())
            .0
    };
    let expected = create(&files);
    let data = tar_of_samples();
    for (name, data) in [
        ("x.tar", data.clone()),
        ("x.tar.gz", gzip(&data)),
        ("x.tgz", bgzf(&data)),
        ("x.tar.zst", pzstd(&data)),
        ("x.tar.xz", xz(&data)),
        ("no-suffix", bzip2(&data)),
    ] {
        bench.write(name, &data);
        for threads in ["1", "4"] {
            assert!(create(&["-t", threads, name]) == expected, "{name}");
            assert!(
                create(&["-t", threads, "--skip-bad-files", name]) == expected,
                "{name}"
            );
        }
        let mut command = bench.command(&["create", "--fold", "-s", "500", "-b", "2", "-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&data).unwrap();
        assert!(child.output_in_time().stdout == expected, "{name}");

        bench.write("e.fa", text("e"));
        let exact = ["create", "-s", "500", "--lossless", "-o", "y.agc", "e.fa", name];
        bench.succeed(&exact);
        bench.succeed(&["create", "-s", "500", "-o", "e.agc", "e.fa"]);
        bench.succeed(&["append", "-o", "z.agc", "e.agc", name]);
        for sample in TAR_SAMPLES {
            let (file, _) = bench.succeed(&["getset", "--exact", "y.agc", sample]);
            assert_eq!(String::from_utf8(file).unwrap(), text(sample), "{name}");
            assert_eq!(bench.sample("z.agc", sample), normal(&text(sample)), "{name}");
        }
    }
}

#[test]
fn the_reference_may_come_out_of_a_tar_archive() {
    let bench = Bench::new();
    let text = |name: &str| fs::read(golden_fasta(&format!("{name}.fa"))).unwrap();
    bench.write("ref.fa", text("ref"));
    bench.write("x.tar", gzip(&tar(&[("d/a.fa", text("a")), ("b.fa", text("b"))])));
    for (reference, sample) in [
        ("x.tar", "a"),
        ("./x.tar", "a"),
        ("x.tar:b.fa", "b"),
        ("b", "b"),
        ("ref.fa", "ref"),
    ] {
        let create = [
            "create",
            "-o",
            "x.agc",
            "--reference",
            reference,
            "ref.fa",
            "x.tar",
        ];
        bench.succeed(&create);
        let (listed, _) = bench.succeed(&["listref", "x.agc"]);
        assert_eq!(
            String::from_utf8(listed).unwrap().trim_end(),
            sample,
            "{reference}"
        );
    }
    bench.fail(
        2,
        &["create", "-o", "x.agc", "--reference", "y.tar", "ref.fa", "x.tar"],
    );
}

/// A tar archive that holds one thing without content.
fn tar_of_kind(path: &str, kind: tar::EntryType, link: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(0);
    builder.append_link(&mut header, path, link).unwrap();
    builder.into_inner().unwrap()
}

#[test]
fn nothing_in_or_behind_a_tar_archive_is_lost_in_silence() {
    let bench = Bench::new();
    let text = |name: &str| fs::read(golden_fasta(&format!("{name}.fa"))).unwrap();
    bench.write("ref.fa", text("ref"));
    let [a, b, c] = ["a", "b", "c"].map(|name| tar(&[(&format!("{name}.fa")[..], text(name))]));
    let link = tar_of_kind("l.fa", tar::EntryType::Link, "a.fa");
    let symlink = tar_of_kind("m.fa", tar::EntryType::Symlink, "a.fa");
    let links = "2 links in its tar archive are passed over, the first is l.fa";
    // As `cat` leaves them, in blocks of ten kilobytes or not.
    let three = [&a[..], &[0; 10_240], &b, &c].concat();
    let trailing = "13 bytes behind the end of its tar archive belong to nothing";
    let junk = b"some 13 bytes";
    for (data, samples, told) in [
        (three.clone(), "a\nb\nc\nref\n", ""),
        (gzip(&three), "a\nb\nc\nref\n", ""),
        ([gzip(&a), zstd(&b), xz(&c)].concat(), "a\nb\nc\nref\n", ""),
        ([&a[..], &link, &symlink, &b].concat(), "a\nb\nref\n", links),
        ([&a[..], junk].concat(), "a\nref\n", trailing),
        ([&gzip(&a)[..], junk].concat(), "a\nref\n", trailing),
        (gzip(&[&a[..], &[0; 512], junk].concat()), "a\nref\n", trailing),
    ] {
        bench.write("x.tar", data);
        for threads in ["1", "4"] {
            let create = ["create", "-t", threads, "-o", "x.agc", "ref.fa", "x.tar"];
            let (_, stderr) = bench.succeed(&create);
            let (listed, _) = bench.succeed(&["listset", "x.agc"]);
            assert_eq!(String::from_utf8(listed).unwrap(), samples);
            assert_eq!(
                stderr.matches("warning").count(),
                usize::from(!told.is_empty()),
                "{stderr}"
            );
            assert!(stderr.contains(told), "{stderr}");
            for sample in ["a", "b", "c"].into_iter().filter(|name| samples.contains(name)) {
                let (file, _) = bench.succeed(&["getset", "--exact", "x.agc", sample]);
                assert!(file == text(sample), "{sample}");
            }
        }
    }
    // A second archive that is cut short or damaged is no bytes that belong to nothing.
    let mut damaged = [&a[..], &b, &c].concat();
    bench.write("x.tar", &damaged[..a.len() + b.len() - 1500]);
    let message = bench.fail(1, &["create", "-o", "y.agc", "ref.fa", "x.tar"]);
    assert!(
        message.contains("x.tar: the tar archive is cut short"),
        "{message}"
    );
    // Nor does it matter that all files come before the cut.
    let mut cut = gzip(&a);
    cut.truncate(cut.len() - 5);
    let bgzf = bgzf(&a);
    for (data, what) in [
        (&cut[..], "unexpected end of file"),
        (&bgzf[..bgzf.len() - 28], "the empty block"),
    ] {
        bench.write("x.tar", data);
        let message = bench.fail(1, &["create", "-o", "y.agc", "ref.fa", "x.tar"]);
        assert!(
            message.contains("the compressed data are cut short") && message.contains(what),
            "{message}"
        );
    }
    damaged.truncate(a.len());
    let rest = tar_of_kind("b.fa", tar::EntryType::new(b'M'), "x");
    bench.write("x.tar", [damaged, rest].concat());
    let message = bench.fail(1, &["create", "-o", "y.agc", "ref.fa", "x.tar"]);
    assert!(
        message.contains("b.fa: the rest of a file that begins in another volume"),
        "{message}"
    );
}

#[test]
fn what_macos_keeps_beside_files_is_passed_over() {
    let bench = Bench::new();
    let text = fs::read(golden_fasta("a.fa")).unwrap();
    let apple_double = [&[0, 5, 0x16, 7][..], &[0; 200]].concat();
    bench.write(
        "x.tar",
        tar(&[
            ("._d", apple_double.clone()),
            ("d/.DS_Store", b"\0\0\0\x01Bud1\0".to_vec()),
            ("d/._a.fa", apple_double.clone()),
            ("d/a.fa", text.clone()),
            ("d/._b.fa", text.clone()),
        ]),
    );
    let (_, stderr) = bench.succeed(&["create", "-o", "x.agc", "x.tar"]);
    assert!(!stderr.contains("warning"), "{stderr}");
    assert_eq!(bench.succeed(&["listset", "x.agc"]).0, b"._b\na\n");
    assert!(bench.succeed(&["getset", "--exact", "x.agc", "a"]).0 == text);
    bench.write("y.tar", tar(&[("._a.fa", apple_double)]));
    let message = bench.fail(1, &["create", "-o", "y.agc", "y.tar"]);
    assert!(
        message.contains("y.tar: there is no file in this tar archive"),
        "{message}"
    );
}

#[test]
fn tar_archives_that_cannot_be_stored_are_refused_by_name() {
    let bench = Bench::new();
    let good = fs::read(golden_fasta("a.fa")).unwrap();
    bench.write("ref.fa", fs::read(golden_fasta("ref.fa")).unwrap());
    let whole = tar(&[("a.fa", good.clone()), ("b.fa", good.clone())]);
    let cut = 512 + good.len().next_multiple_of(512);
    let mut damaged = whole.clone();
    damaged[cut + 150] ^= 1;
    let readme = tar(&[("d/a.fa", good.clone()), ("d/README.md", b"hello\n".to_vec())]);
    let twice = tar(&[("a.fa", good.clone()), ("d/a.fa", good.clone())]);
    for (data, expected) in [
        (readme, "x.tar:d/README.md: line 1: not FASTA"),
        (twice, "x.tar:d/a.fa: sample \"a\" is already taken by x.tar:a.fa"),
        (
            tar(&[("a.fa", whole.clone())]),
            "x.tar:a.fa: line 1: this looks like a tar archive",
        ),
        (whole[..cut].to_vec(), "x.tar: the tar archive is cut short"),
        (
            whole[..cut + 1000].to_vec(),
            "x.tar: the tar archive is cut short",
        ),
        (whole[..cut - 600].to_vec(), "x.tar: the tar archive is cut short"),
        (damaged, "x.tar: the tar archive is damaged"),
        (gzip(&whole[..cut]), "x.tar: the tar archive is cut short"),
        (
            gzip(&whole)[..5000].to_vec(),
            "x.tar: the compressed data are cut short",
        ),
    ] {
        bench.write("x.tar", data);
        for files in [["x.tar", "ref.fa"], ["ref.fa", "x.tar"]] {
            let message = bench.fail(1, &[&["create", "-o", "x.agc"], &files[..]].concat());
            assert!(
                message.starts_with(&format!("ragc: error: {expected}")),
                "{expected}: {message}"
            );
        }
    }
    // Bad ones are left out, and only they.
    bench.write(
        "x.tar",
        tar(&[
            ("a.fa", good.clone()),
            ("README", b"hello\n".to_vec()),
            ("b.fa", good),
        ]),
    );
    bench.write("y.tar", &whole[..cut]);
    let output = bench.run(&[
        "create",
        "-o",
        "x.agc",
        "--skip-bad-files",
        "ref.fa",
        "x.tar",
        "y.tar",
    ]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("skipped: x.tar:README: ") && stderr.contains("skipped: y.tar: the tar"),
        "{stderr}"
    );
    assert_eq!(bench.succeed(&["listset", "x.agc"]).0, b"a\nb\nref\n");
    let message = bench.fail(1, &["create", "-o", "x.tar", "ref.fa", "x.tar"]);
    assert!(message.contains("x.tar: this is an input file"), "{message}");
}
