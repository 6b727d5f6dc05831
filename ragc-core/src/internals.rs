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
    sequence_sums splitter splitter_streams strand threads times tuple zstd
}

/// Files that have not their names yet, and locks.
pub mod unfinished {
    pub use crate::archive_file::listed::remove_all;
    pub use crate::archive_file::lock::{Attempt, Lock, lock_path, wait_for};
    pub use crate::archive_file::read_back::read_back;
    pub use crate::archive_file::unfinished::Unfinished;
}

/// What archives tell of themselves, of where samples came from and of what was done.
pub mod provenance {
    pub use crate::provenance::entry::HistoryEntry;
    pub use crate::provenance::file::{SampleSource, SourceFile};
    pub use crate::provenance::sources::Sources;
    pub use crate::provenance::stamps::Counts;
}

/// What is asked of archives by the program alone.
pub mod extract {
    pub use crate::extract::anywhere::Anywhere;
    pub use crate::extract::original_file::OriginalWriter;
    pub use crate::extract::states::states;
    pub use crate::extract::verify::{Lost, LostSample};
}

/// Lists of input files, and which of them can be stored.
pub mod inputs {
    pub use crate::compress::sheet::{parse_sheet, read_sheet};
    pub use crate::compress::sift::{BadInput, Sifted, sift};
}

/// What is told of inputs that were stored otherwise than they were.
pub mod noticed {
    pub use crate::compress::notes::{Note, Notes, Noticed};
    pub use crate::compress::registry::Duplicates;
    pub use crate::compress::round::OddReport;
    pub use crate::compress::substitute::Substitutes;
    pub use crate::fasta::reader::Comments;
}

/// Adding to archives of which samples were taken out.
pub mod syncing {
    pub use crate::compress::syncing::append_to_rest;
}

/// Files that are brought back to what they were.
pub mod recovery {
    pub use crate::in_place::recovery::{Recovered, recover};
    pub use crate::in_place::undo::{outdate_front_index, undo};
    pub use crate::journal::check_not_alone;
}

/// Archives with their index in front.
pub mod streamable {
    pub use crate::rewrite::streamable::make_streamable;
}

/// FASTA text to headers and pieces of sequence.
pub mod reader {
    pub use crate::fasta::reader::{Reader, Token};
}

/// Texts in messages.
pub mod quoted {
    pub use crate::error::Quoted;
}

/// Letters to symbol codes.
pub mod residues {
    pub use crate::fasta::residues::{OddResidues, Residues};
}
