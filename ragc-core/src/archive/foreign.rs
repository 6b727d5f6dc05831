//! What a file is that has no footer: an archive whose end is missing, or no archive at all.
//!
//! The size of the footer is read from the last bytes of a file. Of any other file these bytes are a number that says
//! nothing, so whoever names the wrong file is told what it looks like instead. An archive begins with the length of a
//! number, at most 8, as no text and no packed file does.

use crate::bytes::MAX_CONTAINER_INT_LEN;
use crate::error::{Error, ErrorKind};
use crate::read_at::ReadAt;

/// Bytes that are looked at.
const HEAD_LEN: usize = 512;
/// Where a tar archive tells that it is one.
const TAR_MARK: std::ops::Range<usize> = 257..262;

/// First bytes of kinds of files. Of two that fit the first counts.
const KINDS: [(&[u8], &str); 24] = [
    (b"\x1f\x8b", PACKED_BY_GZIP),
    (b"\x28\xb5\x2f\xfd", PACKED_BY_ZSTD),
    (b"\x50\x2a\x4d\x18", PACKED_BY_ZSTD),
    (
        b"\xfd7zXZ\0",
        "compressed with xz: an archive must be unpacked first",
    ),
    (b"BZh", "compressed with bzip2: an archive must be unpacked first"),
    (b"PK\x03\x04", "a zip file: an archive must be unpacked first"),
    (b"\x7fELF", "a program"),
    (b"CRAM", "CRAM"),
    (b"BAM\x01", "BAM"),
    (b"SQLite format 3\0", "a database"),
    (b">", "FASTA text"),
    (b"@HD\t", "SAM text"),
    (b"@SQ\t", "SAM text"),
    (b"@", "FASTQ text"),
    (b"LOCUS ", "GenBank text"),
    (b"ID   ", "EMBL text"),
    (b"##gff", "GFF text"),
    (b"##fileformat=VCF", "VCF text"),
    (b"#NEXUS", "NEXUS text"),
    (b"H\tVN:", "GFA text"),
    (b"<", "a web page (HTML or XML): the download gave another answer"),
    (b"{", "JSON text"),
    (
        b"version https://git-lfs",
        "the pointer of a file in Git LFS, which has to be fetched",
    ),
    (b"%PDF", "a PDF file"),
];
const PACKED_BY_GZIP: &str = "compressed with gzip: an archive must be unpacked first";
const PACKED_BY_ZSTD: &str = "compressed with zstd: an archive must be unpacked first";

/// In place of an error of reading the footer, what the file is.
pub(super) fn explain(source: &(impl ReadAt + ?Sized), error: Error) -> Error {
    match error.kind() {
        ErrorKind::Truncated { .. } | ErrorKind::Corrupt(_) | ErrorKind::NotFound { .. } => {}
        _ => return error,
    }
    let Some(head) = head(source) else {
        return error;
    };
    match kind_of(&head) {
        Some(kind) => Error::new(ErrorKind::NotArchive(kind.to_owned())),
        None => Error::corrupt(match error.kind() {
            ErrorKind::Corrupt(why) => format!("{why}: is the file complete?"),
            _ => "the footer, with which an archive ends, is missing: is the file complete?".to_owned(),
        }),
    }
}

fn head(source: &(impl ReadAt + ?Sized)) -> Option<Vec<u8>> {
    let len = source.len().ok()?.min(HEAD_LEN as u64) as usize;
    let mut head = vec![0; len];
    source.read_exact_at(0, &mut head).ok()?;
    Some(head)
}

/// What a file is that begins so; `None` if it may be an archive.
fn kind_of(head: &[u8]) -> Option<&'static str> {
    let Some(first) = head.first() else {
        return Some("an empty file");
    };
    if head.iter().all(|byte| *byte == 0) {
        return Some("nothing but zeros: a download that has not come far");
    }
    // A number is stored as its length and its bytes.
    if usize::from(*first) < MAX_CONTAINER_INT_LEN {
        return None;
    }
    if head.get(TAR_MARK) == Some(b"ustar") {
        return Some("a tar file: an archive must be taken out first");
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = text.trim_ascii_start();
    let kind = KINDS
        .iter()
        .find(|(start, _)| text.starts_with(start) || head.starts_with(start));
    Some(match kind {
        Some((_, kind)) => kind,
        None if is_text(head) => "text",
        None => "of another kind",
    })
}

/// A character may be cut at the end.
fn is_text(head: &[u8]) -> bool {
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    is_utf8 && !head.iter().any(is_control)
}

#[cfg(test)]
mod tests {
    use crate::archive::ArchiveReader;

    fn told(bytes: &[u8]) -> String {
        ArchiveReader::open(bytes.to_vec()).unwrap_err().to_string()
    }

    #[test]
    fn files_are_told_by_their_first_bytes() {
        let tar = [&[b'x'; 257][..], b"ustar\x0000", &[0; 300]].concat();
        let cases: [(&[u8], &str); 13] = [
            (b"", "this is an empty file, not an archive"),
            (b">c\nACGTACGTACGT\n", "this is FASTA text, not an archive"),
            (b"\n>c\nACGT", "this is FASTA text, not an archive"),
            (b"@r\nACGT\n+\nIIII\n", "FASTQ"),
            (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "gzip"),
            (b"\x28\xb5\x2f\xfd\0\0\0\0\0\0\0", "zstd"),
            (b"<!DOCTYPE html><html></html>", "web page"),
            (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
            (b"sample\tfile\nx\ty\n", "this is text, not an archive"),
            ("na\u{ef}ve text".as_bytes(), "this is text, not an archive"),
            (b"\x89HDF\r\n\x1a\n\0\0\0\0", "of another kind"),
            (&[0; 4096], "zeros"),
            (&tar, "tar"),
        ];
        for (bytes, kind) in cases {
            assert!(told(bytes).contains(kind), "{}", told(bytes));
        }
    }

    #[test]
    fn an_archive_without_its_end_is_damaged() {
        let cut = told(b"\x01\x7d\x28\xb5\x2f\xfd\x20\x7d\xdd\0\0\x72\x43\x03\x82\x12");
        assert!(cut.starts_with("damaged archive: the footer"), "{cut}");
        assert!(told(b"\x01").starts_with("damaged archive"), "{}", told(b"\x01"));
    }
}
