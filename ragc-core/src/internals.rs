//! What tests, benchmarks, fuzz targets and the program reach beyond the surface of the library. Nothing here is promised to stay.

macro_rules! open {
    ($($module:ident)*) => {
        $(pub mod $module {
            pub use crate::$module::*;
        })*
    };
}

open! {
    alphabet bytes checksum collection container file_info group kmer lz_diff memory name near original params printable queue sequence
    sequence_sums splitter splitter_streams threads tuple zstd
}

/// Letters to symbol codes.
pub mod residues {
    pub use crate::fasta::residues::{OddResidues, Residues};
}
