//! [`ragc_compat`] under the name of the library whose surface it has.

pub use ragc_compat::{Decompressor, DecompressorConfig, CNV_NUM};
