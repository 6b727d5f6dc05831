//! Names of samples and contigs, as every AGC archive has them (FORMAT.md, "Names").

use std::path::Path;

/// Suffixes that are taken off a sample name again and again, in this order.
const SUFFIXES: [&str; 4] = [".fna", ".gz", ".fa", ".fasta"];

/// Sample name of a file: no directories, no last extension, none of the usual suffixes.
///
/// ```
/// use ragc_core::fasta::name::sample_name;
/// use std::path::Path;
/// assert_eq!(sample_name(Path::new("dir/HG002.1.fa.gz")), "HG002.1");
/// assert_eq!(sample_name(Path::new("HG002.1")), "HG002");
/// ```
#[must_use]
pub fn sample_name(path: &Path) -> String {
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

fn without_suffix(name: &str) -> Option<&str> {
    SUFFIXES
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix).filter(|rest| !rest.is_empty()))
}

/// The first control character of ASCII in a name. Tabs are among them.
#[must_use]
pub fn control_in(name: &[u8]) -> Option<u8> {
    name.iter().copied().find(u8::is_ascii_control)
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

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(sample_name(Path::new(file)), expected, "{file}");
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
