//! Lines that seem to belong to a sequence and do not, by their first bytes.

use crate::error::{Error, Result};

/// Bytes by which they are known.
pub(super) const LEN: usize = 3;

/// Checks the start of a line that begins with no letter, blank or comment. `follows_gap` tells that the line before ended
/// with a gap.
///
/// # Errors
/// `BadInput` for what no sequence line begins with. Marks of gaps and of missing or stopping bases may begin one.
pub(super) fn check(start: &[u8], follows_gap: bool) -> Result<()> {
    let why = match start {
        [b'-', b'-'] | [b'-', b'-', b'\n' | b'\r', ..] if !follows_gap => {
            "a line '--', as grep writes between its finds, is no sequence".to_owned()
        }
        [b'-' | b'.' | b'~' | b'*' | b'?' | b'!' | b'_', ..] => return Ok(()),
        [b'0'..=b'9', ..] => {
            "a line that begins with a number, as in GenBank files, is no FASTA: take the numbers out"
                .to_owned()
        }
        [first @ 0x21..=0x7E, ..] => {
            let origin = match first {
                b'+' | b'@' => " (as in FASTQ)",
                b'/' => " (as at the end of a GenBank or EMBL record)",
                b'<' => " (as in HTML)",
                b'=' => " (as in XMFA)",
                _ => "",
            };
            format!(
                "a line that begins with {:?}{origin} is no sequence",
                *first as char
            )
        }
        // Control characters and bytes outside ASCII are refused wherever they stand.
        _ => return Ok(()),
    };
    Err(Error::bad_input(why))
}
