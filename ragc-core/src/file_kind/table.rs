//! Beginnings of files.

use super::{tar, text};

/// Bytes of the beginning that are looked at: a header of tar.
pub(crate) const START_LEN: usize = 512;

/// All members of gzip, of which [`FileKind`] looks at two bytes: the third, the method, has always this value.
pub(crate) const GZIP: &[u8] = &[0x1F, 0x8B, 8];
pub(crate) const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// Of a skippable frame of zstd, behind a byte 50 to 5F.
pub(crate) const SKIPPABLE_END: &[u8] = &[0x2A, 0x4D, 0x18];
pub(crate) const XZ: &[u8] = &[0xFD, b'7', b'z', b'X', b'Z', 0];
/// Before a digit, the level.
pub(crate) const BZIP2: &[u8] = b"BZh";

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileKind {
    /// Its name, as in "this is NAME".
    pub(crate) name: &'static str,
    sort: Sort,
}

/// What can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Fasta,
    /// Packed as this program unpacks FASTA.
    Packed,
    /// Packed otherwise.
    PackedOtherwise,
    /// Files in a file.
    Folder,
    Tar,
    Page,
    /// Text that is stored otherwise than as one byte a letter.
    Encoded,
    /// What stands for a file that has not come.
    NotFetched,
    Other,
}

use Sort::{Encoded, Folder, NotFetched, Other, Packed, PackedOtherwise, Page};

/// Beginnings of files that hold no text. Of two that fit the first counts.
const BINARY: &[(&[u8], &str, Sort)] = &[
    (GZIP.split_at(2).0, "a file compressed with gzip", Packed),
    (ZSTD, "a file compressed with zstd", Packed),
    (XZ, "a file compressed with xz", Packed),
    (
        &[0x04, 0x22, 0x4D, 0x18],
        "a file compressed with lz4",
        PackedOtherwise,
    ),
    (
        &[0x02, 0x21, 0x4C, 0x18],
        "a file compressed with lz4",
        PackedOtherwise,
    ),
    (b"LZIP", "a file compressed with lzip", PackedOtherwise),
    (b"\x89LZO\0", "a file compressed with lzop", PackedOtherwise),
    (&[0x5D, 0, 0], "a file compressed with lzma", PackedOtherwise),
    (
        &[0x1F, 0x9D],
        "a file compressed with compress (.Z)",
        PackedOtherwise,
    ),
    (
        b"\xFF\x06\0\0sNaPpY",
        "a file compressed with snappy",
        PackedOtherwise,
    ),
    (b"PK\x03\x04", "a zip archive", Folder),
    (b"PK\x05\x06", "a zip archive without files", Folder),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", Folder),
    (b"Rar!", "a rar archive", Folder),
    (b"BAM\x01", "BAM", Other),
    (b"CRAM", "CRAM", Other),
    (b"BCF\x02", "BCF, as VCF", Other),
    (b"BAI\x01", "the index of a BAM file", Other),
    (b"TBI\x01", "an index of tabix", Other),
    (b"CSI\x01", "an index of tabix or samtools", Other),
    (&[0x1A, 0x41, 0x27, 0x43], "2bit", Other),
    (&[0x43, 0x27, 0x41, 0x1A], "2bit", Other),
    (&[0x26, 0xFC, 0x8F, 0x88], "bigWig", Other),
    (&[0xEB, 0xF2, 0x89, 0x87], "bigBed", Other),
    (b"NCBI.sra", "an SRA file", Other),
    (b"\x89HDF", "HDF5", Other),
    (b"\x8BPOD", "POD5", Other),
    (b"BLOW5\x01", "BLOW5", Other),
    (b"SQLite format 3", "an SQLite database", Other),
    (b".sff", "SFF", Other),
    (b"ABIF", "an ABI trace", Other),
    (b"%PDF", "PDF", Other),
    (b"\xD0\xCF\x11\xE0", "a document of Microsoft Office", Encoded),
    (b"\x89PNG", "an image", Other),
    (b"\xFF\xD8\xFF", "an image", Other),
    (b"\x7FELF", "a program", Other),
    (&[0xFF, 0xFE, 0, 0], "text in UTF-32", Encoded),
    (&[0xFF, 0xFE], "text in UTF-16", Encoded),
    (&[0xFE, 0xFF], "text in UTF-16", Encoded),
    (b">\0", "text in UTF-16", Encoded),
    (b"\0>", "text in UTF-16", Encoded),
];

/// Beginnings of text, blank lines and byte order marks apart.
const TEXT: &[(&str, &str, Sort)] = &[
    (">", "FASTA text", Sort::Fasta),
    ("@HD\t", "SAM", Other),
    ("@SQ\t", "SAM", Other),
    ("@RG\t", "SAM", Other),
    ("@PG\t", "SAM", Other),
    ("@CO\t", "SAM", Other),
    ("@", "FASTQ", Other),
    ("LOCUS ", "GenBank", Other),
    ("ID   ", "EMBL", Other),
    ("##gff", "GFF", Other),
    ("##sequence-region", "GFF", Other),
    ("##gtf", "GTF", Other),
    ("#!genome-build", "GTF", Other),
    ("#!/", "a script", Other),
    ("##fileformat=VCF", "VCF", Other),
    ("#CHROM\t", "VCF", Other),
    ("#slow5_version", "SLOW5", Other),
    ("track ", "a BED or wiggle track", Other),
    ("fixedStep ", "wiggle", Other),
    ("variableStep ", "wiggle", Other),
    ("CLUSTAL", "a Clustal alignment", Other),
    ("# STOCKHOLM", "a Stockholm alignment", Other),
    ("#NEXUS", "NEXUS", Other),
    ("##maf", "MAF", Other),
    ("#FormatVersion Mauve", "XMFA", Other),
    ("!!NA_SEQUENCE", "GCG", Other),
    ("H\tVN:Z", "GFA", Other),
    ("S\t", "GFA", Other),
    ("L\t", "GFA", Other),
    ("Seq-entry ::=", "ASN.1", Other),
    ("Bioseq-set ::=", "ASN.1", Other),
    ("{\\rtf", "RTF, a document of a word processor", Encoded),
    ("{", "JSON", Other),
    ("[", "JSON", Other),
    (
        "version https://git-lfs",
        "the pointer of a file in Git LFS",
        NotFetched,
    ),
];

/// Beginnings of pages, in any case.
const MARKUP: &[(&str, &str, Sort)] = &[
    ("<!doctype html", "HTML, a web page", Page),
    ("<html", "HTML, a web page", Page),
    ("<head", "HTML, a web page", Page),
    ("<body", "HTML, a web page", Page),
    ("<pre", "HTML, a web page", Page),
    ("<", "XML", Other),
];

impl FileKind {
    /// What a file is that begins so, with [`START_LEN`] bytes if it has as many; `None` if nobody knows.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let kind = |(_, name, sort): &(_, &'static str, Sort)| Self { name, sort: *sort };
        if let Some(found) = BINARY.iter().find(|(magic, ..)| start.starts_with(magic)) {
            return Some(Self {
                name: found.1,
                sort: found.2,
            });
        }
        if let Some(kind) = Self::of_pattern(start) {
            return Some(kind);
        }
        let text = text::text_of(start);
        let lower = text
            .get(..text.len().min(15))
            .unwrap_or_default()
            .to_ascii_lowercase();
        let marked = TEXT.iter().find(|(mark, ..)| text.starts_with(mark));
        let marked = marked.or_else(|| MARKUP.iter().find(|(mark, ..)| lower.starts_with(mark)));
        marked.map(kind).or_else(|| text::of_lines(text).map(Self::other))
    }

    /// By more than fixed bytes.
    fn of_pattern(start: &[u8]) -> Option<Self> {
        let is_skippable = start.first().is_some_and(|first| first & 0xF0 == 0x50)
            && start.get(1..).is_some_and(|rest| rest.starts_with(SKIPPABLE_END));
        let is_bzip2 = start.starts_with(BZIP2) && matches!(start.get(BZIP2.len()), Some(b'1'..=b'9'));
        let (name, sort) = if is_skippable {
            ("a file compressed with zstd or lz4", Packed)
        } else if is_bzip2 {
            ("a file compressed with bzip2", Packed)
        } else if tar::is_tar(start) {
            ("a tar archive", Sort::Tar)
        } else if !start.is_empty() && start.iter().all(|byte| *byte == 0) {
            ("nothing but zeros", NotFetched)
        } else {
            return None;
        };
        Some(Self { name, sort })
    }

    fn other(name: &'static str) -> Self {
        Self { name, sort: Other }
    }

    /// Whether it seems to be FASTA.
    pub(crate) fn is_fasta(self) -> bool {
        self.sort == Sort::Fasta
    }

    /// What who wants FASTA can do about it. Where nothing is unpacked any more, it was packed twice.
    pub(crate) fn advice_for_fasta(self) -> Option<&'static str> {
        Some(match self.sort {
            Packed => "within what was unpacked already: decompress it once before",
            PackedOtherwise => "decompress it first",
            Folder => "unpack it first",
            Sort::Tar => "these are read from files and standard input, and not in pipes or other archives",
            Page => "servers send that instead of a file that is not there",
            Encoded => "store it as plain text",
            NotFetched => "the file itself has not come",
            Sort::Fasta | Other => return None,
        })
    }

    /// What who wants an archive can do about it.
    pub(crate) fn advice_for_archive(self) -> Option<&'static str> {
        Some(match self.sort {
            Packed | PackedOtherwise | Folder => "an archive must be unpacked first",
            Sort::Tar => "what is in it must be taken out first",
            Page => "the download gave another answer",
            NotFetched => "the file itself has not come",
            Sort::Fasta | Encoded | Other => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(start: &[u8]) -> Option<&'static str> {
        FileKind::of(start).map(|kind| kind.name)
    }

    #[test]
    fn what_files_look_like() {
        let mut tar = vec![b'x'; START_LEN];
        tar[257..262].copy_from_slice(b"ustar");
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
            (b"q\t90\t0\t80\t+\tt\t99\t1\t81\t70\t80\t60\n", Some("PAF")),
            (b" 3 120\nA  ACGT\n", Some("PHYLIP")),
            (
                b"chr1\t10\t20\t60\t61\n",
                Some("the index of a FASTA file (.fai)"),
            ),
            (
                b"ACGTACGTACGTACGT\nACGT\n",
                Some("a sequence without a header line ('>NAME')"),
            ),
            (b"\xEF\xBB\xBF{\"a\": 1}", Some("JSON")),
            (b"\xEF\xBB\xBF\n>c\n", Some("FASTA text")),
            (b"<?xml version='1.0'?>", Some("XML")),
            (b"\r\n <!DOCTYPE HTML PUBLIC", Some("HTML, a web page")),
            (b"BAM\x01\0\0", Some("BAM")),
            (b"PK\x03\x04\x14", Some("a zip archive")),
            (b"\x1F\x8B", Some("a file compressed with gzip")),
            (b"\x5E\x2A\x4D\x18", Some("a file compressed with zstd or lz4")),
            (b"BZh9", Some("a file compressed with bzip2")),
            (b"BZhu", None),
            (b"\xFF\xFE\0\0", Some("text in UTF-32")),
            (b"\xFF\xFEx\0", Some("text in UTF-16")),
            (b">\0c\0", Some("text in UTF-16")),
            (b"\0\0\0", Some("nothing but zeros")),
            (&tar, Some("a tar archive")),
            (b"hello\n>x\nACGT\n", None),
            (b"12 apples\n", None),
            (b"\xFF\0\xFA", None),
            (b"", None),
        ] {
            assert_eq!(name(start), expected, "{:?}", String::from_utf8_lossy(start));
        }
    }
}
