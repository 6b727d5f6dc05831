//! The bytes of a block's file: their checksum, four bytes, little-endian, and those of the object.

use bytes::{Buf, Bytes};

const SUM_LEN: usize = 4;

/// Length of the file of a block of this length.
pub(super) fn file_len(len: u64) -> u64 {
    SUM_LEN as u64 + len
}

/// The file of a block. The checksum is of the block's name as well: a file in another's place is not taken for it.
pub(super) fn encode(name: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(SUM_LEN + bytes.len());
    file.extend_from_slice(&sum_of(name, bytes).to_le_bytes());
    file.extend_from_slice(bytes);
    file
}

/// The bytes out of the file of a block of this length, if they are what was written.
pub(super) fn decode(name: &[u8], mut file: Bytes, len: usize) -> Option<Bytes> {
    if file.len() != SUM_LEN + len {
        return None;
    }
    let sum = file.get_u32_le();
    (sum == sum_of(name, &file)).then_some(file)
}

fn sum_of(name: &[u8], bytes: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(name);
    sum.update(bytes);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_under_the_name_is_read() {
        let file = encode(b"o/1", b"block");
        let decoded = |name: &[u8], file: &[u8]| decode(name, Bytes::copy_from_slice(file), 5);
        assert_eq!(decoded(b"o/1", &file).unwrap(), "block");
        assert_eq!(decoded(b"o/2", &file), None);
        for end in 0..file.len() {
            assert_eq!(decoded(b"o/1", &file[..end]), None);
        }
        for place in 0..file.len() {
            let mut damaged = file.clone();
            damaged[place] ^= 1;
            assert_eq!(decoded(b"o/1", &damaged), None);
        }
    }
}
