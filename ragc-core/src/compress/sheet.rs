//! Lists of input files, and sample sheets: lines of text that name samples and their files.
//!
//! ```text
//! # comment                        and blank lines
//! assemblies/SK1.fa.gz             a file; its sample is named after it
//! S288C<TAB>chrI.fa<TAB>chrII.fa   a sample out of one file or several
//! b.fa # comment                   which has blanks around its mark
//! a.fa b.fa                        several files, if there is none of this name: a list of AGC
//! ```

use super::input::Input;
use crate::error::{Error, Result};
use crate::fasta::Source;
use crate::name;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What some programs write in front of a text.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads a sheet from a file, see [`parse_sheet`].
///
/// # Errors
/// `Io` when it cannot be read; as [`parse_sheet`].
pub fn read_sheet(path: &Path) -> Result<Vec<Input>> {
    let text = std::fs::read(path).map_err(|error| Error::io("cannot read", error));
    text.and_then(|text| parse_sheet(&text))
        .map_err(|error| error.in_file(path))
}

/// The samples of a sheet, in the order of its lines. A line is `PATH`, or `NAME`, `PATH` and perhaps further paths of the same sample,
/// with a tab between them; `-` is standard input. Blank lines and those that begin with `#` are passed over, what stands behind a `#` with blanks around it,
/// and blanks around names and paths. Lines end with LF or CR LF.
///
/// ```
/// use ragc_core::internals::inputs::parse_sheet;
/// let inputs = parse_sheet(b"# two yeasts\nSK1.fa.gz\nS288C\tchrI.fa\tchrII.fa\n")?;
/// assert_eq!((inputs[0].sample.as_str(), inputs[1].sample.as_str()), ("SK1", "S288C"));
/// assert_eq!(inputs[1].sources().count(), 2);
/// # Ok::<(), ragc_core::Error>(())
/// ```
///
/// # Errors
/// `BadInput` for what is no such list, with its line.
pub fn parse_sheet(text: &[u8]) -> Result<Vec<Input>> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut inputs = Vec::new();
    for (line, number) in text.split(|byte| *byte == b'\n').zip(1..) {
        add_line(without_comment(line), &mut inputs).map_err(|error| error.at_line(number))?;
    }
    Ok(inputs)
}

/// A line without what stands behind a `#` of its own, one with blanks around it: names and paths may hold that mark.
fn without_comment(line: &[u8]) -> &[u8] {
    let is_mark = |place: &usize| {
        let is_blank = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
        *place > 0 && is_blank(line.get(place - 1)) && is_blank(line.get(place + 1))
    };
    let is_path = || os_path(line.trim_ascii()).exists();
    match memchr::memchr_iter(b'#', line).find(is_mark) {
        Some(place) if !is_path() => &line[..place],
        _ => line,
    }
}

fn add_line(line: &[u8], inputs: &mut Vec<Input>) -> Result<()> {
    if line.contains(&0) {
        return Err(Error::bad_input("this is no text, so no list of input files"));
    }
    // A table may end with empty lines, of which the tabs are left.
    match line.trim_ascii_start().first() {
        None | Some(b'#') => return Ok(()),
        Some(b'>') => {
            let why = "this is a FASTA file, and not a list of such files";
            return Err(Error::bad_input(why));
        }
        Some(_) => {}
    }
    let is_file = |name: &[u8]| std::str::from_utf8(name).is_ok_and(name::has_suffix);
    match memchr::memchr(b'\t', line) {
        // A cell that is empty ends a file as well, and what is no name of one is that of a sample.
        Some(tab) if !line[tab..].trim_ascii().is_empty() || !is_file(line.trim_ascii()) => {
            inputs.push(named_sample(&line[..tab], &line[tab + 1..])?);
        }
        _ => inputs.extend(files(line.trim_ascii()).map(|path| Input::of(Source::argument(path)))),
    }
    Ok(())
}

/// The sample of a line with tabs. Cells of a table that are empty are passed over.
fn named_sample(name: &[u8], paths: &[u8]) -> Result<Input> {
    let name = std::str::from_utf8(name.trim_ascii());
    let name = name.map_err(|_| Error::bad_input("the name of the sample is no UTF-8 text"))?;
    if name.is_empty() {
        return Err(Error::bad_input("there is no name in front of the tab"));
    }
    // Who lists files with tabs between them would lose the first of each line, and not notice.
    if name::has_suffix(name) && Path::new(name).is_file() {
        let why = "is a file, and would be the name of a sample: a line is PATH, or NAME, a tab and PATH";
        return Err(Error::bad_input(format!("{name:?} {why}")));
    }
    let paths = paths.split(|byte| *byte == b'\t').map(<[u8]>::trim_ascii);
    let mut sources = paths
        .filter(|path| !path.is_empty())
        .map(|path| Source::argument(os_path(path)));
    let first = sources.next();
    let first = first.ok_or_else(|| Error::bad_input(format!("sample {name:?} has no file")))?;
    Ok(Input {
        more: sources.collect(),
        ..Input::named(name, first)
    })
}

/// The files of a line without tabs: one, or several with blanks between them if some of these exist and the one does not.
fn files(line: &[u8]) -> impl Iterator<Item = PathBuf> {
    let pieces = || {
        line.split(u8::is_ascii_whitespace)
            .filter(|piece| !piece.is_empty())
    };
    let are_several =
        pieces().nth(1).is_some() && !os_path(line).exists() && pieces().any(|piece| os_path(piece).exists());
    let whole = (!are_several).then_some(line);
    let pieces = are_several.then(pieces).into_iter().flatten();
    whole.into_iter().chain(pieces).map(os_path)
}

#[cfg(unix)]
fn os_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec()).into()
}

#[cfg(not(unix))]
fn os_path(bytes: &[u8]) -> PathBuf {
    OsString::from(String::from_utf8_lossy(bytes).into_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(String, Vec<String>)> {
        let inputs = parse_sheet(text.as_bytes()).unwrap();
        let label = |source: &Source| source.label().display().to_string();
        let both = |input: Input| (input.sample.clone(), input.sources().map(label).collect());
        inputs.into_iter().map(both).collect()
    }

    fn refused(text: &[u8]) -> String {
        parse_sheet(text).unwrap_err().to_string()
    }

    #[test]
    fn a_line_is_a_file_or_a_name_and_its_files() {
        let expected = |sample: &str, files: &[&str]| {
            let files = files.iter().map(|file| (*file).to_owned()).collect();
            (sample.to_owned(), files)
        };
        assert_eq!(
            parsed(
                "\u{FEFF}d/a.fa\r\n\r\n  # x\ty\n\t\n b c \td/b.fa\t\t c d.fa\t\r\n#\n\n  e f.fa\t\nx\t-\n-"
            ),
            [
                expected("a", &["d/a.fa"]),
                expected("b c", &["d/b.fa", "c d.fa"]),
                expected("e f", &["e f.fa"]),
                expected("x", &["standard input"]),
                expected("", &["standard input"]),
            ]
        );
        assert_eq!(parsed(""), []);
    }

    #[test]
    fn a_line_that_is_no_file_may_be_several() {
        let dir = tempfile::tempdir().unwrap();
        let [spaced, plain] = ["with blank.fa", "plain.fa"].map(|name| dir.path().join(name));
        for path in [&spaced, &plain] {
            std::fs::write(path, ">a\nA\n").unwrap();
        }
        let (spaced, plain) = (spaced.display(), plain.display());
        let samples =
            |text: &str| -> Vec<String> { parsed(text).into_iter().map(|(sample, _)| sample).collect() };
        assert_eq!(samples(&spaced.to_string()), ["with blank"]);
        assert_eq!(samples(&format!("{plain}  other.fa")), ["plain", "other"]);
        assert_eq!(samples("no such file.fa"), ["no such file"]);
    }

    #[test]
    fn what_is_no_sheet_is_refused_with_its_line() {
        assert!(refused(b"a.fa\n\n>chr1\n").starts_with("line 3: this is a FASTA file"));
        assert!(refused(b"\xFF\xFEa\0.\0").starts_with("line 1: this is no text"));
        for line in ["N\t", "N\t\t \r\n", "N\t # x", "x.y\t\n"] {
            let error = refused(format!("a.fa\n{line}").as_bytes());
            assert!(
                error.starts_with("line 2: ") && error.contains("has no file"),
                "{line:?}: {error}"
            );
        }
        assert!(refused(b"\ta.fa").starts_with("line 1: there is no name"));
        assert!(refused(b"a\xFF\ta.fa").starts_with("line 1: the name of the sample is no UTF-8"));
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.fa");
        std::fs::write(&file, ">a\nA\n").unwrap();
        let error = refused(format!("#\n{}\tb.fa", file.display()).as_bytes());
        assert!(
            error.starts_with("line 2: ") && error.contains("is a file"),
            "{error}"
        );
        let dir = tempfile::tempdir().unwrap();
        assert!(
            read_sheet(&dir.path().join("none"))
                .unwrap_err()
                .to_string()
                .contains("none: cannot read")
        );
    }
}
