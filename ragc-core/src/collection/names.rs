//! Sample and contig names, and the code that shortens a contig name against the one before it.
//!
//! # Name code
//! Both names are cut at every space into fields. If they have the same number of fields, each field is stored as
//! one of three:
//!
//! ```text
//! 81                      the field of the previous name
//! bytes below 80          a field of another length, verbatim
//! bytes below 80, 256-r   a field of the same length; r bytes of the previous field are copied
//! ```
//!
//! otherwise, and for the first contig of a sample, the name is stored verbatim. There is no escape: bytes of 80 and
//! above in a field of the second or third kind cannot be stored, see [`is_storable`]. Such names go to a stream of their own, and others are
//! stored here.
//!
//! # Source
//! FORMAT.md, "Contig names".

use super::frames::{Effort, compress_names};
use crate::bytes::{Cursor, put_prefix_int, put_string};
use crate::collection::batch::{ContigList, NAME_LEN, SampleNames, Strings};
use crate::collection::{ContigDesc, SampleDesc};
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::zstd;

const SAMPLES_LEVEL: i32 = 19;
const CONTIGS_LEVEL: i32 = 18;

/// What the bytes of a part are called in errors.
const WHAT: &str = "contig names";

/// Stands for the whole field of the previous name.
const SAME_FIELD: u8 = 0x81;
/// First byte that means something else than itself in a coded field.
const FIRST_CODE: u8 = 0x80;
/// Bytes of the number of samples, at most.
const MAX_COUNT_LEN: u64 = 5;
/// The longest run of equal bytes that one code stands for.
const MAX_RUN: usize = 100;

/// Reads the `collection-samples` stream; `raw_len` is the metadata of its part.
///
/// # Errors
/// `Corrupt` or `Truncated` when it is damaged, or two samples share a name.
pub fn decode_samples(raw_len: u64, payload: &[u8]) -> Result<SampleNames> {
    decode_samples_within(raw_len, payload, u64::MAX)
}

/// As [`decode_samples`]; the names may take `max_len` bytes together, each but one with 64 bytes more. What cannot be so few is not decoded.
///
/// # Errors
/// As [`decode_samples`], and `TooLarge`.
pub fn decode_samples_within(raw_len: u64, payload: &[u8], max_len: u64) -> Result<SampleNames> {
    if raw_len.saturating_sub(MAX_COUNT_LEN + 1) > max_len {
        return Err(Error::new(ErrorKind::TooLarge {
            len: raw_len,
            limit: max_len,
        }));
    }
    let bytes = zstd::decompress(payload, raw_len)?;
    let mut cursor = Cursor::new(&bytes, "sample names");
    let mut names = Strings::within(max_len);
    for _ in 0..cursor.count(1)? {
        names.push(cursor.string()?)?;
    }
    cursor.finish()?;
    SampleNames::new(names)
}

/// Writes the `collection-samples` stream: metadata and payload of its part. Names should be unique.
///
/// # Errors
/// `BadInput` for a name with a NUL.
pub fn encode_samples<N: AsRef<[u8]>>(names: &[N]) -> Result<(u64, Vec<u8>)> {
    let mut bytes = Vec::new();
    put_prefix_int(&mut bytes, count(names.len())?);
    for name in names {
        let name = name.as_ref();
        if name.contains(&0) {
            return Err(
                Error::bad_input("a NUL byte in a sample name").in_sample(&String::from_utf8_lossy(name))
            );
        }
        put_string(&mut bytes, name);
    }
    let frame = compress_names(&bytes, SAMPLES_LEVEL, Effort::Best)?;
    Ok((bytes.len() as u64, frame))
}

/// Contig names of a batch, as they are stored but for the zstd frame. Samples are counted from 0 in the batch.
///
/// A sample's names are decoded when they are asked for: each sample begins anew. To decode those of all samples for a look
/// at one took most of a query (docs/measurements.md, "Details of reading").
#[derive(Debug, Clone)]
pub struct BatchNames {
    bytes: Vec<u8>,
    samples: Vec<NamesPlace>,
    max_len: u64,
}

/// Where the names of a sample begin, and how many there are.
#[derive(Debug, Clone, Copy)]
struct NamesPlace {
    start: u32,
    n_contigs: u32,
}

impl BatchNames {
    /// Number of samples in the batch.
    #[must_use]
    pub fn n_samples(&self) -> usize {
        self.samples.len()
    }

    /// Names of the contigs of a sample.
    ///
    /// # Errors
    /// `NotFound` without the sample; `Corrupt` when its names are damaged; `TooLarge`.
    pub fn contigs(&self, sample: usize) -> Result<ContigList> {
        let not_found = || {
            let name = format!("#{sample} of the batch");
            Error::new(ErrorKind::NotFound { what: "sample", name })
        };
        let stored = self.samples.get(sample).ok_or_else(not_found)?;
        let mut cursor = Cursor::new(&self.bytes[stored.start as usize..], WHAT);
        let mut names = Strings::within(self.max_len);
        for i in 0..stored.n_contigs {
            let stored = cursor.string()?;
            let previous = (i > 0).then(|| names.range(names.len() - 1));
            names.push_with(|bytes| decode_name(stored, previous, bytes))?;
        }
        Ok(ContigList::new(names))
    }

    /// Whether a byte may occur in the first word of a name. What a name copies from the one before was written out there, in
    /// the same field, so that nothing has to be decoded; bytes of 80 (hex) and above are not told from codes.
    pub(crate) fn may_have_in_first_word(&self, byte: u8) -> bool {
        // The numbers of contigs stand between the names, and pass for parts of them.
        let is_in_first_field = |place: usize| {
            let before = &self.bytes[..place];
            memchr::memrchr2(0, b' ', before).is_none_or(|end| before[end] == 0)
        };
        !byte.is_ascii() || memchr::memchr_iter(byte, &self.bytes).any(is_in_first_field)
    }

    pub(crate) fn mem_len(&self) -> usize {
        self.bytes.capacity() + self.samples.capacity() * size_of::<NamesPlace>()
    }
}

/// Reads a part of `collection-contigs`; `raw_len` is its metadata.
///
/// # Errors
/// `Corrupt` or `Truncated` when it is damaged. A damaged name is noticed when it is decoded.
pub fn decode_contig_names(raw_len: u64, payload: &[u8]) -> Result<BatchNames> {
    decode_contig_names_within(raw_len, payload, u64::MAX)
}

/// As [`decode_contig_names`]; the names of a sample may take `max_len` bytes together, each with 64 bytes more.
///
/// # Errors
/// As [`decode_contig_names`], and `TooLarge` for more samples than that is enough for.
pub fn decode_contig_names_within(raw_len: u64, payload: &[u8], max_len: u64) -> Result<BatchNames> {
    let bytes = zstd::decompress(payload, raw_len)?;
    let mut cursor = Cursor::new(&bytes, WHAT);
    let mut samples = Vec::new();
    let n_samples = cursor.count(1)?;
    let len = n_samples as u64 * NAME_LEN;
    if len > max_len {
        return Err(Error::new(ErrorKind::TooLarge { len, limit: max_len }));
    }
    for _ in 0..n_samples {
        let n_contigs = cursor.count(1)?;
        memory::grow(&mut samples, 1)?;
        samples.push(NamesPlace {
            // No unit of an archive has 4 GiB.
            start: (bytes.len() - cursor.left()) as u32,
            n_contigs: n_contigs as u32,
        });
        for _ in 0..n_contigs {
            cursor.string()?;
        }
    }
    cursor.finish()?;
    Ok(BatchNames {
        bytes,
        samples,
        max_len,
    })
}

/// Writes a part of `collection-contigs`: metadata and payload.
///
/// # Errors
/// `BadInput` for a name that the format cannot hold, see [`is_storable`].
pub fn encode_contig_names(batch: &[SampleDesc]) -> Result<(u64, Vec<u8>)> {
    encode_contig_names_with(batch, Effort::Best)
}

/// As [`encode_contig_names`], with this effort.
///
/// # Errors
/// As [`encode_contig_names`].
pub fn encode_contig_names_with(batch: &[SampleDesc], effort: Effort) -> Result<(u64, Vec<u8>)> {
    let mut bytes = Vec::new();
    put_prefix_int(&mut bytes, count(batch.len())?);
    for sample in batch {
        put_prefix_int(&mut bytes, count(sample.contigs.len())?);
        let mut previous = None;
        for ContigDesc { name, .. } in &sample.contigs {
            if !is_storable(name, previous) {
                let why = "the format cannot store this name: a NUL, or bytes of 80 hex and above in a field that \
                           differs from the contig before";
                return Err(Error::bad_input(why)
                    .in_contig(&String::from_utf8_lossy(name))
                    .in_sample(&String::from_utf8_lossy(&sample.name)));
            }
            encode_name(name, previous, &mut bytes);
            bytes.push(0);
            previous = Some(name.as_slice());
        }
    }
    let frame = compress_names(&bytes, CONTIGS_LEVEL, effort)?;
    Ok((bytes.len() as u64, frame))
}

fn count(n: usize) -> Result<u32> {
    u32::try_from(n).map_err(|_| Error::bad_input(format!("{n} names exceed the format's 32 bits")))
}

/// Whether a contig name can be stored after `previous`, the name before it in its sample.
///
/// A NUL never can. Bytes of 80 (hex) and above can where the name is stored verbatim (first of its sample, or another
/// number of fields than before) and in fields that equal the previous ones.
#[must_use]
pub fn is_storable(name: &[u8], previous: Option<&[u8]>) -> bool {
    if name.contains(&0) {
        return false;
    }
    match previous.filter(|previous| is_coded(name, previous)) {
        None => true,
        Some(previous) => fields(name)
            .zip(fields(previous))
            .all(|(field, old)| field == old || field.is_ascii()),
    }
}

/// Whether a name is coded field by field after this one.
fn is_coded(name: &[u8], previous: &[u8]) -> bool {
    n_spaces(name) == n_spaces(previous)
}

fn n_spaces(name: &[u8]) -> usize {
    memchr::memchr_iter(b' ', name).count()
}

fn fields(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    name.split(|byte| *byte == b' ')
}

fn encode_name(name: &[u8], previous: Option<&[u8]>, out: &mut Vec<u8>) {
    let Some(previous) = previous.filter(|previous| is_coded(name, previous)) else {
        out.extend_from_slice(name);
        return;
    };
    for (i, (field, old)) in fields(name).zip(fields(previous)).enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        if field == old {
            out.push(SAME_FIELD);
        } else if field.len() != old.len() {
            out.extend_from_slice(field);
        } else {
            encode_field(field, old, out);
        }
    }
}

fn encode_field(field: &[u8], old: &[u8], out: &mut Vec<u8>) {
    let push_run = |run: usize, out: &mut Vec<u8>| {
        if run > 0 {
            out.push((256 - run) as u8);
        }
    };
    let mut run = 0;
    for (byte, old) in field.iter().zip(old) {
        if byte == old && run < MAX_RUN {
            run += 1;
        } else {
            push_run(run, out);
            run = usize::from(byte == old);
            if byte != old {
                out.push(*byte);
            }
        }
    }
    push_run(run, out);
}

/// Appends the decoded name to `bytes`, which hold the previous name at `previous`.
fn decode_name(stored: &[u8], previous: Option<std::ops::Range<usize>>, bytes: &mut Vec<u8>) -> Result<()> {
    let Some(previous) = previous.filter(|previous| is_coded(stored, &bytes[previous.clone()])) else {
        memory::grow(bytes, stored.len())?;
        bytes.extend_from_slice(stored);
        return Ok(());
    };
    // A byte stands for one, or for a run of up to 255 of the old name.
    memory::grow(bytes, stored.len() + previous.len())?;
    let mut old_start = previous.start;
    for (i, field) in fields(stored).enumerate() {
        if i > 0 {
            bytes.push(b' ');
        }
        let old_rest = &bytes[old_start..previous.end];
        let old_end = old_start + memchr::memchr(b' ', old_rest).unwrap_or(old_rest.len());
        if field == [SAME_FIELD] {
            bytes.extend_from_within(old_start..old_end);
        } else {
            decode_field(field, old_start..old_end, bytes)?;
        }
        old_start = (old_end + 1).min(previous.end);
    }
    Ok(())
}

fn decode_field(field: &[u8], old: std::ops::Range<usize>, bytes: &mut Vec<u8>) -> Result<()> {
    let mut place = old.start;
    for byte in field {
        if *byte < FIRST_CODE {
            bytes.push(*byte);
            place += 1;
            continue;
        }
        let run = 256 - usize::from(*byte);
        if place + run > old.end {
            return Err(Error::corrupt(
                "a contig name copies past the end of the name before it",
            ));
        }
        bytes.extend_from_within(place..place + run);
        place += run;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(stored: &[u8], previous: &[u8]) -> Result<Vec<u8>> {
        let mut bytes = previous.to_vec();
        decode_name(stored, Some(0..previous.len()), &mut bytes)?;
        Ok(bytes[previous.len()..].to_vec())
    }

    fn encoded(name: &[u8], previous: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        encode_name(name, Some(previous), &mut out);
        out
    }

    #[test]
    fn names_that_cannot_be_so_few_bytes_are_not_decoded() {
        let (len, payload) = encode_samples(&[vec![b'a'; 1000]]).unwrap();
        assert_eq!(decode_samples_within(len, &payload, 1000).unwrap().len(), 1);
        assert!(matches!(
            decode_samples_within(len, &payload, 999).unwrap_err().kind(),
            ErrorKind::TooLarge { .. }
        ));
        // Not even looked at: it is no frame.
        let error = decode_samples_within(1 << 30, b"none", 1 << 28).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TooLarge { .. }), "{error}");
    }

    #[test]
    fn names_are_coded_against_the_one_before() {
        let run = |byte: u8, n: usize| vec![byte; n];
        let a150 = [b"s ".to_vec(), run(b'A', 150)].concat();
        let a99b50 = [b"t ".to_vec(), run(b'A', 99), b"B".to_vec(), run(b'A', 50)].concat();
        let b200 = [b"w ".to_vec(), run(b'B', 200)].concat();
        let cb199 = [b"w C".to_vec(), run(b'B', 199)].concat();
        let cases: [(&[u8], &[u8], &[u8]); 9] = [
            (b"chr1 a b c", b"chr2 a b c", b"\xFD2 \x81 \x81 \x81"),
            (b"chr2 a b d", b"chr10 a bb d", b"chr10 \x81 bb \x81"),
            (b"chr10 a bb d", b"chr10 a bb", b"chr10 a bb"),
            (b"chr10 a bb", b"chr10  bb", b"\x81  \x81"),
            (b"chr10  bb", b"chr11  bc", b"\xFC1 \x81 \xFFc"),
            (b"a ", b"b ", b"b \x81"),
            (&a150, &a99b50, b"t \x9DB\xCE"),
            (&b200, &cb199, b"\x81 C\x9C\x9D"),
            (b"", b"", b"\x81"),
        ];
        for (previous, name, stored) in cases {
            assert_eq!(encoded(name, previous), stored, "{name:?}");
            assert_eq!(decoded(stored, previous).unwrap(), name);
        }
        assert_eq!(encoded(&run(b'A', 150), &run(b'A', 150)), [0x81]);
    }

    #[test]
    fn a_copy_never_leaves_its_field() {
        assert!(decoded(b"\xFC", b"abc").is_err());
        assert!(decoded(b"ab\xFE", b"abc").is_err());
        assert!(decoded(b"\xFC x", b"abc defgh").is_err());
        assert_eq!(decoded(b"ab\xFF", b"abc").unwrap(), b"abc");
    }

    #[test]
    fn names_with_high_bytes_are_stored_where_the_code_has_room() {
        let (cafe, bee) = ("café one".as_bytes(), "bééé two".as_bytes());
        assert!(is_storable(cafe, None));
        assert!(!is_storable(bee, Some(cafe)));
        assert!(is_storable(bee, Some(b"x")));
        assert!(is_storable("café two".as_bytes(), Some(cafe)));
        assert!(!is_storable(b"a\0b", None));
        let contigs = [cafe, bee].map(|name| ContigDesc {
            name: name.to_vec(),
            segments: Vec::new(),
        });
        let sample = SampleDesc {
            name: b"s".to_vec(),
            contigs: contigs.to_vec(),
        };
        let error = encode_contig_names(&[sample]).unwrap_err().to_string();
        assert!(error.contains("bééé two") && error.contains("\"s\""), "{error}");
    }

    #[test]
    fn marks_of_first_words_are_seen_without_decoding() {
        let sample = |names: &[&str]| SampleDesc {
            name: Vec::new(),
            contigs: names
                .iter()
                .map(|name| ContigDesc {
                    name: name.as_bytes().to_vec(),
                    segments: Vec::new(),
                })
                .collect(),
        };
        let batch = [
            sample(&["chr1 a#b", "chr2 a#b"]),
            sample(&["x@y 1", "x@z 2", "x@z"]),
        ];
        let (raw_len, payload) = encode_contig_names(&batch).unwrap();
        let names = decode_contig_names(raw_len, &payload).unwrap();
        for (byte, expected) in [
            (b'@', true),
            (b'#', false),
            (b':', false),
            (b'c', true),
            (0xe9, true),
        ] {
            assert_eq!(names.may_have_in_first_word(byte), expected, "{byte}");
        }
    }

    #[test]
    fn lists_read_and_write_the_same_bytes() {
        let (raw_len, frame) = encode_samples(&["r", "s", "t", "u"]).unwrap();
        assert_eq!(zstd::decompress(&frame, raw_len).unwrap(), b"\x04r\0s\0t\0u\0");
        let names = decode_samples(raw_len, &frame).unwrap();
        assert_eq!(names.iter().collect::<Vec<_>>(), [b"r", b"s", b"t", b"u"]);
        assert_eq!(names.find(b"t"), Some(2));
        assert_eq!(names.find(b"x"), None);
        let (raw_len, frame) = encode_samples(&["a", "a"]).unwrap();
        assert!(decode_samples(raw_len, &frame).is_err());
    }

    #[test]
    fn damaged_lists_are_errors() {
        let raw: &[u8] = b"\x02\x01chr1 demo\0\x02chr1 demo\0\xFD2 \x81\0";
        let decode = |bytes: &[u8]| {
            let frame = zstd::Compressor::new().compress(bytes, 1).unwrap().to_vec();
            decode_contig_names(bytes.len() as u64, &frame)
        };
        let batch = decode(raw).unwrap();
        assert_eq!(batch.n_samples(), 2);
        let names = |sample: usize| -> Vec<Vec<u8>> {
            let contigs = batch.contigs(sample).unwrap();
            contigs.iter().map(<[u8]>::to_vec).collect()
        };
        assert_eq!(names(0), [b"chr1 demo"]);
        assert_eq!(names(1), [b"chr1 demo", b"chr2 demo"]);
        assert!(batch.contigs(2).is_err());
        let damaged = decode(b"\x02\x02chr1\0\xF02\0\x01chr1\0").unwrap();
        assert!(damaged.contigs(0).is_err());
        assert_eq!(damaged.contigs(1).unwrap().name(0), b"chr1");
        for end in 0..raw.len() {
            assert!(decode(&raw[..end]).is_err());
        }
        assert!(decode(b"\xF0\0\0\0\0").is_err());
    }

    proptest! {
        #[test]
        fn ascii_names_come_back(names in proptest::collection::vec("[ ab1]{0,12}|[ab]{95,110}", 1..20)) {
            let contigs = names.iter().map(|n| ContigDesc { name: n.clone().into_bytes(), segments: Vec::new() });
            let sample = SampleDesc { name: b"s".to_vec(), contigs: contigs.collect() };
            let (raw_len, frame) = encode_contig_names(&[sample]).unwrap();
            let batch = decode_contig_names(raw_len, &frame).unwrap();
            let contigs = batch.contigs(0).unwrap();
            let back: Vec<&[u8]> = contigs.iter().collect();
            prop_assert_eq!(back, names.iter().map(String::as_bytes).collect::<Vec<_>>());
        }
    }
}
