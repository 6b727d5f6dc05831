//! How an archive was made. File versions 1 and 2 keep it, version 3 does not.

use crate::bytes::Cursor;
use crate::error::Result;

/// Bytes that a command line takes at least: the ends of its two strings.
const MIN_LEN: u64 = 2;

/// One run of the program that wrote to the archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CommandLine {
    /// The program and its arguments.
    pub command: Vec<u8>,
    /// When it ran, as text; may be empty.
    pub time: Vec<u8>,
}

/// Reads the list at the end of a collection.
pub(crate) fn decode_command_lines(cursor: &mut Cursor<'_>) -> Result<Vec<CommandLine>> {
    let n = cursor.count(MIN_LEN)?;
    let line = |_| {
        Ok(CommandLine {
            command: cursor.string()?.to_vec(),
            time: cursor.string()?.to_vec(),
        })
    };
    (0..n).map(line).collect()
}
