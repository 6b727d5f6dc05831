//! Arguments that several commands take.
//!
//! | file | arguments |
//! |---|---|
//! | `archive` | the archive to read, `--cache`, `--memory` |
//! | `block_cache` | `--cache-dir`, `--cache-size` |
//! | `change` | the archive to change, and where the new one goes |
//! | `keep` | what is kept of files: `--keep`, `--lossless`; what is asked back: `--upper`, `--exact` |
//! | `list` | those of the commands that print lists |
//! | `own_file` | the archive whose own file is changed, `--no-wait` |
//! | `output` | what `-o -` means |
//! | `text` | how sequences are printed: `-l`, `-v`, `--with-sample`; where: `-o` |
//! | `threads` | `-t` |
//! | `packing` | `-g`, `--bgzf`, `--index` |
//! | `select` | samples by name, by list, by prefix |
//! | `size` | numbers of bytes: `256M` |
//! | `stats` | `--stats FILE` of what decodes |

mod archive;
mod block_cache;
mod change;
mod keep;
mod list;
mod output;
mod own_file;
mod packing;
mod select;
mod size;
mod stats;
mod text;
mod threads;

pub(crate) use archive::{ArchiveArgs, open_archive};
pub(crate) use block_cache::BlockCacheArgs;
pub(crate) use change::ChangeArgs;
pub(crate) use keep::{CaseArgs, ExactArgs, KeepArgs};
pub(crate) use list::ListArgs;
pub(crate) use output::{place, place_of};
pub(crate) use own_file::OwnFileArgs;
pub(crate) use packing::{PackingArgs, TextLayout};
pub(crate) use select::{Named, Samples, SelectArgs, names_of, read_lines};
pub(crate) use size::parse_size;
pub(crate) use stats::{StatsArgs, StatsOut, write_figures};
pub(crate) use text::{OneFileArgs, TextArgs, line_width};
pub(crate) use threads::{ThreadArgs, n_threads};
