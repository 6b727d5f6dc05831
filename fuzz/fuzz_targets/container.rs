//! The footer, and a file that has it at its end.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ragc_core::internals::container::{ContainerReader, Footer};

fuzz_target!(|input: (Vec<u8>, Vec<u8>, u64)| {
    let (parts, footer, data_len) = input;
    let _ = Footer::read(&footer, data_len);
    let footer_len = footer.len() as u64;
    let file = [&parts[..], &footer, &footer_len.to_le_bytes()].concat();
    let Ok(reader) = ContainerReader::open(file) else {
        return;
    };
    for stream in reader.footer().streams() {
        for part in 0..reader.n_parts(stream) {
            let read = reader.read_part(stream, part);
            let metadata = reader.read_part_metadata(stream, part);
            if let (Ok(read), Ok((metadata, _))) = (read, metadata) {
                assert_eq!(read.metadata, metadata);
            }
        }
    }
});
