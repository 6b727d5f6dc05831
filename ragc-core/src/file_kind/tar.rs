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
    let header = ::tar::Header::from_byte_slice(block);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let of_field: u32 = field.iter().map(|byte| u32::from(*byte)).sum();
    let is_named = block[0] != 0;
    is_named
        && header
            .cksum()
            .is_ok_and(|told| told == sum - of_field + 8 * u32::from(b' '))
}
