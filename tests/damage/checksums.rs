//! Checksums: stored by default, kept and continued by `append`, and no flipped bit passes them.

use std::fs;

use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};
use ragc_core::Archive;
use ragc_core::internals::container::names;
use ragc_core::internals::sequence_sums::SumEntry;

/// A folder with files `a.fa`, `b.fa` … of one contig each.
fn files_of(lens: &[usize]) -> Bench {
    let bench = Bench::new();
    let mut state = 1u32;
    for (name, len) in ('a'..).zip(lens) {
        let bases: String = (0..*len)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from(b"ACGT"[(state >> 30) as usize])
            })
            .collect();
        bench.write(&format!("{name}.fa"), format!(">chr\n{bases}\n"));
    }
    bench
}

fn entries(bench: &Bench, archive: &str) -> Vec<SumEntry> {
    let archive = Archive::open(bench.path(archive)).unwrap();
    let sums = archive.sequence_sums().unwrap();
    sums.map_or_else(Vec::new, |sums| sums.entries().to_vec())
}

#[test]
fn archives_have_checksums_unless_they_are_not_wanted() {
    let bench = files_of(&[3000, 2000]);
    bench.succeed(&["create", "-o", "with.agc", "a.fa", "b.fa"]);
    bench.succeed(&["create", "--no-checksums", "-o", "without.agc", "a.fa", "b.fa"]);
    let [with, without] = ["with.agc", "without.agc"].map(|name| Archive::open(bench.path(name)).unwrap());
    assert!(with.container().has_sums() && !without.container().has_sums());
    // Nothing else differs.
    let streams = |archive: &Archive| {
        let footer = archive.container().footer();
        footer
            .streams()
            .map(|stream| footer.name(stream).to_vec())
            .collect::<Vec<_>>()
    };
    let own = [names::SEQUENCE_SUMS, names::SUMS];
    let mut others = streams(&with);
    others.retain(|name| !own.iter().any(|own| own.as_bytes() == name));
    assert_eq!(others, streams(&without));
    let text = normal(&fs::read_to_string(bench.path("b.fa")).unwrap());
    assert_eq!(bench.sample("with.agc", "b"), text);
    assert_eq!(bench.sample("without.agc", "b"), text);
}

#[test]
fn checksums_are_those_of_the_symbols() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTN\nacgt-\n>y\n>z\nRYU\n");
    bench.succeed(&["create", "-o", "a.agc", "a.fa"]);
    let crc = crc32fast::hash(&[0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 15]);
    assert_eq!(
        entries(&bench, "a.agc"),
        [SumEntry::Samples { n_samples: 1, crc }]
    );
}

#[test]
fn short_samples_that_come_one_by_one_share_a_checksum() {
    let bench = files_of(&[3000, 2000, 1 << 19, 1 << 19]);
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa", "c.fa", "d.fa"]);
    bench.succeed(&["create", "-o", "y.agc", "a.fa"]);
    for file in ["b.fa", "c.fa", "d.fa"] {
        bench.succeed(&["append", "-o", "y.agc", "y.agc", file]);
    }
    let at_once = entries(&bench, "x.agc");
    assert!(matches!(at_once[..], [SumEntry::Samples { n_samples: 3, .. }, _]));
    assert_eq!(entries(&bench, "y.agc"), at_once);
    bench.succeed(&["verify", "y.agc"]);
}

#[test]
fn append_goes_on_with_the_checksums() {
    let bench = files_of(&[3000, 2000, 1 << 20, 2000]);
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa"]);
    let first = entries(&bench, "x.agc");
    assert!(matches!(first[..], [SumEntry::Samples { n_samples: 2, .. }]));
    bench.succeed(&["append", "-o", "y.agc", "x.agc", "c.fa", "d.fa"]);
    let second = entries(&bench, "y.agc");
    assert_eq!(second[0], first[0]);
    assert!(matches!(&second[1], SumEntry::Contigs(runs) if runs.len() == 1 && runs[0].n_contigs == 1));
    assert!(matches!(second[2], SumEntry::Samples { n_samples: 1, .. }));
    assert!(Archive::open(bench.path("y.agc")).unwrap().container().has_sums());
    // Samples that came without are marked.
    bench.succeed(&["append", "--no-checksums", "-o", "z.agc", "x.agc", "c.fa"]);
    assert!(!Archive::open(bench.path("z.agc")).unwrap().container().has_sums());
    bench.succeed(&["append", "-o", "z.agc", "z.agc", "d.fa"]);
    assert_eq!(
        entries(&bench, "z.agc"),
        [SumEntry::Unknown(3), second[2].clone()]
    );
}

#[test]
fn every_damaged_byte_of_a_small_archive_is_an_error() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("a.fa")).unwrap();
    bench.write("a.fa", &text[..text.len().min(3000)]);
    bench.write(
        "b.fa",
        format!("{}\n>more\nACGTNNNNNNACGTRYACGT\n", &text[..2500].trim_end()),
    );
    bench.succeed(&["create", "-s", "300", "-b", "2", "-o", "x.agc", "a.fa", "b.fa"]);
    let bytes = fs::read(bench.path("x.agc")).unwrap();
    read_everything(bytes.clone()).unwrap();
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1 << (place % 8);
        let error = read_everything(damaged).unwrap_err().to_string();
        assert!(!error.is_empty());
        if place % 64 == 0 {
            assert!(read_everything(bytes[..place].to_vec()).is_err());
        }
    }
}

/// Reads every part: what is in them is not looked at.
fn read_everything(bytes: Vec<u8>) -> ragc_core::Result<()> {
    let archive = Archive::from_reader(bytes)?;
    let archive = archive.container();
    for stream in archive.footer().streams() {
        for part in 0..archive.n_parts(stream) {
            archive.read_part(stream, part)?;
        }
    }
    Ok(())
}

/// Damages the reference of group 17 of `x.agc` so that it cannot be decoded.
fn damage_a_reference(bench: &Bench) {
    let mut bytes = fs::read(bench.path("x.agc")).unwrap();
    let place = {
        let archive = Archive::open(bench.path("x.agc")).unwrap();
        let archive = archive.container();
        let stream = archive.stream(&names::reference_stream(17)).unwrap();
        archive.footer().parts(stream)[0].offset as usize
    };
    bytes[place..place + 100].fill(0);
    bench.write("x.agc", bytes);
}

#[test]
fn append_refuses_to_copy_what_is_damaged() {
    let bench = files_of(&[30_000, 30_000, 1000]);
    bench.succeed(&["create", "-s", "10000", "-o", "x.agc", "a.fa", "b.fa"]);
    damage_a_reference(&bench);
    let message = bench.fail(1, &["append", "-o", "y.agc", "x.agc", "c.fa"]);
    assert!(
        message.contains("stream xHr part 0: damaged archive: the part has checksum "),
        "{message}"
    );
}

/// Whatever `verify` refuses is not gone on from, though nothing needs the damaged part for it.
#[test]
fn nothing_goes_on_from_a_damaged_archive() {
    nothing_goes_on(&["create", "-s", "10000", "-o"]);
}

#[test]
fn nothing_goes_on_from_a_damaged_archive_without_checksums() {
    nothing_goes_on(&["create", "--no-checksums", "-s", "10000", "-o"]);
}

fn nothing_goes_on(create: &[&str]) {
    let bench = files_of(&[30_000, 30_000, 1000]);
    bench.write("b2/b.fa", ">chr\nACGTACGTTG\n");
    bench.succeed(&[create, &["x.agc", "a.fa", "b.fa"]].concat());
    bench.succeed(&[create, &["z.agc", "a.fa", "c.fa"]].concat());
    damage_a_reference(&bench);
    assert_eq!(bench.run(&["verify", "x.agc"]).status.code(), Some(1));
    let before = fs::read(bench.path("x.agc")).unwrap();
    let files = bench.files();
    for change in [
        &["append", "-o", "y.agc", "x.agc", "c.fa"][..],
        &["append", "-o", "x.agc", "x.agc", "c.fa"],
        &["append", "--in-place", "x.agc", "c.fa"],
        &["append", "--rewrite", "-o", "x.agc", "x.agc", "c.fa"],
        &["remove", "-o", "y.agc", "x.agc", "b"],
        &["remove", "x.agc", "b"],
        &["rename", "-o", "y.agc", "x.agc", "b=c"],
        &["rename", "--in-place", "x.agc", "b=c"],
        &["subset", "-o", "y.agc", "x.agc", "a"],
        &["repack", "-o", "y.agc", "x.agc"],
        &["repack", "--no-checksums", "-o", "y.agc", "x.agc"],
        &["repack", "--streamable", "-o", "y.agc", "x.agc"],
        &["replace", "-o", "y.agc", "x.agc", "b2/b.fa"],
        &["merge", "-o", "y.agc", "x.agc", "z.agc"],
        &["merge", "-o", "y.agc", "z.agc", "x.agc"],
        &["merge", "--recompress", "-o", "y.agc", "z.agc", "x.agc"],
        &["sync", "x.agc", "a.fa", "b.fa", "c.fa"],
        &["sync", "--rewrite", "x.agc", "a.fa", "b2/b.fa"],
    ] {
        let message = bench.fail(1, change);
        assert!(
            message.starts_with("ragc: error: x.agc: stream xHr part 0: ") && message.lines().count() == 1,
            "{change:?}: {message}"
        );
        assert_eq!(bench.files(), files, "{change:?}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == before, "{change:?}");
    }
}
