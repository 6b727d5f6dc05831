//! Files through recorder, text and writer.

use super::*;
use crate::original::{Keep, Packing, Recorder, layout_text};
use proptest::prelude::*;

/// Header and residues.
type Records = Vec<(Vec<u8>, Vec<u8>)>;

/// Reads FASTA as simply as it can be: `>` at the start of a line begins a header. Gives the text of the layout as well.
fn record(text: &[u8]) -> (Vec<u8>, Records) {
    let mut recorder = Recorder::new(Keep::ALL, Packing::Bgzf);
    let mut records = Records::new();
    let mut originals = Vec::new();
    let (mut at_line_start, mut i) = (true, 0);
    while i < text.len() {
        let byte = text[i];
        if at_line_start && byte == b'>' {
            if !records.is_empty() {
                originals.push(recorder.end_record().unwrap());
            }
            let n = text[i + 1..].iter().position(|b| b"\n\r".contains(b));
            let end = n.map_or(text.len(), |n| i + 1 + n);
            recorder.start_record();
            records.push((text[i + 1..end].to_vec(), Vec::new()));
            (i, at_line_start) = (end, false);
            continue;
        }
        at_line_start = b"\n\r".contains(&byte);
        if b"\n\r \t".contains(&byte) {
            recorder.between(byte);
        } else {
            recorder.letters(&[byte]);
            records.last_mut().unwrap().1.push(byte);
        }
        i += 1;
    }
    originals.push(recorder.end_record().unwrap());
    let layouts = originals.iter().filter_map(|record| record.layout.as_ref());
    let text = layout_text(layouts.map(|layout| (layout, None)));
    (text.unwrap(), records)
}

fn write(layout: Vec<u8>, records: &[(Vec<u8>, Vec<u8>)], cut: usize) -> crate::Result<Vec<u8>> {
    let (reader, packing, before) = LayoutReader::new(layout)?;
    assert_eq!(packing, Packing::Bgzf);
    let mut writer = LayoutWriter::new(Vec::new(), reader, &before);
    for (name, letters) in records {
        writer.start_contig(name)?;
        for piece in letters.chunks(cut) {
            writer.letters(piece)?;
        }
    }
    writer.finish()
}

fn layout_of(text: &str) -> Vec<u8> {
    let (layout, records) = record(text.as_bytes());
    assert_eq!(
        String::from_utf8(write(layout.clone(), &records, 3).unwrap()).unwrap(),
        text
    );
    layout
}

const PACKED: u8 = 2;

#[test]
fn usual_layouts_are_told_once() {
    let line = "A".repeat(80);
    assert_eq!(
        layout_of(&format!(">a\n{line}\n{line}\nAC\n>b\n>c\n{line}\n")),
        [PACKED, 0]
    );
    assert_eq!(
        layout_of(">a\r\nACGT\r\nACGT\r\nAC\r\n>b\r\nACG\r\n>c\r\n"),
        [PACKED, 0, 1, 2, b'\r', b'\n', 4, 2, b'\r', b'\n']
    );
    let long = "A".repeat(100);
    assert_eq!(
        layout_of(&format!(">a\n{long}\n>b\nAC\n>c\n{line}{line}\n")),
        [PACKED, 0, 1, 1, b'\n', 0, 1, b'\n']
    );
}

#[test]
fn missing_ends_blank_lines_and_blanks_come_back() {
    assert_eq!(layout_of(">a\nACGT"), [PACKED, 0, 2]);
    assert_eq!(layout_of(">a"), [PACKED, 0, 2]);
    assert_eq!(layout_of("\n\n>a\nAC\n"), [PACKED, 2, b'\n', b'\n']);
    assert_eq!(
        layout_of(">a\nAC GT\n\n"),
        [PACKED, 0, 3, 1, b'\n', 1, 2, 1, b' ', 1, 2, 2, b'\n', b'\n', 0]
    );
    assert_eq!(
        layout_of(">a\nACG\nACG\nA\nC"),
        [PACKED, 0, 3, 1, b'\n', 2, 3, 1, b'\n', 1, 1, 1, b'\n', 0]
    );
    assert_eq!(layout_of(">a\nACG\nACG\nACG").len(), 2 + 6 + 1);
}

#[test]
fn another_header_and_every_cut_of_a_text() {
    let mut layout = LayoutText::new(Packing::Bgzf, b"");
    let record = RecordLayout {
        after_header: b"\n".to_vec(),
        lines: vec![
            Lines {
                count: 300,
                len: 1,
                end: b" ".to_vec(),
            },
            Lines {
                count: 1,
                len: 2,
                end: b"\n".to_vec(),
            },
        ],
        ..RecordLayout::default()
    };
    layout.push(&record, Some(b"was"));
    let layout = layout.finish();
    let records = [(b"is".to_vec(), vec![b'A'; 302])];
    let expected = format!(">was\n{}AA\n", "A ".repeat(300));
    assert_eq!(write(layout.clone(), &records, 7).unwrap(), expected.as_bytes());
    for end in 0..layout.len() {
        let cut = write(layout[..end].to_vec(), &records, 7);
        // Cut between entries, the missing ones stand for usual lines.
        assert_eq!(cut.is_ok(), end == 2 || end == 7, "{end}");
    }
    for n in [301, 0, 303] {
        let records = [(b"is".to_vec(), vec![b'A'; n])];
        assert_eq!(write(layout.clone(), &records, 7).is_err(), n < 302, "{n}");
    }
    assert!(write(layout, &[], 1).is_err());
}

proptest! {
    #[test]
    fn any_file_comes_back(
        before in "[\n\r]{0,3}",
        records in proptest::collection::vec(
            ("[a-z][a-z ]{0,4}", "[\n\r]{1,3}", "(([ACGT]{1,3}[ \t\n\r]{0,2}){0,9}|([ACGT]{3}\n){0,5}[ACGT]{0,4}\n|[ACGT]{0,90}\n)"),
            1..6,
        ),
        last_end in "[\n\r]{0,2}",
        cut in 1usize..9,
    ) {
        let mut text = before;
        for (i, (name, after, body)) in records.iter().enumerate() {
            if i > 0 && !text.ends_with(['\n', '\r']) {
                text.push('\n');
            }
            text.push_str(&format!(">{name}{after}{body}"));
        }
        text.push_str(&last_end);
        let (layout, records) = record(text.as_bytes());
        prop_assert_eq!(String::from_utf8(write(layout, &records, cut).unwrap()).unwrap(), text);
    }
}
