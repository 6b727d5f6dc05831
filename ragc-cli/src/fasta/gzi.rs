//! The `.gzi` index: where each block of a BGZF file begins, in the file and in the text.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use noodles_bgzf::gzi::Index;

/// Bytes before the deflated data of a block: gzip header, and the extra field that holds the size of the block.
const HEADER_LEN: usize = 18;
/// Bytes after it: checksum, and the size of the text.
const TRAILER_LEN: usize = 8;

/// Reads the headers and ends of the blocks of a file that was just written here, so their layout is known.
pub(super) fn index_blocks(path: &Path) -> io::Result<Index> {
    let mut file = BufReader::with_capacity(64, File::open(path)?);
    let (mut compressed, mut plain) = (0, 0);
    let mut starts = Vec::new();
    loop {
        let (len, text_len) = read_block(&mut file)?;
        if text_len == 0 {
            // The mark of the end. The first block begins at 0, which goes without saying.
            starts.pop();
            return Ok(Index::from(starts));
        }
        compressed += len;
        plain += text_len;
        starts.push((compressed, plain));
    }
}

/// Size of a block and of its text; the file is at the next block then.
fn read_block(file: &mut BufReader<File>) -> io::Result<(u64, u64)> {
    let mut header = [0; HEADER_LEN];
    file.read_exact(&mut header)?;
    let len = u16::from_le_bytes([header[16], header[17]]) as usize + 1;
    let data_len = len
        .checked_sub(HEADER_LEN + TRAILER_LEN)
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    file.seek_relative(data_len as i64 + 4)?;
    let mut text_len = [0; 4];
    file.read_exact(&mut text_len)?;
    Ok((len as u64, u32::from_le_bytes(text_len).into()))
}
