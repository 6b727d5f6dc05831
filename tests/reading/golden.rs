//! Archives of the reference implementation come out as it extracts them.

use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::ops::Range;
use std::process::{Command, Output};

use ragc_core::Archive;
use ragc_core::extract::{ContigId, Spelling};
use ragc_core::internals::bytes::Cursor;
use ragc_core::internals::file_info::FormatVersion;
use ragc_core::internals::zstd;
use sha2::{Digest, Sha256};

use crate::bench::deadline::RunInTime;
use crate::bench::golden::{golden, golden_archive};

/// Runs ragc among the archives.
fn ragc(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command.args(args).current_dir(golden_archive(""));
    command.output_in_time()
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
        archives.len() == 33 && rows.len() == 944,
        "the list of archives is cut"
    );
    for name in archives {
        let opened = Archive::open(golden_archive(name)).unwrap();
        let mut whole = Vec::new();
        let samples = opened.samples().unwrap();
        for place in opened.samples_in_output_order().unwrap() {
            let sample = samples.get(place).unwrap();
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
        let mut stdout = output.stdout.as_slice();
        if args.starts_with("info") {
            // agc tells no more.
            stdout = &stdout[..expected.len()];
        }
        assert_eq!(
            String::from_utf8_lossy(stdout),
            String::from_utf8_lossy(&expected),
            "{args}"
        );
        let n_lines = String::from_utf8_lossy(&output.stderr).lines().count();
        assert_eq!(n_lines, usize::from(fails), "{args}");
    }
    assert_eq!(n_queries, 17);
}

/// Every archive of the folder, whether listed or not.
fn all_archives() -> Vec<(String, Archive)> {
    let entries = fs::read_dir(golden_archive("")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert!(names.len() >= 34);
    let open = |name: String| {
        let opened = Archive::open(golden_archive(&name)).unwrap();
        (name, opened)
    };
    names.into_iter().map(open).collect()
}

/// Numbers that look random and are the same in every run (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ z >> 31) % limit
    }
}

/// Ranges of a contig: some anywhere, some that begin or end at a border between segments or just beside it, and some
/// that reach past the end.
fn ranges(opened: &Archive, id: ContigId, len: u64, dice: &mut Dice) -> Vec<Range<u64>> {
    let mut ranges = vec![
        0..0,
        0..1,
        len.saturating_sub(1)..len + 1,
        len..len + 9,
        0..u64::MAX,
    ];
    let mut any = |ranges: &mut Vec<Range<u64>>| {
        let from = dice.below(len + 1);
        ranges.push(from..from + dice.below(2000));
    };
    (0..6).for_each(|_| any(&mut ranges));
    let k = u64::from(opened.params().k);
    let mut border = 0;
    for (_, segment_len) in opened.contig_segments(id).unwrap() {
        border += segment_len - if border > 0 { k } else { 0 };
        let near = (border + dice.below(5)).saturating_sub(2);
        ranges.push(near.saturating_sub(dice.below(90))..near + dice.below(90));
        ranges.push(border.saturating_sub(dice.below(3 * k))..border);
        ranges.push(border..border + dice.below(3 * k));
    }
    ranges
}

#[test]
fn regions_and_lengths_of_all_archives_agree_with_whole_contigs() {
    let mut dice = Dice(20_261_121);
    let mut n_ranges = 0;
    for (name, opened) in all_archives() {
        for (sample, sample_name) in opened.samples().unwrap().iter().enumerate() {
            for contig in 0..opened.contigs(sample_name).unwrap().len() {
                let id = ContigId { sample, contig };
                let whole = opened.contig_codes(id).unwrap();
                let len = whole.len() as u64;
                assert_eq!(opened.contig_len_of(id).unwrap(), len, "{name} {id:?}");
                for range in ranges(&opened, id, len, &mut dice) {
                    let expected = &whole[range.start.min(len) as usize..range.end.min(len) as usize];
                    let codes = opened.region_codes(id, range.clone()).unwrap();
                    assert!(codes == expected, "{name} {id:?} {range:?}");
                    n_ranges += 1;
                }
            }
        }
    }
    assert!(n_ranges > 20_000, "{n_ranges}");
}

#[test]
fn a_contig_is_read_as_it_is_fetched() {
    for (name, opened) in all_archives() {
        for (sample, sample_name) in opened.samples().unwrap().iter().enumerate() {
            let id = ContigId { sample, contig: 0 };
            let mut codes = Vec::new();
            opened
                .read_codes(id, 5..3000)
                .unwrap()
                .read_to_end(&mut codes)
                .unwrap();
            assert_eq!(
                codes,
                opened.region_codes(id, 5..3000).unwrap(),
                "{name} {sample}"
            );
            let mut letters = Vec::new();
            let mut reader = opened.read_letters(id, 0..u64::MAX, Spelling::default()).unwrap();
            assert_eq!(reader.remaining(), opened.contig_len_of(id).unwrap());
            reader.read_to_end(&mut letters).unwrap();
            assert_eq!(reader.remaining(), 0);
            let contig = opened.contig_name(id).unwrap();
            assert_eq!(
                letters,
                opened.contig(sample_name, contig).unwrap(),
                "{name} {sample}"
            );
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
    let opened = Archive::open(golden_archive("tiny.agc")).unwrap();
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
    use ragc_core::internals::container::names;
    use ragc_core::internals::splitter_streams::{
        NO_SPLITTER, SegmentKey, decode_segment_keys, decode_splitters,
    };

    let opened = Archive::open(golden_archive("tiny.agc")).unwrap();
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
    let part = opened.container().read_only_part(names::SPLITTERS).unwrap();
    let [x, y, z] = [
        0x2A61_7D8F_4000_0000,
        0x84AC_420A_0000_0000,
        0xB5E2_6C3B_0000_0000,
    ];
    assert_eq!(
        decode_splitters(part.metadata, part.payload()).unwrap(),
        [x, y, z]
    );
    let part = opened
        .container()
        .read_only_part(names::SEGMENT_SPLITTERS)
        .unwrap();
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
    use ragc_core::internals::collection::{
        ContigDesc, SampleDesc, decode_contig_names, decode_details, decode_samples, encode_contig_names,
        encode_details, encode_samples,
    };
    use ragc_core::internals::container::names;

    for (path, opened) in all_archives() {
        if opened.version() != FormatVersion::V3 {
            continue;
        }
        let archive = opened.container();
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
            let sample = |sample| {
                let names = contig_names.contigs(sample).unwrap();
                let contig = |contig| ContigDesc {
                    name: names.name(contig).to_vec(),
                    segments: segments.segments(sample, contig).to_vec(),
                };
                SampleDesc {
                    name: Vec::new(),
                    contigs: (0..segments.n_contigs(sample)).map(contig).collect(),
                }
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
