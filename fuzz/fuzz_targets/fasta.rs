//! FASTA text: buffers of any size give the same records, and the same refusal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ragc_core::internals::reader::{Reader, Token};
use ragc_core::internals::residues::Residues;

/// Headers and symbols, and why reading ended.
type Read = (Vec<(Vec<u8>, Vec<u8>, u64)>, Option<String>);

fn read(text: &[u8], buffer_len: usize) -> Read {
    let mut records = Vec::new();
    let error = read_into(text, buffer_len, &mut records).err();
    (records, error.map(|error| error.to_string()))
}

fn read_into(
    text: &[u8],
    buffer_len: usize,
    records: &mut Vec<(Vec<u8>, Vec<u8>, u64)>,
) -> ragc_core::Result<()> {
    let mut reader = Reader::with_buffer_len(buffer_len, text);
    let mut residues = Residues::default();
    while let Some(token) = reader.next_token()? {
        match token {
            Token::Header { name, .. } => records.push((name.to_vec(), Vec::new(), 0)),
            Token::Sequence { piece, line } => {
                let record = records.last_mut().expect("a header came first");
                // What a refused piece began with depends on where the buffer ends.
                record.1.extend_from_slice(residues.translate(piece, line)?);
                record.2 = line;
            }
        }
    }
    Ok(())
}

fuzz_target!(|text: &[u8]| {
    let (records, error) = read(text, 1 << 16);
    for buffer_len in [1, 2, 7] {
        let (mut again, again_error) = read(text, buffer_len);
        assert_eq!(again_error, error);
        if error.is_some() {
            // The last one was cut off by the error.
            again.pop();
        }
        assert!(records.starts_with(&again));
        assert!(error.is_some() || records.len() == again.len());
    }
});
