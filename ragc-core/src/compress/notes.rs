//! What is noticed in an input that is stored all the same.

use crate::fasta::{Comments, PassedOver};
use std::path::PathBuf;

/// Notes that are kept to be told.
const MAX_TOLD: usize = 20;

/// What was noticed in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// The file.
    pub path: PathBuf,
    /// What was noticed.
    pub what: Noticed,
}

/// What may be noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Noticed {
    /// So many bytes behind the compressed data belong to nothing.
    TrailingBytes(u64),
    /// The file ends with a header line.
    EmptyEnd {
        /// The name in it.
        contig: Vec<u8>,
        /// Its 1-based number.
        line: u64,
    },
    /// So many records have no name and are numbered.
    Unnamed(u64),
    /// There are comments.
    Comments(Comments),
    /// This line, counted from 1, ends with a carriage return alone, and others do not.
    OddLineEnd(u64),
    /// The file is the first one in a tar archive, of which links are passed over.
    Links {
        /// How many there are.
        count: u64,
        /// The first of them.
        first: PathBuf,
    },
    /// The file is the first one in a tar archive, behind which so many bytes belong to nothing.
    TrailingBytesOfTar(u64),
}

impl Noticed {
    pub(super) fn of_tarball(passed_over: PassedOver) -> impl Iterator<Item = Self> {
        let PassedOver {
            n_links,
            first_link,
            n_trailing,
        } = passed_over;
        let links = first_link.map(|first| Self::Links {
            count: n_links,
            first,
        });
        let trailing = (n_trailing > 0).then_some(Self::TrailingBytesOfTar(n_trailing));
        links.into_iter().chain(trailing)
    }
}

/// Notes of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notes {
    /// How many there were.
    pub count: u64,
    /// The first of them.
    pub first: Vec<Note>,
}

impl Notes {
    pub(super) fn add(&mut self, note: Note) {
        self.count += 1;
        if self.first.len() < MAX_TOLD {
            self.first.push(note);
        }
    }
}
