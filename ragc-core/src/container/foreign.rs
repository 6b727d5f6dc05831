//! What a file is that has no footer: an archive whose end is missing, or no archive at all.
//!
//! The size of the footer is read from the last bytes of a file. Of any other file these bytes are a number that says
//! nothing, so whoever names the wrong file is told what it looks like instead. An archive begins with the length of a
//! number, at most 8, as no text and no packed file does.

use crate::bytes::MAX_CONTAINER_INT_LEN;
use crate::error::{Error, ErrorKind, Result};
use crate::file_kind::{FileKind, START_LEN};
use crate::read_at::ReadAt;

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
        Some(kind) => Error::new(ErrorKind::NotArchive(kind)),
        None => Error::corrupt(match error.kind() {
            ErrorKind::Corrupt(why) => format!("{why}: is the file complete?"),
            _ => "the footer, with which an archive ends, is missing: is the file complete?".to_owned(),
        }),
    }
}

/// What is still coming in is told by its start: nobody waits for the end of what is no archive.
///
/// # Errors
/// `NotArchive`.
pub(super) fn check_start(source: &(impl ReadAt + ?Sized)) -> Result<()> {
    let mut start = vec![0; START_LEN];
    match source.read_exact_at(0, &mut start) {
        // Of what is shorter the end is there.
        Err(_) => Ok(()),
        Ok(()) => match kind_of(&start) {
            Some(kind) => Err(Error::new(ErrorKind::NotArchive(kind))),
            None => Ok(()),
        },
    }
}

fn head(source: &(impl ReadAt + ?Sized)) -> Option<Vec<u8>> {
    let len = source.len().ok()?.min(START_LEN as u64) as usize;
    let mut head = vec![0; len];
    source.read_exact_at(0, &mut head).ok()?;
    Some(head)
}

/// What a file is that begins so, and what can be done about it; `None` if it may be an archive.
fn kind_of(head: &[u8]) -> Option<String> {
    let Some(first) = head.first() else {
        return Some("an empty file".to_owned());
    };
    // A number is stored as its length and its bytes, and no archive begins with zeros only.
    if usize::from(*first) < MAX_CONTAINER_INT_LEN && head.iter().any(|byte| *byte != 0) {
        return None;
    }
    Some(match FileKind::of(head) {
        Some(kind) => match kind.advice_for_archive() {
            Some(advice) => format!("{}: {advice}", kind.name),
            None => kind.name.to_owned(),
        },
        None if is_text(head) => "text".to_owned(),
        None => "of another kind".to_owned(),
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
    use crate::container::ContainerReader;

    fn told(bytes: &[u8]) -> String {
        ContainerReader::open(bytes.to_vec()).unwrap_err().to_string()
    }

    #[test]
    fn files_are_told_by_their_first_bytes() {
        let tar = [&[b'x'; 257][..], b"ustar\x0000", &[0; 300]].concat();
        let cases: [(&[u8], &str); 15] = [
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
            (b"\x89HDF\r\n\x1a\n\0\0\0\0", "HDF5"),
            (b"\x89???\r\n\x1a\n\0\0\0\0", "of another kind"),
            (b"sra\t1\t20\n", "BED"),
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
