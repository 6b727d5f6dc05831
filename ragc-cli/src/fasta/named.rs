//! A FASTA file whose name its errors tell, with an index beside it if that is asked for.

use std::ffi::OsString;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use noodles_bgzf::gzi;
use ragc_core::Quoted;
use ragc_core::extract::FastaWriter;

use crate::args::PackingArgs;
use crate::fasta::FaiTable;
use crate::fasta::gzi::index_blocks;
use crate::out::{Out, Packing};

/// How the text of a command is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout<'a> {
    pub(crate) packing: &'a PackingArgs,
    /// Bases per line.
    pub(crate) line_width: usize,
    pub(crate) n_threads: NonZeroUsize,
}

/// FASTA into an output.
pub(crate) struct NamedFasta {
    fasta: FastaWriter<Out>,
    name: PathBuf,
    index: Option<FileIndex>,
}

impl NamedFasta {
    /// Opens the output of a command that reads `input`: a file, or standard output.
    pub(crate) fn open(input: &Path, path: Option<&Path>, layout: Layout<'_>) -> anyhow::Result<Self> {
        let packing = layout.packing.packing(path, layout.n_threads)?;
        let index_of = path.filter(|_| layout.packing.has_index());
        if let Some(path) = index_of.filter(|path| fs::metadata(path).is_ok_and(|file| !file.is_file())) {
            bail!("{}: this is no file, and cannot be indexed", path.display());
        }
        let out = Out::open_while_reading(input, path, packing)?;
        let index = index_of.map(|path| FileIndex {
            path: path.to_path_buf(),
            is_bgzf: matches!(packing, Packing::Bgzf { .. }),
            table: FaiTable::new(layout.line_width as u64),
        });
        Ok(Self {
            name: out.name().to_path_buf(),
            fasta: FastaWriter::new(out, layout.line_width),
            index,
        })
    }

    pub(crate) fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        if let Some(index) = &mut self.index {
            index.table.start_contig(name);
        }
        self.fasta.start_contig(name).map_err(|e| e.in_file(&self.name))
    }

    pub(crate) fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        if let Some(index) = &mut self.index {
            index.table.bases(letters.len() as u64);
        }
        self.fasta.letters(letters).map_err(|e| e.in_file(&self.name))
    }

    /// Ends the text, gives a file its name and writes its index.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.fasta.finish().map_err(|e| e.in_file(&self.name))?.finish()?;
        self.index.map_or(Ok(()), FileIndex::write)
    }
}

/// The index files of a file.
struct FileIndex {
    path: PathBuf,
    is_bgzf: bool,
    table: FaiTable,
}

impl FileIndex {
    /// Writes what stands beside the file, which is complete.
    fn write(self) -> anyhow::Result<()> {
        if let Some(name) = self.table.repeated_name() {
            let name = String::from_utf8_lossy(name);
            let (name, path) = (Quoted(&name), self.path.display());
            eprintln!("ragc: {path}: several contigs are named {name}; --with-sample tells samples apart");
        }
        self.write_beside("fai", |out| Ok(self.table.write(out)?))?;
        if !self.is_bgzf {
            return Ok(());
        }
        let blocks =
            index_blocks(&self.path).with_context(|| format!("{}: cannot read", self.path.display()))?;
        self.write_beside("gzi", |out| Ok(gzi::io::Writer::new(out).write_index(&blocks)?))
    }

    fn write_beside(
        &self,
        ending: &str,
        write: impl FnOnce(&mut Out) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut path = OsString::from(&self.path);
        path.push(".");
        path.push(ending);
        let path = PathBuf::from(path);
        let mut out = Out::open(Some(&path), Packing::Plain)?;
        write(&mut out).with_context(|| format!("{}: cannot write", path.display()))?;
        out.finish()
    }
}
