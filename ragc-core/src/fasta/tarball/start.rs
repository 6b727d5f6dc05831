//! Whether something is a tar archive, told by its first bytes.

use crate::fasta::packed::{MemberKind, Packed};
use crate::fasta::stored::Stored;
use crate::file_kind;
use std::io::{self, Read};
use std::sync::Arc;

/// Whether it is a tar archive, compressed or not; what was read to see that is still to come. Decompressing may take so much memory.
/// Pipes other than standard input are not looked at: their bytes come once, and perhaps only when other pipes have been read.
pub(in crate::fasta) fn is_tarball(stored: &mut Stored, memory: u64) -> bool {
    match stored {
        Stored::File(_) | Stored::Held(_) if stored.size().is_some() => {
            stored.open().is_ok_and(|input| starts_as_tar(input, memory))
        }
        Stored::StandardInput { begun } => {
            let mut read = Vec::new();
            let is_tarball = starts_as_tar(Recorded(io::stdin(), &mut read), memory);
            *begun = Arc::new(read);
            is_tarball
        }
        Stored::Again(again) => again.is_called_tarball(),
        Stored::Reader(once) => {
            let look = |reader: &mut dyn Read| {
                let mut begun = Vec::new();
                (starts_as_tar(Recorded(reader, &mut begun), memory), begun)
            };
            once.look(look).unwrap_or(false)
        }
        Stored::File(_) | Stored::Held(_) => false,
    }
}

/// Whether what comes is a tar archive, compressed or not.
fn starts_as_tar(mut input: impl Read, memory: u64) -> bool {
    let Some(start) = start_of(&mut input) else {
        return false;
    };
    if MemberKind::of(&start).is_none() {
        return file_kind::is_tar(&start);
    }
    let packed = io::Cursor::new(start).chain(input);
    let text = Packed::new(packed, memory).ok();
    text.and_then(|mut text| start_of(&mut text))
        .is_some_and(|start| file_kind::is_tar(&start))
}

/// The first bytes of an input, unless it cannot be read.
fn start_of(input: &mut impl Read) -> Option<Vec<u8>> {
    let mut start = Vec::with_capacity(file_kind::START_LEN);
    let mut input = input.take(file_kind::START_LEN as u64);
    input.read_to_end(&mut start).ok().map(|_| start)
}

/// A reader that keeps what it gives.
struct Recorded<'a, R>(R, &'a mut Vec<u8>);

impl<R: Read> Read for Recorded<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buf)?;
        self.1.extend_from_slice(&buf[..n]);
        Ok(n)
    }
}
