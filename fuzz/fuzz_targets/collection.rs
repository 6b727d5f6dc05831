//! Names of samples and contigs, descriptors of segments, and the collections of file versions 1 and 2.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use ragc_core::internals::bytes::put_prefix_int;
use ragc_core::internals::collection::{
    decode_contig_names, decode_details, decode_samples, encode_samples, v1, v2,
};
use ragc_fuzz::frame;

#[derive(Debug, Arbitrary)]
struct Input {
    text: Vec<u8>,
    columns: [Vec<u8>; 5],
    predicted_len: u32,
    batch: usize,
}

fuzz_target!(|input: Input| {
    let (len, text) = (input.text.len() as u64, frame(&input.text));
    if let Ok(names) = decode_samples(len, &text) {
        let names: Vec<&[u8]> = names.iter().collect();
        let (len, payload) = encode_samples(&names).expect("was read here");
        let again = decode_samples(len, &payload).expect("was written here");
        assert!(again.iter().eq(names));
    }
    if let Ok(batch) = decode_contig_names(len, &text) {
        (0..=batch.n_samples()).for_each(|sample| drop(batch.contigs(sample)));
    }
    let _ = v1::decode_collection(len, &text);
    if let Ok(main) = v2::decode_main(len, &text) {
        let _ = v2::decode_details(&main, input.batch, len, &text);
    }
    let (mut details, mut frames) = (Vec::new(), Vec::new());
    for column in &input.columns {
        let frame = frame(column);
        put_prefix_int(&mut details, column.len() as u32);
        put_prefix_int(&mut details, frame.len() as u32);
        frames.extend(frame);
    }
    details.extend(frames);
    if let Ok(batch) = decode_details(&details, input.predicted_len.into()) {
        let of_sample = |sample| batch.segments_of_sample(sample).len();
        let n_segments: usize = (0..batch.n_samples()).map(of_sample).sum();
        // No column can hold more numbers than bytes.
        assert!(n_segments <= input.columns[1].len());
    }
});
