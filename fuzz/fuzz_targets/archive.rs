//! Any bytes as an archive. The golden archives without checksums are good seeds.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = ragc_fuzz::read_everything(bytes.to_vec());
});
