//! Names as text that can be shown: no byte of them ends a line, moves a cursor or gets lost.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character changes how others are shown, instead of being shown.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text in one line, with what is no printable character as Rust writes it: `\n`, `\u{1b}`.
///
/// ```
/// use ragc_core::internals::printable::in_one_line;
/// assert_eq!(in_one_line("chr1 plain"), "chr1 plain");
/// assert_eq!(in_one_line("a\nb\u{1b}[31m"), "a\\nb\\u{1b}[31m");
/// ```
#[must_use]
pub fn in_one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match is_hidden(character) {
            true => shown.extend(character.escape_default()),
            false => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Bytes as text, with those that are not UTF-8 as `\xE9`, so that two names never become one.
///
/// ```
/// use ragc_core::internals::printable::text_of;
/// assert_eq!(text_of(b"caf\xE9 1"), "caf\\xE9 1");
/// ```
#[must_use]
pub fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    Cow::Owned(text)
}

/// A name without line ends: each is written as `\n` or `\r`.
#[must_use]
pub fn without_line_ends(name: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr2(b'\n', b'\r', name).is_none() {
        return Cow::Borrowed(name);
    }
    let mut line = Vec::with_capacity(name.len() + 16);
    for byte in name {
        match byte {
            b'\n' => line.extend_from_slice(b"\\n"),
            b'\r' => line.extend_from_slice(b"\\r"),
            byte => line.push(*byte),
        }
    }
    Cow::Owned(line)
}

/// A name as a column of a table: control characters of ASCII, a tab and line ends among them, are written as [`in_one_line`] writes them.
#[must_use]
pub fn in_one_column(name: &[u8]) -> Cow<'_, [u8]> {
    if !name.iter().any(u8::is_ascii_control) {
        return Cow::Borrowed(name);
    }
    let mut column = Vec::with_capacity(name.len() + 16);
    for byte in name {
        match byte.is_ascii_control() {
            true => column.extend(char::from(*byte).escape_default().map(|letter| letter as u8)),
            false => column.push(*byte),
        }
    }
    Cow::Owned(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_overtypes_is_written_out() {
        for (text, shown) in [
            ("a\tb", "a\\tb"),
            ("a\u{9b}2J", "a\\u{9b}2J"),
            ("x\u{202E}y", "x\\u{202e}y"),
            ("\u{7F}\r", "\\u{7f}\\r"),
            ("é ü 水", "é ü 水"),
        ] {
            assert_eq!(in_one_line(text), shown);
        }
        assert_eq!(text_of(b"\xFF\xFEa"), "\\xFF\\xFEa");
        assert_eq!(without_line_ends(b"a\r\nb"), &b"a\\r\\nb"[..]);
        assert_eq!(without_line_ends(b"a b"), &b"a b"[..]);
        assert_eq!(in_one_column(b"a\tb\r\n\x1B\xE9"), &b"a\\tb\\r\\n\\u{1b}\xE9"[..]);
        assert_eq!(in_one_column("é b".as_bytes()), "é b".as_bytes());
    }
}
