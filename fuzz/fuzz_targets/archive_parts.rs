//! Archives whose container and collection are well-formed, and whose groups hold anything.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use ragc_core::Params;
use ragc_core::internals::collection::{
    ContigDesc, SampleDesc, SegmentDesc, encode_contig_names, encode_details, encode_samples,
};
use ragc_core::internals::container::{ContainerWriter, names};
use ragc_core::internals::file_info::FileInfo;
use ragc_fuzz::{frame, read_everything};

#[derive(Debug, Arbitrary)]
struct Input {
    k: u8,
    min_match_len: u8,
    pack_cardinality: u8,
    samples: Vec<Vec<Vec<Segment>>>,
    parts: Vec<Part>,
    has_sums: bool,
}

#[derive(Debug, Arbitrary)]
struct Segment {
    group: u8,
    in_group_id: u8,
    is_rev_comp: bool,
    raw_len: u16,
}

#[derive(Debug, Arbitrary)]
struct Part {
    group: u8,
    is_reference: bool,
    metadata: u64,
    payload: Vec<u8>,
    /// The payload is a frame, with this byte behind it, and the metadata tell its length.
    framed: Option<u8>,
}

/// Few groups, so that segments and parts meet.
fn group(byte: u8) -> u32 {
    [0, 3, 15, 16, 17, 40][usize::from(byte) % 6]
}

fn sample(number: usize, contigs: &[Vec<Segment>]) -> SampleDesc {
    let segment = |segment: &Segment| SegmentDesc {
        group: group(segment.group),
        in_group_id: (segment.in_group_id % 8).into(),
        is_rev_comp: segment.is_rev_comp,
        raw_len: segment.raw_len.into(),
    };
    let contig = |(number, segments): (usize, &Vec<Segment>)| ContigDesc {
        name: format!("c{number}").into_bytes(),
        segments: segments.iter().map(segment).collect(),
    };
    SampleDesc {
        name: format!("s{number}").into_bytes(),
        contigs: contigs.iter().enumerate().map(contig).collect(),
    }
}

fn write(input: &Input) -> ragc_core::Result<Vec<u8>> {
    let params = Params {
        k: (input.k % 33).into(),
        min_match_len: (input.min_match_len % 40).into(),
        pack_cardinality: (input.pack_cardinality % 5 + 1).into(),
        segment_size: 100,
    };
    let samples: Vec<SampleDesc> = input
        .samples
        .iter()
        .enumerate()
        .map(|(i, s)| sample(i, s))
        .collect();
    let mut writer = ContainerWriter::new(Vec::new());
    let mut add = |stream: &str, metadata: u64, payload: &[u8]| {
        let stream = writer.register(stream);
        writer.add_part(stream, metadata, payload)
    };
    let sample_names: Vec<&[u8]> = samples.iter().map(|sample| sample.name.as_slice()).collect();
    let (metadata, payload) = encode_samples(&sample_names)?;
    add(names::COLLECTION_SAMPLES, metadata, &payload)?;
    for batch in samples.chunks(params.pack_cardinality as usize) {
        let (metadata, payload) = encode_contig_names(batch)?;
        add(names::COLLECTION_CONTIGS, metadata, &payload)?;
        add(
            names::COLLECTION_DETAILS,
            0,
            &encode_details(batch, params.predicted_len())?,
        )?;
    }
    let (n_pairs, info) = FileInfo::of_this_program().encode();
    add(names::FILE_INFO, n_pairs, &info)?;
    add(names::PARAMS, 0, &params.encode())?;
    for part in &input.parts {
        let stream = match part.is_reference {
            true => names::reference_stream(group(part.group)),
            false => names::delta_stream(group(part.group)),
        };
        match part.framed {
            None => add(&stream, part.metadata, &part.payload)?,
            Some(marker) => {
                let framed = [frame(&part.payload), vec![marker]].concat();
                add(&stream, part.payload.len() as u64, &framed)?;
            }
        }
    }
    match input.has_sums {
        true => writer.finish_with_sums(),
        false => writer.finish(),
    }
}

fuzz_target!(|input: Input| {
    if let Ok(bytes) = write(&input) {
        let _ = read_everything(bytes);
    }
});
