//! Every decoder takes any bytes: it succeeds or fails, but never panics.

use proptest::collection::vec;
use proptest::prelude::*;
use ragc_core::Params;
use ragc_core::internals::alphabet::Codes;
use ragc_core::internals::bytes::put_prefix_int;
use ragc_core::internals::collection::{decode_contig_names, decode_details, decode_samples, v1, v2};
use ragc_core::internals::container::{ContainerReader, Footer};
use ragc_core::internals::file_info::{FileInfo, FormatVersion};
use ragc_core::internals::group::Pack;
use ragc_core::internals::lz_diff::{Dialect, Rules};
use ragc_core::internals::sequence::Sequence;
use ragc_core::internals::splitter_streams::{decode_segment_keys, decode_splitters};
use ragc_core::internals::zstd::Compressor;
use ragc_core::internals::{lz_diff, tuple, zstd};

fn frame(bytes: &[u8]) -> Vec<u8> {
    Compressor::new().compress(bytes, 1).unwrap().to_vec()
}

/// Bytes that are often the small numbers of which counts and codes are made.
fn bytes(n: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(
        prop_oneof![4 => 0u8..6, 2 => Just(b' '), 1 => Just(0x81), 3 => any::<u8>()],
        0..n,
    )
}

/// Bytes of which deltas are made.
fn delta() -> impl Strategy<Value = Vec<u8>> {
    vec(
        prop_oneof![5 => Just(b'A'), 3 => b'0'..=b'9', 2 => Just(b'.'), 1 => Just(b','), 1 => Just(b'-'), 1 => Just(b'!'), 1 => Just(0x1E), 1 => Just(4), 1 => any::<u8>()],
        0..40,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_container(bytes in bytes(60), data_len: u64) {
        let _ = Footer::read(&bytes, data_len);
        let mut file = bytes.clone();
        file.extend_from_slice(&(bytes.len() as u64 / 2).to_le_bytes());
        if let Ok(reader) = ContainerReader::open(file) {
            for stream in reader.footer().streams() {
                for part in 0..reader.n_parts(stream) {
                    let _ = reader.read_part(stream, part);
                    let _ = reader.read_part_metadata(stream, part);
                }
            }
        }
    }

    #[test]
    fn the_small_streams(bytes in bytes(45), n in prop_oneof![0u64..4, any::<u64>()]) {
        let _ = Params::decode(&bytes, FormatVersion::V3);
        let _ = FileInfo::decode(n, &bytes).and_then(|info| info.version());
        let _ = decode_splitters(n, &bytes);
        let _ = decode_segment_keys(n, &bytes);
    }

    #[test]
    fn the_names(bytes in bytes(40)) {
        let frame = frame(&bytes);
        let _ = decode_samples(bytes.len() as u64, &frame);
        if let Ok(batch) = decode_contig_names(bytes.len() as u64, &frame) {
            (0..=batch.n_samples()).for_each(|sample| drop(batch.contigs(sample)));
        }
        let _ = v1::decode_collection(bytes.len() as u64, &frame);
        if let Ok(main) = v2::decode_main(bytes.len() as u64, &frame) {
            for batch in [0, 1, usize::MAX] {
                let _ = v2::decode_details(&main, batch, bytes.len() as u64, &frame);
            }
        }
    }

    #[test]
    fn the_segment_descriptors(columns in vec(bytes(12), 5), predicted_len in 0u64..=u32::MAX as u64 + 32) {
        let (mut payload, mut frames) = (Vec::new(), Vec::new());
        for column in &columns {
            let frame = frame(column);
            put_prefix_int(&mut payload, column.len() as u32);
            put_prefix_int(&mut payload, frame.len() as u32);
            frames.extend_from_slice(&frame);
        }
        payload.append(&mut frames);
        if let Ok(batch) = decode_details(&payload, predicted_len) {
            let n: usize = (0..batch.n_samples()).map(|sample| batch.segments_of_sample(sample).len()).sum();
            prop_assert!(n <= 12);
        }
    }

    #[test]
    fn the_items(bytes in bytes(40), delta in delta(), n in 0usize..50) {
        let _ = tuple::unpack(&bytes, n);
        let _ = zstd::decompress(&bytes, n as u64);
        if let Ok(pack) = Pack::new(bytes) {
            prop_assert!((0..pack.n_items() as u32).all(|slot| pack.item(slot).is_some()));
        }
        for min_match_len in [4, 20, u32::MAX] {
            for dialect in [Dialect::Closed, Dialect::Full] {
                let rules = Rules { min_match_len, dialect };
                let reference = Sequence::from_codes(&[0, 1, 2, 3, 3, 2, 1, 0]);
                let mut codes = Vec::new();
                if lz_diff::decode::<Codes>(&delta, &reference, rules, n, &mut codes).is_ok() {
                    prop_assert!(codes.len() <= n);
                }
                let mut codes = Vec::new();
                if lz_diff::decode_range::<Codes>(&delta, &reference, rules, n / 2..n, &mut codes).is_ok() {
                    prop_assert_eq!(codes.len(), n - n / 2);
                }
            }
        }
    }

    #[test]
    fn a_frame_with_a_changed_byte(seed in vec(0u8..4, 1..300), place: prop::sample::Index, change in 1u8..) {
        let mut frame = frame(&seed);
        let place = place.index(frame.len());
        frame[place] ^= change;
        if let Ok(bytes) = zstd::decompress(&frame, seed.len() as u64) {
            prop_assert_eq!(bytes.len(), seed.len());
        }
    }
}
