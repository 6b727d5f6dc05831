//! Archives made of others, for tests.

use crate::container::{ContainerReader, ContainerWriter, names};

/// An archive again without its checksums of parts. `change` gets the stream of a part, its metadata and its payload, and tells whether it stays.
pub(crate) fn changed(archive: &[u8], change: impl Fn(&str, &mut u64, &mut Vec<u8>) -> bool) -> Vec<u8> {
    let old = ContainerReader::open(archive.to_vec()).unwrap();
    let mut new = ContainerWriter::new(Vec::new());
    for stream in old.footer().streams() {
        let name = std::str::from_utf8(old.footer().name(stream)).unwrap();
        if name == names::SUMS {
            continue;
        }
        for number in 0..old.n_parts(stream) {
            let part = old.read_part(stream, number).unwrap();
            let (mut metadata, mut payload) = (part.metadata, part.payload().to_vec());
            if change(name, &mut metadata, &mut payload) {
                let copy = new.register(name);
                new.add_part(copy, metadata, &payload).unwrap();
            }
        }
    }
    new.finish().unwrap()
}
