//! Archives that no reference implementation writes, made here part by part: legal oddities and broken rules.

use ragc_core::Params;
use ragc_core::internals::collection::{
    ContigDesc, SampleDesc, SegmentDesc, encode_contig_names, encode_details, encode_samples,
};
use ragc_core::internals::container::{ContainerWriter, names};
use ragc_core::internals::file_info::FileInfo;
use ragc_core::internals::zstd::Compressor;
use ragc_core::{Archive, ErrorKind};

const PARAMS: Params = Params {
    k: 4,
    min_match_len: 5,
    pack_cardinality: 2,
    segment_size: 10,
};
/// Group 0: placeholder, ACGTACGT. Group 16: reference ACGTTGCATT, delta T at its third symbol.
const RAW_PACK: &[u8] = &[0x7F, 0xFF, 0, 1, 2, 3, 0, 1, 2, 3, 0xFF];
const REFERENCE: &[u8] = &[0, 1, 2, 3, 3, 2, 1, 0, 3, 3];
const DELTA_PACK: &[u8] = b"ABD0.\xFF";

/// An archive in the making; tests change what they are about.
#[derive(Clone)]
struct Recipe {
    samples: Vec<SampleDesc>,
    parts: Vec<(String, u64, Vec<u8>)>,
    info: FileInfo,
    reverse_streams: bool,
}

fn segment(group: u32, in_group_id: u32, is_rev_comp: bool, raw_len: u32) -> SegmentDesc {
    SegmentDesc {
        group,
        in_group_id,
        is_rev_comp,
        raw_len,
    }
}

fn contig(name: &str, segments: &[SegmentDesc]) -> ContigDesc {
    ContigDesc {
        name: name.into(),
        segments: segments.to_vec(),
    }
}

fn sample(name: &str, contigs: &[ContigDesc]) -> SampleDesc {
    SampleDesc {
        name: name.into(),
        contigs: contigs.to_vec(),
    }
}

impl Recipe {
    /// One sample of one contig with these segments.
    fn of(segments: &[SegmentDesc]) -> Self {
        Self {
            samples: vec![sample("s", &[contig("c", segments)])],
            parts: vec![
                (names::delta_stream(0), 0, RAW_PACK.to_vec()),
                (names::reference_stream(16), 0, REFERENCE.to_vec()),
                (names::delta_stream(16), 0, DELTA_PACK.to_vec()),
            ],
            info: FileInfo::of_this_program(),
            reverse_streams: false,
        }
    }

    fn with_part(mut self, stream: &str, metadata: u64, payload: &[u8]) -> Self {
        self.parts.retain(|(name, ..)| name != stream);
        self.parts.push((stream.to_owned(), metadata, payload.to_vec()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut parts = Vec::new();
        let sample_names: Vec<&[u8]> = self.samples.iter().map(|sample| sample.name.as_slice()).collect();
        let (metadata, payload) = encode_samples(&sample_names).unwrap();
        parts.push((names::COLLECTION_SAMPLES.to_owned(), metadata, payload));
        for batch in self.samples.chunks(PARAMS.pack_cardinality as usize) {
            let (metadata, payload) = encode_contig_names(batch).unwrap();
            parts.push((names::COLLECTION_CONTIGS.to_owned(), metadata, payload));
            let payload = encode_details(batch, PARAMS.predicted_len()).unwrap();
            parts.push((names::COLLECTION_DETAILS.to_owned(), 0, payload));
        }
        let (metadata, payload) = self.info.encode();
        parts.push((names::FILE_INFO.to_owned(), metadata, payload));
        parts.push((names::PARAMS.to_owned(), 0, PARAMS.encode()));
        parts.extend(self.parts.iter().cloned());
        let mut writer = ContainerWriter::new(Vec::new());
        if self.reverse_streams {
            parts.iter().rev().for_each(|(name, ..)| {
                let _ = writer.register(name);
            });
            writer.register("unknown");
        }
        for (name, metadata, payload) in parts {
            let stream = writer.register(&name);
            writer.add_part(stream, metadata, &payload).unwrap();
        }
        writer.finish().unwrap()
    }

    fn open(&self) -> Archive {
        Archive::from_reader(self.bytes()).unwrap()
    }

    /// The only contig, or why it cannot be had; by whole contig, by region and as FASTA.
    fn extract(&self) -> Result<String, String> {
        let opened = self.open();
        let whole = opened.contig("s", "c").map_err(|e| e.to_string());
        let region = opened.region("s", "c", 0..u64::MAX).map_err(|e| e.to_string());
        let mut fasta = Vec::new();
        let written = opened
            .write_sample("s", &mut fasta, 1000)
            .map_err(|e| e.to_string());
        assert_eq!(whole.is_ok(), region.is_ok(), "{whole:?} {region:?}");
        assert_eq!(whole.is_ok(), written.is_ok(), "{whole:?} {written:?}");
        let text = String::from_utf8(whole?).unwrap();
        assert_eq!(region.unwrap(), text.as_bytes());
        let line = if text.is_empty() {
            String::new()
        } else {
            format!("{text}\n")
        };
        assert_eq!(fasta, format!(">c\n{line}").as_bytes());
        Ok(text)
    }
}

#[test]
fn items_of_both_kinds_come_out_in_both_orientations() {
    let cases = [
        (segment(0, 1, false, 8), "ACGTACGT"),
        (segment(0, 1, true, 8), "ACGTACGT"),
        (segment(16, 0, false, 10), "ACGTTGCATT"),
        (segment(16, 0, true, 10), "AATGCAACGT"),
        (segment(16, 1, false, 10), "ACTTTGCATT"),
    ];
    for (segment, sequence) in cases {
        assert_eq!(Recipe::of(&[segment]).extract().unwrap(), sequence);
    }
    let joined = [segment(0, 1, false, 8), segment(16, 0, false, 10)];
    assert_eq!(Recipe::of(&joined).extract().unwrap(), "ACGTACGTTGCATT");
    assert_eq!(Recipe::of(&[]).extract().unwrap(), "");
}

#[test]
fn streams_in_any_order_and_unknown_ones_are_read() {
    let mut recipe = Recipe::of(&[segment(16, 1, false, 10)]);
    recipe.reverse_streams = true;
    assert_eq!(recipe.extract().unwrap(), "ACTTTGCATT");
}

#[test]
fn lengths_coded_against_k_alone_are_repaired() {
    // Coded as fold(10, 4) = 10, read as unfold(10, 14) = 19.
    assert_eq!(
        Recipe::of(&[segment(16, 0, false, 19)]).extract().unwrap(),
        "ACGTTGCATT"
    );
    // No segment is a reference, so one is decoded to find out.
    assert_eq!(
        Recipe::of(&[segment(16, 1, false, 19)]).extract().unwrap(),
        "ACTTTGCATT"
    );
    let opened = Recipe::of(&[segment(16, 1, false, 19)]).open();
    assert_eq!(opened.contig_len("s", "c").unwrap(), 10);
    assert_eq!(opened.region("s", "c", 1..4).unwrap(), b"CTT");
}

#[test]
fn what_breaks_a_rule_is_reported_with_its_contig() {
    let cases = [
        (vec![segment(16, 0, false, 11)], "10 symbols, 11 declared"),
        (vec![segment(0, 0, false, 1)], "item 0"),
        (vec![segment(0, 2, false, 8)], "x0d"),
        (vec![segment(16, 2, false, 8)], "item 2"),
        (vec![segment(16, 3, false, 8)], "only 1 parts"),
        (vec![segment(17, 0, false, 8)], "x1Hr"),
        (vec![segment(5, 1, false, 8)], "x5d"),
        (
            vec![segment(16, 0, false, 10), segment(0, 1, false, 8)],
            "overlap",
        ),
    ];
    for (segments, why) in cases {
        let message = Recipe::of(&segments).extract().unwrap_err();
        let why = why.replace("x1Hr", "xHr");
        assert!(message.contains(&why), "{message}");
        assert!(message.contains("contig \"c\" of sample \"s\""), "{message}");
    }
    let reference = segment(16, 0, false, 10);
    let raw = segment(0, 1, false, 3);
    for recipe in [
        Recipe::of(&[reference]).with_part("xGr", 0, &[0, 1, 2, 16, 0, 0, 0, 0, 0, 0]),
        Recipe::of(&[reference]).with_part("xGr", 0, &[]),
        Recipe::of(&[reference]).with_part("xGr", 10, &[0, 1, 2]),
        Recipe::of(&[raw]).with_part("x0d", 0, &[0x7F, 0xFF, 0, 30, 0, 0xFF]),
        Recipe::of(&[raw]).with_part("x0d", 0, &[0x7F, 0xFF, 0, 1, 2]),
        Recipe::of(&[segment(16, 1, false, 10)]).with_part("xGd", 0, b"99.\xFF"),
        Recipe::of(&[segment(16, 1, false, 10)]).with_part("xGd", 0, b"0.0.0.0.\xFF"),
        // Shorter than the overlap beside another segment.
        Recipe::of(&[raw, raw]).with_part("x0d", 0, &[0x7F, 0xFF, 0, 1, 2, 0xFF]),
    ] {
        let message = recipe.extract().unwrap_err();
        assert!(
            message.contains("damaged") && message.contains("\"c\""),
            "{message}"
        );
    }
}

#[test]
fn an_error_names_the_sample_it_is_in_among_many() {
    let good = [segment(16, 0, false, 10)];
    let mut recipe = Recipe::of(&good);
    recipe.samples = (0..9)
        .map(|i| sample(&format!("s{i}"), &[contig("c", &good), contig("d", &good)]))
        .collect();
    recipe.samples[6].contigs[1].segments[0].group = 99;
    let opened = recipe.open();
    struct Ignore;
    impl ragc_core::extract::SampleSink for Ignore {
        fn letters(&mut self, _letters: &[u8]) -> ragc_core::Result<()> {
            Ok(())
        }
    }
    for n_threads in [1, 4] {
        let all: Vec<usize> = (0..9).collect();
        let spelling = ragc_core::extract::Spelling::Nucleotides;
        let error = opened
            .stream_samples(&all, spelling, n_threads, &mut Ignore)
            .unwrap_err();
        assert!(
            error.to_string().contains("contig \"d\" of sample \"s6\""),
            "{error}"
        );
    }
}

#[test]
fn batches_that_disagree_with_the_list_of_samples_are_reported() {
    let good = [segment(16, 0, false, 10)];
    let mut recipe = Recipe::of(&good);
    recipe.samples = (0..5)
        .map(|i| sample(&format!("s{i}"), &[contig("c", &good)]))
        .collect();
    assert_eq!(recipe.open().contig("s4", "c").unwrap(), b"ACGTTGCATT");
    // A list of one sample more than the batches hold: the last batch should be full, and is not.
    let (metadata, payload) = encode_samples(&["a", "b", "c", "d", "e", "f", "g"]).unwrap();
    let mut writer = ContainerWriter::new(Vec::new());
    let bytes = recipe.bytes();
    let reader = ragc_core::internals::container::ContainerReader::open(bytes).unwrap();
    for stream in reader.footer().streams() {
        let name = std::str::from_utf8(reader.footer().name(stream)).unwrap();
        let id = writer.register(name);
        for part in 0..reader.n_parts(stream) {
            let read = reader.read_part(stream, part).unwrap();
            match name {
                names::COLLECTION_SAMPLES => writer.add_part(id, metadata, &payload).unwrap(),
                _ => writer.add_part(id, read.metadata, read.payload()).unwrap(),
            }
        }
    }
    let opened = Archive::from_reader(writer.finish().unwrap()).unwrap();
    assert!(opened.contigs("a").is_ok());
    assert!(
        opened
            .contigs("e")
            .unwrap_err()
            .to_string()
            .contains("1 samples, 2 expected")
    );
    let error = opened.contigs("g").unwrap_err().to_string();
    assert!(
        error.contains("collection-contigs") && error.contains("3 parts"),
        "{error}"
    );
}

#[test]
fn later_generations_are_refused_in_words() {
    let mut recipe = Recipe::of(&[]);
    let pairs = b"file_version_major\x004\0file_version_minor\x000\0";
    recipe.info = FileInfo::decode(2, pairs).unwrap();
    let error = Archive::from_reader(recipe.bytes()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported(_)));
    assert!(error.to_string().contains("4.0"), "{error}");
}

#[test]
fn a_pack_in_a_frame_reads_like_a_plain_one() {
    let mut payload = Compressor::new().compress(DELTA_PACK, 17).unwrap().to_vec();
    payload.push(0);
    let recipe = Recipe::of(&[segment(16, 1, false, 10)]).with_part("xGd", DELTA_PACK.len() as u64, &payload);
    assert_eq!(recipe.extract().unwrap(), "ACTTTGCATT");
}

#[test]
fn queries_take_the_reading_that_exists() {
    let good = [segment(16, 0, false, 10)];
    let mut recipe = Recipe::of(&good);
    recipe.samples = vec![
        sample(
            "s",
            &[
                contig("chr1 one", &good),
                contig("chr1 two", &good),
                contig("a@b:1-2", &good),
            ],
        ),
        sample("t", &[contig("chr1 one", &good), contig("HLA:A-1", &good)]),
    ];
    let opened = recipe.open();
    let find = |query: &str| {
        opened
            .find(query)
            .map(|(found, range)| (found.sample, found.contig, range))
    };
    assert_eq!(find("chr1@s").unwrap(), (0, 0, None));
    assert_eq!(find("chr1 two@s:1-2").unwrap(), (0, 1, Some(1..=2)));
    assert_eq!(find("a@b:1-2").unwrap(), (0, 2, None));
    assert_eq!(find("a@b:1-2:3-4").unwrap(), (0, 2, Some(3..=4)));
    assert_eq!(find("HLA:A-1").unwrap(), (1, 1, None));
    assert_eq!(find("chr1 two").unwrap(), (0, 1, None));
    assert_eq!(find("HLA:A-1 gone").unwrap(), (1, 1, None));
    assert!(matches!(
        find("chr1").unwrap_err().kind(),
        ErrorKind::Ambiguous { n_samples: 2, .. }
    ));
    assert!(matches!(
        find("chr2").unwrap_err().kind(),
        ErrorKind::NotFound { .. }
    ));
}
