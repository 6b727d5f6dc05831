//! Texts through parts, at once and in two goes.

use super::writer::PartLens;
use super::*;
use crate::container::{ContainerReader, ContainerWriter};
use crate::error::Result;
use crate::original::TextKind;
use crate::zstd;
use proptest::prelude::*;
use std::sync::Arc;

const KIND: TextKind = TextKind::Case;

/// Parts of this length.
fn all_of(len: u64) -> PartLens {
    PartLens {
        short: len,
        long: len,
    }
}

fn write(lens: PartLens, texts: &[Option<Vec<u8>>]) -> Vec<u8> {
    let writer = TextsWriter::with_lens(lens, KIND, TextsIndex::new(lens.long), Vec::new());
    finish(writer, ContainerWriter::new(Vec::new()), 0, texts)
}

fn finish(
    mut writer: TextsWriter,
    mut container: ContainerWriter<Vec<u8>>,
    first: usize,
    texts: &[Option<Vec<u8>>],
) -> Vec<u8> {
    for (i, text) in texts.iter().enumerate() {
        if let Some(text) = text {
            writer.push(first + i, text, &mut container).unwrap();
        }
    }
    writer.finish(&mut container).unwrap();
    container.finish().unwrap()
}

/// The index and all decoded parts.
fn read(archive: &[u8], n_samples: usize) -> (TextsIndex, Vec<Arc<Vec<u8>>>) {
    let reader = ContainerReader::open(archive.to_vec()).unwrap();
    let stream = reader.stream(KIND.stream_name()).unwrap();
    let last = reader.n_parts(stream) - 1;
    let index = TextsIndex::decode(&reader.read_part(stream, last).unwrap(), n_samples).unwrap();
    index.check_n_parts(last as u64).unwrap();
    let part = |part: usize| {
        let stored = reader.read_part(stream, part).unwrap();
        Arc::new(zstd::decompress(stored.payload(), index.len_of_part(part as u64)).unwrap())
    };
    let parts = (0..last).map(part).collect();
    (index, parts)
}

#[test]
fn the_index_has_literal_bytes() {
    let mut index = TextsIndex::new(1 << 24);
    for len in [Some(3), None, Some(0), Some(300)] {
        assert!(index.push(len));
    }
    assert_eq!(index.encode(), [0x80, 0x80, 0x80, 8, 4, 0, 1, 0xAD, 2]);
    assert_eq!(
        (0..5).map(|sample| index.range(sample)).collect::<Vec<_>>(),
        [Some(0..3), None, Some(3..3), Some(3..303), None]
    );
    assert!(!index.push(Some(u64::MAX)));
}

#[test]
fn an_index_that_tells_too_much_is_refused() {
    let archive = write(all_of(8), &[Some(vec![7; 20]), Some(vec![8; 3])]);
    let reader = ContainerReader::open(archive).unwrap();
    let stream = reader.stream(KIND.stream_name()).unwrap();
    let part = reader.read_part(stream, 3).unwrap();
    assert!(TextsIndex::decode(&part, 2).is_ok_and(|index| index.check_n_parts(2).is_err()));
    assert!(TextsIndex::decode(&part, 1).is_err());
}

#[test]
fn there_is_no_stream_without_texts() {
    let archive = ContainerReader::open(write(all_of(8), &[None, None])).unwrap();
    assert!(archive.stream(KIND.stream_name()).is_err());
}

/// Bytes that do not repeat.
fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(len).collect()
}

#[test]
fn parts_are_short_where_texts_share_nothing() {
    let lens = PartLens {
        short: 1000,
        long: 8000,
    };
    let part_len = |texts: &[Option<Vec<u8>>]| read(&write(lens, texts), texts.len()).0.part_len;
    assert_eq!(part_len(&[Some(noise(1, 3000))]), 1000);
    assert_eq!(part_len(&[Some(noise(1, 500)), None, Some(noise(2, 600))]), 1000);
    assert_eq!(part_len(&[Some(noise(1, 700)), Some(noise(1, 700))]), 8000);
    assert_eq!(part_len(&[Some(noise(1, 1000))]), 8000);
    // Settled by what would be the first long part.
    assert_eq!(part_len(&[Some(noise(1, 8000)), Some(vec![7; 20_000])]), 1000);
    assert_eq!(part_len(&[Some(vec![7; 8000]), Some(noise(1, 20_000))]), 8000);
}

#[test]
fn a_long_part_is_decoded_as_far_as_it_is_wanted() {
    let texts: Vec<_> = (0..5).map(|i| Some(noise(i % 2, 100_000))).collect();
    let archive = write(all_of(1 << 24), &texts);
    let reader = ContainerReader::open(archive.clone()).unwrap();
    let stream = reader.stream(KIND.stream_name()).unwrap();
    let (index, parts) = read(&archive, texts.len());
    let len_of = |end| {
        let start = index.read_part_through(&reader, stream, 0, end).unwrap();
        assert!(parts[0].starts_with(&start));
        start.len()
    };
    assert!((1..200_000).contains(&len_of(1)));
    assert!((300_001..500_000).contains(&len_of(300_001)));
    assert_eq!((len_of(499_999), len_of(500_000)), (500_000, 500_000));
    for (i, text) in texts.iter().enumerate() {
        let start = |part, end| index.read_part_through(&reader, stream, part, end).map(Arc::new);
        assert_eq!(&read_text(&index, i, start).unwrap(), text);
    }
}

/// Texts of which some are compressed well.
fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (any::<u8>(), 0..200usize).prop_map(|(byte, len)| vec![byte; len]),
    ]
}

proptest! {
    #[test]
    fn texts_come_back_at_once_and_in_two_goes(
        texts in proptest::collection::vec(proptest::option::of(text()), 1..12),
        short in 1u64..20,
        n_short in 1u64..20,
        n_first in 0usize..12,
    ) {
        prop_assume!(texts.iter().any(Option::is_some));
        let lens = PartLens { short, long: short * n_short };
        let archive = write(lens, &texts);
        let (index, parts) = read(&archive, texts.len());
        let get = |part: u64, _: u64| -> Result<_> { Ok(parts[part as usize].clone()) };
        for (sample, text) in texts.iter().enumerate() {
            prop_assert_eq!(&read_text(&index, sample, get).unwrap(), text);
        }

        let (first, more) = texts.split_at(n_first.min(texts.len()));
        prop_assume!(first.iter().any(Option::is_some));
        let old = write(lens, first);
        let (index, parts) = read(&old, first.len());
        let mut new = ContainerWriter::new(Vec::new());
        let n_kept = lens.n_kept_parts(&index);
        let reader = ContainerReader::open(old).unwrap();
        let stream = reader.stream(KIND.stream_name()).unwrap();
        let copy = new.register(KIND.stream_name());
        for part in 0..n_kept {
            let stored = reader.read_part(stream, part).unwrap();
            new.add_part(copy, stored.metadata, stored.payload()).unwrap();
        }
        let open = parts[n_kept..].iter().flat_map(|part| part.to_vec()).collect();
        let writer = TextsWriter::with_lens(lens, KIND, index, open);
        prop_assert!(finish(writer, new, first.len(), more) == archive);
    }
}
