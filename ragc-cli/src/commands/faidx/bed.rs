//! Regions of a BED file: name, start and end between tabs, counted from 0, without the end; the sixth column is the
//! strand.

use std::ops::Range;
use std::path::Path;

use anyhow::anyhow;

use crate::args::read_lines;
use crate::commands::faidx::asked::AskedRegion;

/// Reads the regions of a file; `-` is standard input.
pub(super) fn read_bed(path: &Path) -> anyhow::Result<Vec<AskedRegion>> {
    let lines = read_lines(path)?;
    let regions = lines.iter().filter(|line| !is_heading(line));
    let regions = regions.map(|line| {
        parse(line).map_err(|why| {
            let line = String::from_utf8_lossy(line);
            anyhow!("{}: {line:?} is no line of a BED file: {why}", path.display())
        })
    });
    regions.collect()
}

/// Lines for programs that draw, and comments. A contig may be named as the first word of such a line.
fn is_heading(line: &[u8]) -> bool {
    let first = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    first.starts_with(b"#") || [b"track".as_slice(), b"browser"].contains(&first) && parse(line).is_err()
}

fn parse(line: &[u8]) -> Result<AskedRegion, &'static str> {
    let columns: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
    let (name, range) = name_and_range(&columns).ok_or("NAME, START, END with tabs between them")?;
    if range.start > range.end {
        return Err("END stands before START");
    }
    let is_reverse = match columns.get(5).map(|strand| strand.trim_ascii()) {
        None | Some(b"" | b"." | b"+") => false,
        Some(b"-") => true,
        Some(_) => return Err("the sixth column is the strand, '+', '-' or '.'"),
    };
    Ok(AskedRegion::Bed {
        name: name.to_vec(),
        range,
        is_reverse,
    })
}

fn name_and_range<'a>(columns: &[&'a [u8]]) -> Option<(&'a [u8], Range<u64>)> {
    let name = columns.first().filter(|name| !name.is_empty())?;
    let position = |column: usize| {
        std::str::from_utf8(columns.get(column)?)
            .ok()?
            .trim()
            .parse()
            .ok()
    };
    Some((name, position(1)?..position(2)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_three_columns_at_least() {
        let asked = |line: &[u8]| parse(line).ok();
        let label = |line: &[u8]| {
            asked(line).map(|asked| String::from_utf8(asked.label(asked.address().text)).unwrap())
        };
        assert_eq!(label(b"chr1\t0\t10"), Some("chr1:1-10".to_owned()));
        assert_eq!(label(b"a b\t5\t6\tname\t0\t-"), Some("a b:6-6".to_owned()));
        for wrong in ["chr1", "chr1\t5", "chr1 1 2", "chr1\t5\t4", "\t1\t2", "c\t-1\t2"] {
            assert_eq!(label(wrong.as_bytes()), None, "{wrong}");
        }
        for (strand, is_reverse) in [("+", false), (".", false), ("-", true), ("-\tmore", true)] {
            let line = format!("chr1\t0\t10\tx\t0\t{strand}");
            assert_eq!(
                asked(line.as_bytes()).unwrap().is_reverse(),
                is_reverse,
                "{strand}"
            );
        }
        assert!(asked(b"chr1\t0\t10\tx\t0\tminus").is_none());
        assert_eq!(parse(b"chr1\t6\t5").unwrap_err(), "END stands before START");
        assert!(is_heading(b"# x") && is_heading(b"track name=x") && !is_heading(b"tracker\t1\t2"));
        assert!(is_heading(b"browser position chr1:1-2") && is_heading(b"browser"));
        assert!(is_heading(b"track\tname=x\tvisibility=1"));
        assert!(!is_heading(b"track\t1\t2"));
    }
}
