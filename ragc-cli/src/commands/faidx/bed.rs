//! Regions of a BED file: name, start and end between tabs, counted from 0, without the end.

use std::path::Path;

use anyhow::anyhow;

use crate::args::read_lines;
use crate::commands::faidx::resolve::Asked;

/// Reads the regions of a file; `-` is standard input.
pub(super) fn read_bed(path: &Path) -> anyhow::Result<Vec<Asked>> {
    let lines = read_lines(path)?;
    let regions = lines.iter().filter(|line| !is_heading(line));
    let regions = regions.map(|line| {
        parse(line).ok_or_else(|| {
            let line = String::from_utf8_lossy(line);
            anyhow!(
                "{}: {line:?} is no line of a BED file: NAME, START, END",
                path.display()
            )
        })
    });
    regions.collect()
}

/// Lines for programs that draw, and comments.
fn is_heading(line: &[u8]) -> bool {
    let first = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    first.starts_with(b"#") || first == b"track" || first == b"browser"
}

fn parse(line: &[u8]) -> Option<Asked> {
    let mut columns = line.split(|byte| *byte == b'\t');
    let name = columns.next().filter(|name| !name.is_empty())?;
    let mut position = || std::str::from_utf8(columns.next()?).ok()?.trim().parse().ok();
    let (start, end): (u64, u64) = (position()?, position()?);
    (start <= end).then(|| Asked::Bed {
        name: name.to_vec(),
        range: start..end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_three_columns_at_least() {
        let label = |line: &[u8]| parse(line).map(|asked| String::from_utf8(asked.label()).unwrap());
        assert_eq!(label(b"chr1\t0\t10"), Some("chr1:1-10".to_owned()));
        assert_eq!(label(b"a b\t5\t6\tname\t0\t-"), Some("a b:6-6".to_owned()));
        for wrong in ["chr1", "chr1\t5", "chr1 1 2", "chr1\t5\t4", "\t1\t2", "c\t-1\t2"] {
            assert_eq!(label(wrong.as_bytes()), None, "{wrong}");
        }
        assert!(is_heading(b"# x") && is_heading(b"track name=x") && !is_heading(b"tracker\t1\t2"));
    }
}
