//! Names of samples and contigs, as every AGC archive has them (FORMAT.md, "Names").

use std::path::Path;

/// Suffixes that are taken off a sample name again and again, in upper and lower case. AGC knows `.fna`, `.gz`, `.fa` and
/// `.fasta`.
const SUFFIXES: [&str; 18] = [
    ".fa", ".fasta", ".fna", ".ffn", ".frn", ".faa", ".fas", ".fsa", ".mfa", ".gz", ".bgz", ".bgzf", ".zst",
    ".zstd", ".xz", ".bz2", ".lzma", ".tar",
];

/// Sample name of a file: no directories, no last extension, none of the usual suffixes. Empty for what is named by its number only:
/// `/dev/stdin`, `/dev/fd/63`, as shells call a pipe.
#[must_use]
pub fn sample_name(path: &Path) -> String {
    if is_descriptor(path) {
        return String::new();
    }
    let file_name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut name = match file_name.rfind('.') {
        Some(dot) if dot > 0 => &file_name[..dot],
        _ => &file_name[..],
    };
    while let Some(shorter) = without_suffix(name) {
        name = shorter;
    }
    name.to_owned()
}

/// Whether a name ends as those of FASTA files do.
#[must_use]
pub fn has_suffix(name: &str) -> bool {
    without_suffix(name).is_some()
}

/// Whether a path names an open file of a process: `/dev/stdin`, `/dev/fd/63`, `/proc/self/fd/0`.
fn is_descriptor(path: &Path) -> bool {
    path == Path::new("/dev/stdin")
        || path.starts_with("/dev/fd")
        || path.starts_with("/proc") && path.parent().is_some_and(|folder| folder.ends_with("fd"))
}

fn without_suffix(name: &str) -> Option<&str> {
    let shorter = |suffix: &&str| {
        let (rest, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
        (!rest.is_empty() && end.eq_ignore_ascii_case(suffix)).then_some(rest)
    };
    SUFFIXES.iter().find_map(shorter)
}

/// Control characters in a name: those of ASCII, tabs among them, and those of 80 to 9F hex as UTF-8 has them, by which some terminals are moved, too.
pub(crate) fn controls_in(name: &[u8]) -> impl Iterator<Item = u8> {
    const IN_FRONT_OF_C1: u8 = 0xC2;
    let follows = |i: usize| {
        i.checked_sub(1)
            .is_some_and(|before| name[before] == IN_FRONT_OF_C1)
    };
    let is_control =
        move |i: usize, byte: u8| byte.is_ascii_control() || matches!(byte, 0x80..=0x9F) && follows(i);
    let bytes = name.iter().copied().enumerate();
    bytes
        .filter(move |(i, byte)| is_control(*i, *byte))
        .map(|(_, byte)| byte)
}

/// The first control character in the name of a contig, in which tabs may be.
#[must_use]
pub(crate) fn control_in_contig(name: &[u8]) -> Option<u8> {
    controls_in(name).find(|byte| *byte != b'\t')
}

/// What keeps these bytes from being the name of a sample: it would be two lines of a list, move the cursor of a terminal, or stand for several
/// names that are no text.
#[must_use]
pub(crate) fn fault_in_sample(name: &[u8]) -> Option<String> {
    match controls_in(name).next() {
        Some(byte) => Some(control(byte)),
        None => match std::str::from_utf8(name) {
            Ok(text) if !text.contains(char::REPLACEMENT_CHARACTER) => None,
            _ => Some("bytes that are not UTF-8".to_owned()),
        },
    }
}

/// How a control character is told.
#[must_use]
pub(crate) fn control(byte: u8) -> String {
    format!("a control character ({byte:02X} hex)")
}

/// Short name of a contig: the first word of its header line. Blanks before it, as in `> chr1`, do not belong to it.
#[must_use]
pub fn short_name(contig_name: &[u8]) -> &[u8] {
    let name = without_blanks(contig_name);
    let len = name
        .iter()
        .position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .unwrap_or(name.len());
    &name[..len]
}

/// A header line without the blanks that it begins with.
#[must_use]
pub fn without_blanks(contig_name: &[u8]) -> &[u8] {
    let n_blanks = contig_name
        .iter()
        .position(|byte| !matches!(byte, b' ' | b'\t'))
        .unwrap_or(contig_name.len());
    &contig_name[n_blanks..]
}

/// Sample of a contig whose name follows PanSN: `sample#haplotype` of `sample#haplotype#contig`. `None` for other names; none of the
/// three may be empty.
#[must_use]
pub(crate) fn pansn_sample(contig_name: &[u8]) -> Option<&[u8]> {
    let name = short_name(contig_name);
    let mut marks = memchr::memchr_iter(b'#', name);
    let (first, second) = (marks.next()?, marks.next()?);
    let is_whole = first > 0 && second > first + 1 && second + 1 < name.len();
    is_whole.then(|| &name[..second])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_of_a_pansn_name_is_in_its_first_word() {
        assert_eq!(pansn_sample(b"HG002#1#chr1 some words"), Some(&b"HG002#1"[..]));
        assert_eq!(pansn_sample(b"chr1 HG002#1#chr1"), None);
    }

    #[test]
    fn sample_names_of_the_format_description() {
        for (file, expected) in [
            ("x.fa", "x"),
            ("w.fa.gz", "w"),
            ("a.b.fa", "a.b"),
            ("a.c.fna.gz", "a.c"),
            ("b.fna.fasta.fa", "b"),
            ("T.fa.fa", "T"),
            ("V.txt", "V"),
            ("HG1.2", "HG1"),
            ("noext", "noext"),
            (".hid", ".hid"),
            ("dotend.", "dotend"),
            ("c.gz.fa", "c"),
            ("gz.gz", "gz"),
            ("S.FA", "S"),
            ("Y.fa.bak", "Y"),
            ("U.fasta.fa.gz", "U"),
            ("fa.fa", "fa"),
            ("q.fas", "q"),
            ("d/e.x/f.fa", "f"),
            ("s.FA.GZ", "s"),
            ("t.Fasta.Bgz", "t"),
            ("u.ffn.zst", "u"),
            ("v.fas.xz", "v"),
            ("w.faa.bz2", "w"),
            (
                "GCF_000005845.2_ASM584v2_genomic.fna.gz",
                "GCF_000005845.2_ASM584v2_genomic",
            ),
            ("é.fa.gz", "é"),
            ("/dev/stdin", ""),
            ("/dev/fd/63", ""),
            ("/proc/self/fd/0", ""),
            ("/proc/s.fa", "s"),
            ("dev/fd/63.fa", "63"),
        ] {
            assert_eq!(sample_name(Path::new(file)), expected, "{file}");
        }
    }

    #[test]
    fn pansn_names_have_three_parts() {
        assert_eq!(pansn_sample(b"s#1#c#x"), Some(&b"s#1"[..]));
        for name in ["", "s", "s#1", "s#1#", "#1#c", "s##c", "s#1 #c", "##"] {
            assert_eq!(pansn_sample(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn short_names_end_at_a_blank() {
        assert_eq!(short_name(b"chr1 first"), b"chr1");
        assert_eq!(short_name(b"chr1\tfirst"), b"chr1");
        assert_eq!(short_name(b"virus/000|x"), b"virus/000|x");
        assert_eq!(short_name(b" x"), b"x");
        assert_eq!(short_name(b" \t x y"), b"x");
        assert_eq!(short_name(b" \t"), b"");
    }
}
