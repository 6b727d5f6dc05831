//! What tests, benchmarks, fuzz targets and the program reach beyond the surface of the library. Nothing here is promised to stay.

macro_rules! open {
    ($($module:ident)*) => {
        $(pub mod $module {
            pub use crate::$module::*;
        })*
    };
}

open! {
    allocator alphabet bytes checksum collection container file_info folder group identity kmer lz_diff memory name near original params printable queue sequence
    sequence_sums splitter splitter_streams strand threads tuple zstd
}

/// Files that have not their names yet, and locks.
pub mod unfinished {
    pub use crate::archive_file::claim::is_archive;
    pub use crate::archive_file::listed::remove_all;
    pub use crate::archive_file::lock::{Attempt, Lock, lock_path, wait_for};
    pub use crate::archive_file::read_back::read_back;
    pub use crate::archive_file::unfinished::Unfinished;
}

/// FASTA text to headers and pieces of sequence.
pub mod reader {
    pub use crate::fasta::reader::{Reader, Token};
}

/// What an archive's file is told of a change.
pub mod front {
    pub use crate::in_place::outdate_front_index;
}

/// Texts in messages.
pub mod quoted {
    pub use crate::error::Quoted;
}

/// Letters to symbol codes.
pub mod residues {
    pub use crate::fasta::residues::{OddResidues, Residues};
}
