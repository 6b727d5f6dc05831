//! Symbols packed into bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ragc_core::internals::tuple;

fuzz_target!(|input: (Vec<u8>, u16)| {
    let (bytes, n) = input;
    let unpacked = tuple::unpack(&bytes, n.into());
    if let Ok(sequence) = tuple::unpack_sequence(&bytes, n.into()) {
        assert_eq!(sequence.to_codes(), unpacked.expect("the sequence unpacks"));
    } else if let Ok(symbols) = unpacked {
        assert!(symbols.iter().any(|symbol| *symbol > 15));
    }
    let packed = tuple::pack(&bytes);
    assert_eq!(
        tuple::unpack(&packed, bytes.len()).expect("was packed here"),
        bytes
    );
});
