//! Headers of tar archives.

/// Headers and contents begin at multiples of this.
pub(crate) const BLOCK_LEN: usize = 512;

/// Whether a text that begins so is a tar archive: by the mark of all but the oldest, or by the checksum of its first header.
pub(crate) fn is_tar(start: &[u8]) -> bool {
    start.get(257..262) == Some(b"ustar") || start.get(..BLOCK_LEN).is_some_and(has_checksum)
}

/// Whether a header tells its checksum.
pub(crate) fn has_checksum(block: &[u8]) -> bool {
    let field = &block[148..156];
    // Nearly all that is no tar archive ends here.
    if !field.iter().all(|byte| matches!(byte, b'0'..=b'7' | b' ' | 0)) {
        return false;
    }
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let of_field: u32 = field.iter().map(|byte| u32::from(*byte)).sum();
    let is_named = block[0] != 0;
    is_named && octal(field) == Some(sum - of_field + 8 * u32::from(b' '))
}

/// A number of a header: octal digits between blanks, up to the first NUL.
fn octal(field: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(field.split(|byte| *byte == 0).next()?).ok()?;
    u32::from_str_radix(text.trim_matches(' '), 8).ok()
}
