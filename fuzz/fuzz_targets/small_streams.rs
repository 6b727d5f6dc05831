//! The small streams: what decodes has to be written as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ragc_core::Params;
use ragc_core::internals::file_info::{FileInfo, FormatVersion};
use ragc_core::internals::sequence_sums::SequenceSums;
use ragc_core::internals::splitter_streams::{
    decode_segment_keys, decode_splitters, encode_segment_keys, encode_splitters,
};

fuzz_target!(|input: (u64, Vec<u8>)| {
    let (n, payload) = input;
    for version in [FormatVersion::V1, FormatVersion::V2] {
        let _ = Params::decode(&payload, version);
    }
    if let Ok(params) = Params::decode(&payload, FormatVersion::V3) {
        assert_eq!(params.encode(), payload);
    }
    if let Ok(info) = FileInfo::decode(n, &payload) {
        let _ = info.version();
        let (n, payload) = info.encode();
        assert_eq!(FileInfo::decode(n, &payload).expect("was written here"), info);
    }
    if let Ok(splitters) = decode_splitters(n, &payload) {
        assert_eq!(encode_splitters(&splitters), (n, payload.clone()));
    }
    if let Ok(keys) = decode_segment_keys(n, &payload) {
        assert_eq!(encode_segment_keys(&keys), (n, payload.clone()));
    }
    if let Ok(sums) = SequenceSums::decode(n, &payload) {
        let (n, payload) = sums.encode();
        assert_eq!(SequenceSums::decode(n, &payload).expect("was written here"), sums);
    }
});
