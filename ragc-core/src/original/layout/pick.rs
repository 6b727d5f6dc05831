//! The text of some of the contigs of a sample, or of contigs that have new names.

use crate::bytes::put_varint;
use crate::error::Result;
use crate::original::layout::code::{LayoutText, put_bytes};
use crate::original::layout::lines::Wrap;
use crate::original::layout::reader::{LayoutReader, RecordStart, Shape};

/// The text of these contigs of a sample, which ascend. What stands before the first header of the file stays.
///
/// # Errors
/// `Truncated` or `Corrupt` when the text is damaged.
pub(crate) fn pick_layouts(text: Vec<u8>, kept: &[usize]) -> Result<Vec<u8>> {
    rewrite(
        text,
        kept.last().map_or(0, |last| last + 1),
        |contig| match kept.binary_search(&contig) {
            Ok(_) => Stays::AsItIs,
            Err(_) => Stays::No,
        },
    )
}

/// The text of a sample of which these contigs, which ascend, have their names as header lines.
///
/// # Errors
/// As [`pick_layouts`].
pub(crate) fn forget_headers(text: Vec<u8>, contigs: &[usize]) -> Result<Vec<u8>> {
    rewrite(text, 0, |contig| match contigs.binary_search(&contig) {
        Ok(_) => Stays::WithoutHeader,
        Err(_) => Stays::AsItIs,
    })
}

/// What becomes of the entry of a contig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stays {
    No,
    AsItIs,
    WithoutHeader,
}

/// Goes through the entries of a text and of so many contigs at least: those at its end that are missing follow the lines told last.
fn rewrite(text: Vec<u8>, n_contigs: usize, stays: impl Fn(usize) -> Stays) -> Result<Vec<u8>> {
    let (mut reader, packing, before_header) = LayoutReader::new(text)?;
    let mut picked = LayoutText::new(packing, &before_header);
    let mut contig = 0;
    while !reader.is_at_end() || contig < n_contigs {
        let mut start = reader.next_record()?;
        let mut lines = Vec::new();
        if start.shape == Shape::Listed {
            put_lines(&mut reader, &start, &mut lines)?;
        }
        let stays = stays(contig);
        if stays == Stays::WithoutHeader {
            start.header = None;
        }
        if stays != Stays::No {
            picked.copy(reader.wrap(), &start, &lines);
        }
        contig += 1;
    }
    Ok(picked.finish())
}

/// Reads the lines of a record and writes them as they were, behind what stands behind the header.
fn put_lines(reader: &mut LayoutReader, start: &RecordStart, out: &mut Vec<u8>) -> Result<()> {
    put_bytes(out, &start.after_header);
    while let Some(lines) = reader.next_lines()? {
        put_varint(out, lines.count);
        put_varint(out, lines.len);
        put_bytes(out, &lines.end);
    }
    put_varint(out, 0);
    Ok(())
}

impl LayoutText {
    /// Adds a record of another text, where these lines were told, with its listed lines if it has such.
    fn copy(&mut self, wrap: &Wrap, start: &RecordStart, lines: &[u8]) {
        self.put_header(start.header.as_deref());
        match start.shape {
            Shape::Wrapped(fit) => {
                self.turn_to(wrap);
                self.put_fit(fit);
            }
            Shape::Listed => self.put_listed(lines),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::original::layout::{Lines, RecordLayout};
    use crate::original::{Packing, layout_text};
    use proptest::prelude::*;

    fn layout() -> impl Strategy<Value = (RecordLayout, Option<&'static str>)> {
        let lines = (1u64..4, 1u64..5, prop_oneof![Just("\n"), Just("\r\n"), Just("")]);
        let header = proptest::option::weighted(0.3, prop_oneof![Just("h"), Just("other")]);
        (
            proptest::collection::vec(lines, 0..3),
            prop_oneof![Just("\n"), Just("\r\n")],
            header,
        )
            .prop_map(|(lines, after_header, header)| {
                let lines = lines.into_iter().map(|(count, len, end)| Lines {
                    count,
                    len,
                    end: end.as_bytes().to_vec(),
                });
                let layout = RecordLayout {
                    packing: Packing::Gzip,
                    before_header: Vec::new(),
                    after_header: after_header.as_bytes().to_vec(),
                    lines: lines.collect(),
                    open_len: 0,
                };
                (layout, header)
            })
    }

    /// All entries of a text as far as they tell something, each with the lines that were told before.
    fn entries(text: Vec<u8>, n_contigs: usize) -> Vec<(Option<Wrap>, RecordStart, Vec<u8>)> {
        let (mut reader, _, _) = LayoutReader::new(text).unwrap();
        let mut entry = || {
            let start = reader.next_record().unwrap();
            let mut lines = Vec::new();
            let is_listed = start.shape == Shape::Listed;
            if is_listed {
                put_lines(&mut reader, &start, &mut lines).unwrap();
            }
            ((!is_listed).then(|| reader.wrap().clone()), start, lines)
        };
        (0..n_contigs).map(|_| entry()).collect()
    }

    proptest! {
        #[test]
        fn picked_contigs_have_the_lines_that_they_had(
            records in proptest::collection::vec((layout(), any::<bool>()), 1..8),
        ) {
            let layouts = records.iter().map(|((layout, header), _)| (layout, header.map(str::as_bytes)));
            let text = layout_text(layouts).unwrap();
            let kept: Vec<usize> = (0..records.len()).filter(|contig| records[*contig].1).collect();
            let all = entries(text.clone(), records.len());
            let picked = pick_layouts(text.clone(), &kept).unwrap();
            let expected: Vec<_> = kept.iter().map(|contig| all[*contig].clone()).collect();
            prop_assert_eq!(entries(picked, kept.len()), expected);
            let everything: Vec<usize> = (0..records.len()).collect();
            prop_assert_eq!(pick_layouts(text.clone(), &everything).unwrap(), text.clone());

            let renamed = forget_headers(text, &kept).unwrap();
            for (contig, (wrap, start, lines)) in entries(renamed, records.len()).into_iter().enumerate() {
                let (old_wrap, old, old_lines) = all[contig].clone();
                prop_assert_eq!((wrap, &start.after_header, start.shape, lines), (old_wrap, &old.after_header, old.shape, old_lines));
                let header = if kept.contains(&contig) { None } else { old.header };
                prop_assert_eq!(start.header, header);
            }
        }
    }
}
