//! What a file that is not FASTA looks like, by its beginning.

use super::tarball::is_tar;

/// Bytes of the beginning that are looked at: a header of tar.
pub(super) const START_LEN: usize = 512;

/// Beginnings of files that hold no text.
const BINARY: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive: unpack it first"),
    (b"BAM\x01", "BAM"),
    (b"CRAM", "CRAM"),
    (b"BCF\x02", "BCF, as VCF"),
    (&[0x1A, 0x41, 0x27, 0x43], "2bit"),
    (&[0x43, 0x27, 0x41, 0x1A], "2bit"),
    (b"NCBI.sra", "an SRA file"),
    (b"\x89HDF", "HDF5"),
    (b"SQLite format 3", "an SQLite database"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive: unpack it first"),
    (b"Rar!", "a rar archive: unpack it first"),
    (b"LZIP", "lzip: decompress it first"),
    (&[0x04, 0x22, 0x4D, 0x18], "lz4: decompress it first"),
    (&[0x1F, 0x9D], "compress (.Z): decompress it first"),
    (&[0x5D, 0, 0], "lzma: decompress it first"),
    (b".sff", "SFF"),
    (b"ABIF", "an ABI trace"),
    (b"%PDF", "PDF"),
    (&[0xFF, 0xFE], "text in UTF-16: store it as plain text"),
    (&[0xFE, 0xFF], "text in UTF-16: store it as plain text"),
];

/// Beginnings of text, blank lines and byte order marks apart.
const TEXT: &[(&str, &str)] = &[
    ("@HD\t", "SAM"),
    ("@SQ\t", "SAM"),
    ("@RG\t", "SAM"),
    ("@PG\t", "SAM"),
    ("@CO\t", "SAM"),
    ("@", "FASTQ"),
    ("LOCUS ", "GenBank"),
    ("ID   ", "EMBL"),
    ("##gff", "GFF"),
    ("##sequence-region", "GFF"),
    ("##gtf", "GTF"),
    ("#!genome-build", "GTF"),
    ("##fileformat=VCF", "VCF"),
    ("#CHROM\t", "VCF"),
    ("track ", "a BED or wiggle track"),
    ("CLUSTAL", "a Clustal alignment"),
    ("# STOCKHOLM", "a Stockholm alignment"),
    ("#NEXUS", "NEXUS"),
    ("##maf", "MAF"),
    ("#FormatVersion Mauve", "XMFA"),
    ("H\tVN:Z", "GFA"),
    ("S\t", "GFA"),
    ("Seq-entry ::=", "ASN.1"),
    ("Bioseq-set ::=", "ASN.1"),
    (
        "{\\rtf",
        "RTF, a document of a word processor: store it as plain text",
    ),
    ("{", "JSON"),
    ("[", "JSON"),
];

/// What a file that begins so seems to be.
pub(super) fn looks_like(start: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = BINARY.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(what);
    }
    if is_tar(start) {
        return Some(
            "a tar archive, which is read from files and standard input and not in pipes or other archives",
        );
    }
    let text = text_of(start);
    if let Some((_, what)) = TEXT.iter().find(|(mark, _)| text.starts_with(mark)) {
        return Some(what);
    }
    if let Some(what) = markup(text) {
        return Some(what);
    }
    let line = text.lines().find(|line| !line.starts_with('#'))?;
    of_line(line)
}

/// The text at the start of a file, up to the first byte that is none.
fn text_of(start: &[u8]) -> &str {
    let text = match str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default(),
    };
    text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
}

fn markup(text: &str) -> Option<&'static str> {
    let start = text.get(..text.len().min(15))?.to_ascii_lowercase();
    let is = |marks: &[&str]| marks.iter().any(|mark| start.starts_with(mark));
    if is(&["<!doctype html", "<html", "<head", "<body", "<pre"]) {
        Some("HTML, as a server sends instead of a file that is not there")
    } else if is(&["<?xml", "<"]) {
        Some("XML")
    } else {
        None
    }
}

/// By the fields of the first line that is no comment.
fn of_line(line: &str) -> Option<&'static str> {
    let fields: Vec<&str> = line.split('\t').collect();
    let is_number = |field: usize| {
        fields
            .get(field)
            .is_some_and(|field| field.parse::<u64>().is_ok())
    };
    let is_strand = |field: usize| matches!(fields.get(field), Some(&("+" | "-" | "." | "?")));
    if fields.len() >= 8 && is_number(3) && is_number(4) && is_strand(6) {
        return Some("GFF");
    }
    if fields.len() >= 11 && is_number(1) && is_number(3) && is_number(4) {
        return Some("SAM");
    }
    if fields.len() == 5 && (1..5).all(is_number) {
        return Some("the index of a FASTA file (.fai)");
    }
    if fields.len() >= 8 && is_number(1) && fields[3].bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some("VCF");
    }
    if fields.len() >= 3 && is_number(1) && is_number(2) {
        return Some("BED");
    }
    let is_letters = line.len() >= 10 && line.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_letters.then_some("a sequence without a header line ('>NAME')")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_look_like() {
        let mut tar = vec![0; START_LEN];
        tar[257..262].copy_from_slice(b"ustar");
        assert!(looks_like(&tar).unwrap().starts_with("a tar archive"));
        for (start, expected) in [
            (&b"@r1\nACGT\n+\nIIII\n"[..], Some("FASTQ")),
            (b"\n\n@SQ\tSN:1\tLN:4\n", Some("SAM")),
            (b"r\t0\t1\t1\t60\t4M\t*\t0\t0\tACGT\tIIII\n", Some("SAM")),
            (b"LOCUS       NC_1   10 bp\n", Some("GenBank")),
            (b"ID   X1; SV 1; linear\n", Some("EMBL")),
            (b"##gff-version 3\n", Some("GFF")),
            (
                b"# a comment\nchr1\tsrc\tgene\t1\t9\t.\t+\t.\tID=x\n",
                Some("GFF"),
            ),
            (b"##fileformat=VCFv4.2\n", Some("VCF")),
            (b"#CHROM\tPOS\n", Some("VCF")),
            (b"chr1\t10\t20\tx\n", Some("BED")),
            (
                b"chr1\t10\t20\t60\t61\n",
                Some("the index of a FASTA file (.fai)"),
            ),
            (
                b"ACGTACGTACGTACGT\nACGT\n",
                Some("a sequence without a header line ('>NAME')"),
            ),
            (b"\xEF\xBB\xBF{\"a\": 1}", Some("JSON")),
            (b"<?xml version='1.0'?>", Some("XML")),
            (b"BAM\x01\0\0", Some("BAM")),
            (b"hello\n>x\nACGT\n", None),
            (b"\xFF\0\xFA", None),
            (b"", None),
        ] {
            assert_eq!(
                looks_like(start),
                expected,
                "{:?}",
                String::from_utf8_lossy(start)
            );
        }
        let html = looks_like(b"\r\n <!DOCTYPE HTML PUBLIC").unwrap();
        assert!(html.starts_with("HTML"));
        assert!(
            looks_like(b"PK\x03\x04\x14")
                .unwrap()
                .starts_with("a zip archive")
        );
    }
}
