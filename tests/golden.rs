//! Archives of the reference implementation come out as it extracts them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ragc_core::bytes::Cursor;
use ragc_core::extract::ContigId;
use ragc_core::{Decompressor, zstd};
use sha2::{Digest, Sha256};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden")
}

fn archive(name: &str) -> PathBuf {
    golden().join("archives").join(name)
}

/// Runs ragc among the archives.
fn ragc(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command.args(args).current_dir(golden().join("archives"));
    command.output().unwrap()
}

/// Rows of `expected.tsv`: archive, sample, number of contigs, bytes and digest of the sample as FASTA.
fn expected() -> Vec<[String; 5]> {
    let text = fs::read_to_string(golden().join("expected.tsv")).unwrap();
    let row = |line: &str| -> [String; 5] {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        fields.try_into().unwrap()
    };
    text.lines().skip(1).map(row).collect()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

#[test]
fn every_sample_of_every_archive_has_its_digest_one_by_one_and_together() {
    let rows = expected();
    let mut archives: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    archives.dedup();
    assert!(
        archives.len() > 15 && rows.len() > 300,
        "the list of archives is cut"
    );
    for name in archives {
        let opened = Decompressor::open(archive(name)).unwrap();
        let mut whole = Vec::new();
        let samples = opened.samples().unwrap();
        for sample in samples.iter() {
            let mut text = Vec::new();
            opened.write_sample(sample, &mut text, 80).unwrap();
            let sample = std::str::from_utf8(sample).unwrap();
            let row = rows.iter().find(|row| row[0] == name && row[1] == sample);
            let [_, _, n_contigs, n_bytes, sha256] =
                row.unwrap_or_else(|| panic!("{name} {sample} is not listed"));
            assert_eq!(
                opened.contigs(sample).unwrap().len().to_string(),
                *n_contigs,
                "{name} {sample}"
            );
            assert_eq!(text.len().to_string(), *n_bytes, "{name} {sample}");
            assert_eq!(digest(&text), *sha256, "{name} {sample}");
            whole.append(&mut text);
        }
        assert_eq!(
            samples.len(),
            rows.iter().filter(|row| row[0] == name).count(),
            "{name}"
        );
        for threads in ["1", "3"] {
            let output = ragc(&["getcol", "-t", threads, name]);
            assert!(output.status.success());
            assert!(output.stdout == whole, "getcol -t {threads} {name}");
        }
    }
}

#[test]
fn every_query_prints_what_agc_prints() {
    let folder = golden().join("queries");
    let mut n_queries = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "args") {
            continue;
        }
        n_queries += 1;
        let args = fs::read_to_string(&path).unwrap();
        let output = ragc(&args.split_whitespace().collect::<Vec<_>>());
        let mut expected = fs::read(path.with_extension("out")).unwrap();
        let fails = args.contains("nosuch") || args.contains("chr1\n");
        if args.starts_with("info") {
            expected = fs::read(path.with_extension("err")).unwrap();
        }
        assert_eq!(output.status.code(), Some(i32::from(fails)), "{args}");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&expected),
            "{args}"
        );
        let n_lines = String::from_utf8_lossy(&output.stderr).lines().count();
        assert_eq!(n_lines, usize::from(fails), "{args}");
    }
    assert_eq!(n_queries, 17);
}

#[test]
fn regions_and_lengths_agree_with_whole_contigs() {
    let names = [
        "tiny.agc",
        "v3_s100.agc",
        "v3_two.agc",
        "old_v3.2.1_append_trap13.agc",
        "v3_k32_l32.agc",
    ];
    for name in names {
        let opened = Decompressor::open(archive(name)).unwrap();
        for (sample, sample_name) in opened.samples().unwrap().iter().enumerate() {
            for contig in 0..opened.contigs(sample_name).unwrap().len() {
                let id = ContigId { sample, contig };
                let whole = opened.contig_codes(id).unwrap();
                let len = whole.len() as u64;
                assert_eq!(opened.contig_len_of(id).unwrap(), len, "{name} {id:?}");
                // Positions that fall on borders and into the middle of segments, without chance.
                for step in [97, 1013] {
                    for from in (0..len + step).step_by(1 + len as usize / 7) {
                        let expected = &whole[from.min(len) as usize..(from + step).min(len) as usize];
                        assert_eq!(
                            opened.region_codes(id, from..from + step).unwrap(),
                            expected,
                            "{name} {id:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_test_vector_decodes_to_its_contigs() {
    const R: &str = "GACAGGTACAAGAAGGAGTATGCATCAATGTGGTCGTGTGGAACAAACGCCACTGGAGACTGGGTTAACCATTCG\
                     CTCCAGCGTCATGAAAGTCACTGTTAGGGCGACCTTCGATTCGGATGTGACATTTCATTACATTACGCTCAGGAC";
    let reverse: String = R
        .chars()
        .rev()
        .map(|base| match base {
            'A' => 'T',
            'C' => 'G',
            'G' => 'C',
            _ => 'A',
        })
        .collect();
    let changed = |changes: &[(usize, char)]| {
        let mut bases: Vec<char> = R.chars().collect();
        for (place, base) in changes {
            bases[*place] = *base;
        }
        bases
    };
    let mut s: String = changed(&[(60, 'A')]).into_iter().collect();
    s.insert_str(90, "NNNNNNN");
    let deleted = |changes: &[(usize, char)]| -> String {
        let bases = changed(changes);
        bases[..100].iter().chain(&bases[103..]).collect()
    };
    let u = deleted(&[(40, 'T'), (44, 'C'), (80, 'T')]);
    let u9 = deleted(&[(40, 'T'), (44, 'C'), (80, 'T'), (30, 'A')]);
    let contigs = [
        ("r", "chr1 demo", R),
        ("s", "chr1 demo", &s),
        ("s", "tiny", "ACGTN"),
        ("t", "chr1 demo", &reverse),
        ("t", "chr2 demo", &R[..70]),
        ("u", "chr1 demo", &u),
        ("u", "chr9 other", &u9),
    ];
    let opened = Decompressor::open(archive("tiny.agc")).unwrap();
    assert_eq!(opened.reference_sample().unwrap(), b"r");
    for (sample, contig, sequence) in contigs {
        let found = opened.contig(sample, contig).unwrap();
        assert_eq!(String::from_utf8(found).unwrap(), sequence, "{sample} {contig}");
    }
    let n_contigs: usize = ["r", "s", "t", "u"]
        .iter()
        .map(|sample| opened.contigs(sample).unwrap().len())
        .sum();
    assert_eq!(n_contigs, contigs.len());
}

#[test]
fn the_test_vector_decodes_to_its_small_streams() {
    use ragc_core::archive::names;
    use ragc_core::splitter_streams::{NO_SPLITTER, SegmentKey, decode_segment_keys, decode_splitters};

    let opened = Decompressor::open(archive("tiny.agc")).unwrap();
    let params = opened.params();
    assert_eq!(
        (
            params.k,
            params.min_match_len,
            params.pack_cardinality,
            params.segment_size
        ),
        (17, 15, 50, 100)
    );
    assert_eq!(opened.file_info().get("producer"), Some(&b"agc"[..]));
    let part = opened.archive().read_only_part(names::SPLITTERS).unwrap();
    let [x, y, z] = [
        0x2A61_7D8F_4000_0000,
        0x84AC_420A_0000_0000,
        0xB5E2_6C3B_0000_0000,
    ];
    assert_eq!(
        decode_splitters(part.metadata, part.payload()).unwrap(),
        [x, y, z]
    );
    let part = opened.archive().read_only_part(names::SEGMENT_SPLITTERS).unwrap();
    let keys = [
        (x, y, 17),
        (x, z, 18),
        (NO_SPLITTER, y, 16),
        (NO_SPLITTER, z, 19),
        (NO_SPLITTER, NO_SPLITTER, 0),
    ];
    let keys = keys.map(|(a, b, group)| SegmentKey { a, b, group });
    assert_eq!(decode_segment_keys(part.metadata, part.payload()).unwrap(), keys);
}

#[test]
fn every_collection_is_written_as_it_was_read() {
    use ragc_core::archive::names;
    use ragc_core::collection::{
        ContigDesc, SampleDesc, decode_contig_names, decode_details, decode_samples, encode_contig_names,
        encode_details, encode_samples,
    };

    for entry in fs::read_dir(golden().join("archives")).unwrap() {
        let path = entry.unwrap().path();
        let opened = Decompressor::open(&path).unwrap();
        let archive = opened.archive();
        let predicted_len = opened.params().predicted_len();
        let part = archive.read_only_part(names::COLLECTION_SAMPLES).unwrap();
        let samples = decode_samples(part.metadata, part.payload()).unwrap();
        let samples: Vec<&[u8]> = samples.iter().collect();
        let encoded = encode_samples(&samples).unwrap();
        assert_eq!(
            unpacked(&encoded),
            unpacked(&(part.metadata, part.payload().to_vec())),
            "{path:?}"
        );
        let streams =
            [names::COLLECTION_CONTIGS, names::COLLECTION_DETAILS].map(|name| archive.stream(name).unwrap());
        for i in 0..archive.n_parts(streams[0]) {
            let [contigs, details] = streams.map(|stream| archive.read_part(stream, i).unwrap());
            let contig_names = decode_contig_names(contigs.metadata, contigs.payload()).unwrap();
            let segments = decode_details(details.payload(), predicted_len).unwrap();
            let contig = |sample, contig| ContigDesc {
                name: contig_names.name(sample, contig).to_vec(),
                segments: segments.segments(sample, contig).to_vec(),
            };
            let sample = |sample| SampleDesc {
                name: Vec::new(),
                contigs: (0..segments.n_contigs(sample))
                    .map(|i| contig(sample, i))
                    .collect(),
            };
            let batch: Vec<SampleDesc> = (0..segments.n_samples()).map(sample).collect();
            let encoded = encode_details(&batch, predicted_len).unwrap();
            assert_eq!(
                columns(&encoded),
                columns(details.payload()),
                "{path:?} details {i}"
            );
            let encoded = encode_contig_names(&batch).unwrap();
            let stored = (contigs.metadata, contigs.payload().to_vec());
            assert_eq!(unpacked(&encoded), unpacked(&stored), "{path:?} contigs {i}");
        }
    }
}

/// What a frame holds. The frames themselves differ between releases of zstd.
fn unpacked((raw_len, frame): &(u64, Vec<u8>)) -> Vec<u8> {
    zstd::decompress(frame, *raw_len).unwrap()
}

/// What the five frames of segment descriptors hold.
fn columns(payload: &[u8]) -> Vec<Vec<u8>> {
    let mut cursor = Cursor::new(payload, "details");
    let sizes: Vec<u32> = (0..10).map(|_| cursor.prefix_int().unwrap()).collect();
    let columns = sizes.chunks(2).map(|size| {
        let frame = cursor.take(size[1].into()).unwrap().to_vec();
        unpacked(&(size[0].into(), frame))
    });
    columns.collect()
}
