//! The `.fai` table: where each contig lies in a FASTA file with lines of one width.
//!
//! As of `samtools faidx`: name up to the first blank, bases, offset of the first base, bases per line, bytes per
//! line; contigs without bases are left out, and those whose name came before.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use ragc_core::short_name;

/// The table of a FASTA file, made while the file is written or planned.
#[derive(Debug)]
pub(crate) struct FaiTable {
    line_width: u64,
    /// Bytes of text before the current contig's bases.
    offset: u64,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: Vec<u8>,
    len: u64,
    offset: u64,
}

impl FaiTable {
    /// The table of a file without contigs.
    pub(crate) fn new(line_width: u64) -> Self {
        Self {
            line_width,
            offset: 0,
            rows: Vec::new(),
        }
    }

    /// A contig begins, with this header line.
    pub(crate) fn start_contig(&mut self, header: &[u8]) {
        if let Some(row) = self.rows.last() {
            self.offset = row.offset + row.len + row.len.div_ceil(self.line_width);
        }
        self.offset += header.len() as u64 + 2;
        self.rows.push(Row {
            name: short_name(header).to_vec(),
            len: 0,
            offset: self.offset,
        });
    }

    /// More bases of the contig.
    pub(crate) fn bases(&mut self, n: u64) {
        if let Some(row) = self.rows.last_mut() {
            row.len += n;
        }
    }

    /// Writes the rows.
    pub(crate) fn write(&self, mut out: impl Write) -> io::Result<()> {
        let mut seen = HashSet::new();
        let rows = self.rows.iter().filter(|row| row.len > 0);
        for row in rows.filter(|row| seen.insert(&row.name)) {
            let width = row.len.min(self.line_width);
            out.write_all(&row.name)?;
            writeln!(out, "\t{}\t{}\t{width}\t{}", row.len, row.offset, width + 1)?;
        }
        Ok(())
    }

    /// Tells that names come several times, of which a table has the first only.
    pub(crate) fn warn_of_repeats(&self, path: Option<&Path>) {
        if let Some(name) = self.repeated_name() {
            let name = String::from_utf8_lossy(name);
            let place = path.map_or_else(String::new, |path| format!("{}: ", path.display()));
            warning!("{place}several contigs are named {name:?}; --with-sample tells samples apart");
        }
    }

    /// A name that several contigs have.
    fn repeated_name(&self) -> Option<&[u8]> {
        let mut seen = HashSet::new();
        let repeated = self.rows.iter().find(|row| !seen.insert(&row.name));
        repeated.map(|row| row.name.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_the_text() {
        let mut table = FaiTable::new(4);
        // >a b\nACGT\nAC\n>empty\n>c\nACGT\n>a\nA\n
        for (header, n) in [("a b", 6), ("empty", 0), ("c", 4), ("a", 1)] {
            table.start_contig(header.as_bytes());
            table.bases(n);
        }
        let mut text = Vec::new();
        table.write(&mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "a\t6\t5\t4\t5\nc\t4\t23\t4\t5\n"
        );
        assert_eq!(table.repeated_name(), Some(&b"a"[..]));
    }
}
