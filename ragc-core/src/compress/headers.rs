//! The header lines of a file, and the names that contigs get by them.

use super::notes::Noticed;
use super::options::InputRules;
use crate::error::{Error, Result};
use crate::name::short_name;

/// Names one contig after the other.
pub(super) struct Headers {
    names_unnamed: bool,
    n_unnamed: u64,
    open: Option<OpenContig>,
}

struct OpenContig {
    name: Vec<u8>,
    line: u64,
    /// The header line, if it is not the name.
    header: Option<Vec<u8>>,
}

impl Headers {
    pub(super) fn new(rules: InputRules) -> Self {
        Self {
            names_unnamed: rules.names_unnamed,
            n_unnamed: 0,
            open: None,
        }
    }

    /// A header line comes; gives the name of the contig.
    ///
    /// # Errors
    /// `BadInput` for one without a name, unless such contigs are to be numbered.
    pub(super) fn start(&mut self, header: &[u8], line: u64) -> Result<&[u8]> {
        let (name, header) = match short_name(header) {
            [] if self.names_unnamed => {
                self.n_unnamed += 1;
                (
                    format!("unnamed_{}", self.n_unnamed).into_bytes(),
                    Some(header.to_vec()),
                )
            }
            [] => {
                let why = "a record without a name (--allow-unnamed lets it in)";
                return Err(Error::bad_input(why).at_line(line));
            }
            _ => (header.to_vec(), None),
        };
        Ok(&self.open.insert(OpenContig { name, line, header }).name)
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The contig is complete; gives its header line, if that is not its name.
    pub(super) fn end(&mut self) -> Option<Vec<u8>> {
        self.open.take().and_then(|contig| contig.header)
    }

    /// Adds the open contig to an error.
    pub(super) fn blame(&self, error: Error) -> Error {
        match &self.open {
            Some(contig) => error.in_contig(&String::from_utf8_lossy(&contig.name)),
            None => error,
        }
    }

    /// The note that the file ends with the header of the open contig.
    pub(super) fn empty_end(&self) -> Option<Noticed> {
        self.open.as_ref().map(|contig| Noticed::EmptyEnd {
            contig: contig.name.clone(),
            line: contig.line,
        })
    }

    /// The note about contigs without names.
    pub(super) fn noticed(&self) -> Option<Noticed> {
        (self.n_unnamed > 0).then_some(Noticed::Unnamed(self.n_unnamed))
    }
}
