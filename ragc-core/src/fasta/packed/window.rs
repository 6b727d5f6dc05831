//! How much memory a frame of zstd wants, by its header (RFC 8878, 3.1.1.1).

use super::errors::{damaged, needs_memory};
use std::io;

/// Refuses a frame that starts so and wants more memory than this.
pub(super) fn check(start: &[u8], memory: u64) -> io::Result<()> {
    let Some(header) = start.get(4..) else {
        return Ok(());
    };
    match Header::read(header) {
        // Cut short, which will be found out.
        None => Ok(()),
        Some(header) if header.has_dictionary => Err(damaged("they need a dictionary")),
        Some(header) if header.window > memory => Err(needs_memory("zstd", Some(header.window))),
        Some(_) => Ok(()),
    }
}

/// What the header of a frame says.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    window: u64,
    has_dictionary: bool,
}

impl Header {
    /// Reads a header behind its magic number; `None` if bytes are missing.
    fn read(header: &[u8]) -> Option<Self> {
        let (&descriptor, rest) = header.split_first()?;
        let is_single_segment = descriptor & 0x20 != 0;
        let dictionary_len = [0, 1, 2, 4][usize::from(descriptor & 3)];
        let size_len = match descriptor >> 6 {
            0 => usize::from(is_single_segment),
            log => 1 << log,
        };
        let window_len = usize::from(!is_single_segment);
        let (window, rest) = rest.split_at_checked(window_len)?;
        let (dictionary, rest) = rest.split_at_checked(dictionary_len)?;
        let window = match window {
            [byte] => {
                let base = 1u64 << (10 + (byte >> 3));
                base + base / 8 * u64::from(byte & 7)
            }
            _ => {
                let bytes = rest.get(..size_len)?;
                let size = bytes
                    .iter()
                    .rev()
                    .fold(0, |size, byte| size << 8 | u64::from(*byte));
                size + if size_len == 2 { 256 } else { 0 }
            }
        };
        Some(Self {
            window,
            has_dictionary: dictionary.iter().any(|byte| *byte != 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_headers() {
        for (header, window, has_dictionary) in [
            // No size, a window of 1 KiB and three eighths.
            (&[0x00, 0x03][..], 1024 + 3 * 128, false),
            // As `zstd --long=31` writes.
            (&[0x04, 0xA8], 1 << 31, false),
            // One segment: one, two, four, eight bytes of size.
            (&[0x20, 0x0E], 14, false),
            (&[0x60, 0x00, 0x01], 512, false),
            (&[0xA0, 0x00, 0x00, 0x00, 0x10], 1 << 28, false),
            (&[0xE0, 0, 0, 0, 0, 1, 0, 0, 0], 1 << 32, false),
            // A dictionary of one, two, four bytes.
            (&[0x01, 0x00, 0x07], 1024, true),
            (&[0x22, 0x00, 0x07, 0x0E], 14, true),
            (&[0x23, 0, 0, 0, 0, 0x0E], 14, false),
        ] {
            let expected = Header {
                window,
                has_dictionary,
            };
            assert_eq!(Header::read(header), Some(expected), "{header:x?}");
            assert_eq!(Header::read(&header[..1]), None);
        }
    }

    #[test]
    fn what_is_needed_is_told() {
        let start = [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0xA8];
        check(&start, 1 << 31).unwrap();
        let error = check(&start, (1 << 31) - 1).unwrap_err().to_string();
        assert!(error.contains("--memory 2048M"), "{error}");
        check(&start[..5], 0).unwrap();
    }
}
