//! Archives made of others, part by part.

use ragc_core::internals::container::{ContainerReader, ContainerWriter, names};

/// The parts of an archive again, each after `change` has had its stream, its number, and its metadata and payload; without the checksums
/// of parts, which whoever finishes it may make anew.
pub(crate) fn changed(
    old: &ContainerReader,
    change: impl Fn(&str, usize, &mut (u64, Vec<u8>)),
) -> ContainerWriter<Vec<u8>> {
    let mut new = ContainerWriter::new(Vec::new());
    for stream in old.footer().streams() {
        let name = std::str::from_utf8(old.footer().name(stream)).unwrap();
        if name == names::SUMS {
            continue;
        }
        let copy = new.register(name);
        for number in 0..old.n_parts(stream) {
            let part = old.read_part(stream, number).unwrap();
            let mut part = (part.metadata, part.payload().to_vec());
            change(name, number, &mut part);
            new.add_part(copy, part.0, &part.1).unwrap();
        }
    }
    new
}
