//! A FASTA file whose name its errors tell, with an index beside it if that is asked for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use noodles_bgzf::gzi;
use ragc_core::extract::FastaWriter;

use crate::args::TextLayout;
use crate::fasta::FaiTable;
use crate::fasta::gzi::index_blocks;
use crate::out::{Out, OutputPacking, with_ending};

/// FASTA into an output.
pub(crate) struct NamedFasta {
    fasta: FastaWriter<Out>,
    name: PathBuf,
    index: Option<FileIndex>,
}

impl NamedFasta {
    /// Opens the output of a command that reads `input`: a file, or standard output.
    pub(crate) fn open(input: &Path, path: Option<&Path>, layout: TextLayout<'_>) -> anyhow::Result<Self> {
        let packing = layout.packing.packing(path, layout.n_threads)?;
        let index_of = path.filter(|_| layout.packing.has_index());
        if let Some(path) = index_of.filter(|path| fs::metadata(path).is_ok_and(|file| !file.is_file())) {
            bail!("{}: this is no file, and cannot be indexed", path.display());
        }
        let out = Out::open_while_reading(input, path, packing)?;
        let index = index_of.map(|path| FileIndex::open(path, packing, layout.line_width));
        let index = index.transpose()?;
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

    /// Ends the text, and gives a file and its index their names.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        let out = self.fasta.finish().map_err(|e| e.in_file(&self.name))?;
        match self.index {
            Some(index) => out.finish_with(|text| index.write(text)),
            None => out.finish(),
        }
    }
}

/// The index files of a file. They are opened before it is written: where there can be none, nothing is.
struct FileIndex {
    path: PathBuf,
    table: FaiTable,
    fai: Out,
    /// Of BGZF.
    gzi: Option<Out>,
}

impl FileIndex {
    fn open(path: &Path, packing: OutputPacking, line_width: usize) -> anyhow::Result<Self> {
        let beside = |ending| Out::open_index(&with_ending(path, ending));
        let is_bgzf = matches!(packing, OutputPacking::Bgzf { .. });
        Ok(Self {
            path: path.to_path_buf(),
            table: FaiTable::new(line_width as u64),
            fai: beside("fai")?,
            gzi: is_bgzf.then(|| beside("gzi")).transpose()?,
        })
    }

    /// Writes what is to stand beside the text, which is complete.
    fn write(self, text: Option<&Path>) -> anyhow::Result<Vec<Out>> {
        let Self {
            path,
            table,
            fai,
            gzi,
        } = self;
        table.warn_of_repeats(Some(&path));
        let mut indexes = vec![written(fai, |out| table.write(out))?];
        if let (Some(gzi), Some(text)) = (gzi, text) {
            let blocks = index_blocks(text).with_context(|| format!("{}: cannot read", path.display()))?;
            indexes.push(written(gzi, |out| {
                gzi::io::Writer::new(out).write_index(&blocks)
            })?);
        }
        Ok(indexes)
    }
}

fn written(mut out: Out, write: impl FnOnce(&mut Out) -> io::Result<()>) -> anyhow::Result<Out> {
    write(&mut out).with_context(|| format!("{}: cannot write", out.name().display()))?;
    Ok(out)
}
