//! Nothing is left of what was taken out.

use super::*;

/// The splitters of an archive.
fn splitters(archive: &Archive) -> Vec<Sequence> {
    let existing = Existing::open(archive).unwrap();
    let k = existing.params().k;
    let bases = |value: u64| {
        (0..k)
            .map(|i| (value >> (62 - 2 * i) & 3) as u8)
            .collect::<Vec<u8>>()
    };
    let keys = existing.keys().iter().flat_map(|key| [key.a, key.b]);
    let splitters = existing.splitter_values().iter().copied().chain(keys);
    splitters
        .filter(|value| *value != NO_SPLITTER)
        .map(|value| Sequence::from_codes(&bases(value)))
        .collect()
}

/// All decoded sequence of the groups of an archive.
fn all_sequence(archive: &Archive) -> Vec<Sequence> {
    let existing = Existing::open(archive).unwrap();
    let rules = Rules {
        min_match_len: existing.params().min_match_len,
        dialect: archive.version().delta_dialect(),
    };
    let mut all = Vec::new();
    for group in 0..existing.n_groups() {
        let reference = (!is_raw(group)).then(|| existing.reference(group).unwrap());
        all.extend(reference.clone());
        for pack in 0..existing.n_packs(group) {
            let pack = existing.pack(group, pack as u32).unwrap();
            for item in pack.iter().filter(|item| **item != [PLACEHOLDER, PLACEHOLDER]) {
                let mut codes = Vec::new();
                match &reference {
                    None => codes.extend(item),
                    Some(reference) => {
                        lz_diff::decode::<Codes>(item, reference, rules, 1 << 20, &mut codes).unwrap();
                    }
                }
                all.push(Sequence::from_codes(&codes));
            }
        }
    }
    all
}

/// Words that are compared.
const WORD: usize = 24;

/// Whether any word of a text is in some of these sequences, on either strand.
fn hold(sequences: &[Sequence], text: &str) -> bool {
    let codes = |text: &str| -> Vec<u8> { text.bytes().map(|b| CODE_OF_LETTER[usize::from(b)]).collect() };
    let private = codes(text);
    let mut words: BTreeSet<Vec<u8>> = private.windows(WORD).map(<[u8]>::to_vec).collect();
    let reverse = Sequence::from_codes(&private).reverse_complement().to_codes();
    words.extend(reverse.windows(WORD).map(<[u8]>::to_vec));
    sequences.iter().any(|sequence| {
        sequence
            .to_codes()
            .windows(WORD)
            .any(|found| words.contains(found))
    })
}

#[test]
fn nothing_of_a_sample_that_is_purged_is_left_anywhere() {
    let (samples, private) = with_private_sequence();
    for (segment_size, raw) in [(100, false), (5000, false), (400, true)] {
        let options = CreateOptions {
            raw_contigs: Some(raw),
            segment_size: Some(segment_size),
            has_checksums: true,
            ..lossless()
        };
        let old = open(archive(&samples, &options));
        for (place, own) in private.iter().enumerate() {
            assert!(hold(&all_sequence(&old), own));
            for purges in [false, true] {
                let mut new = Vec::new();
                let options = RewriteOptions::default().with_purge(purges);
                let name = samples[place].0.as_bytes();
                let rewritten = options.remove(&old, [name], &Silent, &mut new).unwrap();
                let model: Vec<Sample> = samples
                    .iter()
                    .filter(|sample| sample.0.as_bytes() != name)
                    .cloned()
                    .collect();
                assert_eq!(content(new.clone()), model);
                let new = open(new);
                let is_left = hold(&all_sequence(&new), own);
                assert!(!purges || !is_left && !hold(&splitters(&new), own));
                // What is left is told.
                assert!(!is_left || rewritten.foreign_bases > 0);
                assert!(!purges || rewritten.foreign_bases == 0);
            }
        }
    }
}

/// All parts of an archive that are of no group, as they are, and all frames in them decompressed.
fn other_parts(archive: &Archive) -> Vec<Vec<u8>> {
    const FRAME_START: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];
    let container = archive.container();
    let mut all = Vec::new();
    for stream in container.footer().streams() {
        if names::group_of(container.footer().name(stream)).is_some() {
            continue;
        }
        for part in 0..container.n_parts(stream) {
            let payload = container.read_part(stream, part).unwrap().payload().to_vec();
            let starts = (0..payload.len()).filter(|at| payload[*at..].starts_with(&FRAME_START));
            // Another frame may follow at once.
            let ends = |from: usize| (from + 4..=payload.len()).rev();
            let decoded = starts.filter_map(|from| {
                ends(from).find_map(|to| zstd::decompress_at_most(&payload[from..to], 1 << 20).ok())
            });
            all.extend(decoded);
            all.push(payload.clone());
        }
    }
    all
}

#[test]
fn no_text_of_a_sample_that_is_removed_is_left() {
    let (mut samples, _) = with_private_sequence();
    samples[1].0 = "withdrawn".to_owned();
    samples[1].1[0].0 = "sécret héader of a person".to_owned();
    samples[1].1[1].0 = "plainheader".to_owned();
    for (pack_cardinality, has_checksums) in [(1, true), (3, false), (50, true)] {
        let options = CreateOptions {
            pack_cardinality: Some(pack_cardinality),
            has_checksums,
            has_digests: true,
            ..lossless()
        };
        let old = open(archive(&samples, &options));
        let mut new = Vec::new();
        let options = RewriteOptions::default();
        options
            .remove(&old, [&b"withdrawn"[..]], &Silent, &mut new)
            .unwrap();
        for (text, is_left) in [
            ("withdrawn", false),
            ("éader of", false),
            ("plainheader", false),
            ("third", true),
        ] {
            let is_in = |part: &Vec<u8>| part.windows(text.len()).any(|found| found == text.as_bytes());
            assert!(other_parts(&old).iter().any(is_in), "{text}");
            assert_eq!(
                other_parts(&open(new.clone())).iter().any(is_in),
                is_left,
                "{text}"
            );
        }
    }
}

#[test]
fn what_was_left_once_can_be_purged_later() {
    let (samples, private) = with_private_sequence();
    let options = CreateOptions {
        raw_contigs: Some(false),
        segment_size: Some(5000),
        ..lossless()
    };
    let old = open(archive(&samples, &options));
    let options = RewriteOptions::default();
    let (mut left, mut purged) = (Vec::new(), Vec::new());
    let rewritten = options.remove(&old, [&b"first"[..]], &Silent, &mut left).unwrap();
    let left = open(left);
    assert!(rewritten.foreign_bases > 0 && hold(&all_sequence(&left), &private[0]));
    options
        .with_purge(true)
        .repack(&left, &Silent, &mut purged)
        .unwrap();
    assert_eq!(content(purged.clone()), samples[1..]);
    assert!(!hold(&all_sequence(&open(purged)), &private[0]));
}
