//! Members of all kinds, alone, together, padded and cut.

use super::*;
use proptest::prelude::*;
use std::io::Write;

const TEXT: &[u8] = b">a\nACGTTGCAACGT\n>b\nGGCC\n";

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Blocks of seven bytes.
fn bgzf(data: &[u8]) -> Vec<u8> {
    let mut writer = noodles_bgzf::io::Writer::new(Vec::new());
    for block in data.chunks(7) {
        writer.write_all(block).unwrap();
        writer.flush().unwrap();
    }
    writer.finish().unwrap()
}

/// As the program packs: with a checksum.
fn zstd(data: &[u8]) -> Vec<u8> {
    let mut encoder = ::zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn xz(data: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 6);
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(data: &[u8]) -> Vec<u8> {
    let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

type PackFn = fn(&[u8]) -> Vec<u8>;

const PACKS: [PackFn; 5] = [gzip, bgzf, zstd, xz, bzip2];

fn skippable(number: u8, content: &[u8]) -> Vec<u8> {
    let len = (content.len() as u32).to_le_bytes();
    [&[0x50 | number, 0x2A, 0x4D, 0x18], &len[..], content].concat()
}

/// The text, and how many bytes behind it belong to nothing.
fn read(data: &[u8]) -> io::Result<(Vec<u8>, u64)> {
    let mut packed = Packed::new(data, UNPACK_MEMORY)?;
    let mut text = Vec::new();
    packed.read_to_end(&mut text)?;
    Ok((text, packed.n_trailing()))
}

fn refused(data: &[u8]) -> io::Error {
    read(data).expect_err("refused")
}

#[test]
fn every_kind_gives_its_text_and_its_name() {
    let packings = [
        Packing::Gzip,
        Packing::Bgzf,
        Packing::Zstd,
        Packing::Xz,
        Packing::Bzip2,
    ];
    for (pack, packing) in PACKS.iter().zip(packings) {
        let data = pack(TEXT);
        assert_eq!(read(&data).unwrap(), (TEXT.to_vec(), 0), "{packing:?}");
        assert_eq!(Packed::new(&data[..], 1 << 20).unwrap().packing(), packing);
        assert_eq!(read(&pack(b"")).unwrap(), (Vec::new(), 0), "{packing:?}");
    }
    assert_eq!(read(TEXT).unwrap(), (TEXT.to_vec(), 0));
    assert_eq!(Packed::new(TEXT, 0).unwrap().packing(), Packing::Plain);
}

proptest! {
    /// Members of any kinds in any order, with skippable frames and zeros between them.
    #[test]
    fn members_follow_each_other_in_any_order(
        members in proptest::collection::vec((0..PACKS.len() + 3, ".{0,30}"), 1..8),
        n_zeros in 0usize..700,
    ) {
        let (mut data, mut expected) = (Vec::new(), Vec::new());
        for (kind, text) in &members {
            match (PACKS.get(*kind), kind - kind.min(&PACKS.len())) {
                (Some(pack), _) => {
                    data.extend(pack(text.as_bytes()));
                    expected.extend_from_slice(text.as_bytes());
                }
                (None, 0) if !data.is_empty() => data.extend(vec![0; n_zeros]),
                (None, number) => data.extend(skippable(number as u8, text.as_bytes())),
            }
        }
        data.extend(vec![0; n_zeros]);
        prop_assert_eq!(read(&data).unwrap(), (expected, 0));
    }
}

#[test]
fn every_cut_inside_a_member_is_an_error() {
    for pack in PACKS {
        let (first, second) = (pack(&TEXT[..9]), pack(&TEXT[9..]));
        let whole = [&first[..], &second].concat();
        for len in (START_LEN..whole.len()).filter(|len| *len != first.len()) {
            let error = refused(&whole[..len]);
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{len}: {error}");
        }
    }
    // Between blocks as well.
    let blocks = bgzf(TEXT);
    for len in START_LEN..blocks.len() {
        assert_eq!(refused(&blocks[..len]).kind(), io::ErrorKind::UnexpectedEof);
        let followed = [&blocks[..len], &gzip(b"x")].concat();
        assert!(read(&followed).is_err(), "{len}");
    }
    let cut = [zstd(TEXT), skippable(3, b"12345")].concat();
    for n_less in 1..skippable(3, b"12345").len() {
        read(&cut[..cut.len() - n_less]).unwrap_err();
    }
}

#[test]
fn every_flipped_bit_is_an_error_or_changes_nothing() {
    for pack in PACKS {
        let whole = [pack(&TEXT[..9]), pack(&TEXT[9..])].concat();
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // What is no longer told as packed is no FASTA text.
            if MemberKind::of(&flipped).is_some()
                && let Ok((text, _)) = read(&flipped)
            {
                assert_eq!(text, TEXT, "bit {bit}");
            }
        }
    }
}

#[test]
fn bytes_behind_the_last_member_are_counted() {
    for pack in PACKS {
        for rest in [&b"garbage"[..], b"\n", b"x", &[0xFF; 100_000], b"\0\0\0index"] {
            let n_trailing = rest.iter().skip_while(|byte| **byte == 0).count() as u64;
            let data = [&pack(TEXT)[..], rest].concat();
            assert_eq!(read(&data).unwrap(), (TEXT.to_vec(), n_trailing));
        }
        // But not if they are data, perhaps.
        let mut spoilt = pack(b"more");
        spoilt[1] ^= 1;
        let later = [&[7; 70_000], &pack(b"more")[..]].concat();
        for rest in [
            &b">c\nAC\n"[..],
            b"\r\n>c\nAC\n",
            b"acgtnnRYacgtAC\nACGT\n>c\n",
            &spoilt[..],
            &later,
        ] {
            let error = refused(&[&pack(TEXT)[..], rest].concat());
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
        }
    }
    assert!(read(&[skippable(0, b"lz4"), vec![4, 0x22, 0x4D, 0x18]].concat()).is_err());
}

#[test]
fn what_takes_too_much_memory_says_how_much() {
    let mut frame = ::zstd::Encoder::new(Vec::new(), 1).unwrap();
    frame.window_log(24).unwrap();
    frame.write_all(TEXT).unwrap();
    let frame = frame.finish().unwrap();
    let mut options = liblzma::stream::LzmaOptions::new_preset(0).unwrap();
    let mut filters = liblzma::stream::Filters::new();
    filters.lzma2(options.dict_size(1 << 24));
    let stream =
        liblzma::stream::Stream::new_stream_encoder(&filters, liblzma::stream::Check::Crc32).unwrap();
    let mut stream = liblzma::write::XzEncoder::new_stream(Vec::new(), stream);
    stream.write_all(TEXT).unwrap();
    for (data, needed) in [(frame, 16 << 20), (stream.finish().unwrap(), 32 << 20)] {
        let mut text = Vec::new();
        let mut read = |memory| Packed::new(&data[..], memory).unwrap().read_to_end(&mut text);
        let error = read((1 << 24) - 1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::Unsupported);
        let expected = format!("--memory {}M", needed >> 20);
        assert!(error.to_string().contains(&expected), "{error}");
        read(needed).unwrap();
        assert_eq!(text, TEXT);
    }
}
