//! Everything into one output.

use std::ops::Range;
use std::path::Path;

use ragc_core::extract::SampleSink;
use ragc_core::internals::name::without_blanks;
use ragc_core::short_name;

use crate::args::TextArgs;
use crate::fasta::NamedFasta;
use crate::tally::WrittenTally;

/// What to write around the name of a contig.
#[derive(Debug, Default, Clone)]
pub(crate) struct Label {
    before: Vec<u8>,
    /// Behind the first word of the name.
    after_word: String,
    after: String,
}

impl Label {
    /// The sample before the name: `sample#contig`.
    pub(crate) fn of_sample(sample: &[u8]) -> Self {
        Self {
            before: [sample, b"#"].concat(),
            ..Self::default()
        }
    }

    /// A range behind the name, as agc writes it: counted from 0, both ends included.
    pub(crate) fn of_range(range: &Range<u64>) -> Self {
        Self {
            after: format!(":{}-{}", range.start, range.end - 1),
            ..Self::default()
        }
    }

    /// Sample and range, so that the first word is an address: counted from 1, as those with `#` are everywhere.
    pub(crate) fn of_sample_and_range(sample: &[u8], range: &Range<u64>) -> Self {
        Self {
            after_word: format!(":{}-{}", range.start.saturating_add(1), range.end),
            ..Self::of_sample(sample)
        }
    }

    /// The name with what is around it. Blanks in front of it would part it from the sample.
    pub(crate) fn around(&self, name: &[u8]) -> Vec<u8> {
        let name = match self.before.is_empty() {
            true => name,
            false => without_blanks(name),
        };
        let n_blanks = name.len() - without_blanks(name).len();
        let (word, rest) = name.split_at(n_blanks + short_name(name).len());
        let (after_word, after) = (self.after_word.as_bytes(), self.after.as_bytes());
        [&self.before, word, after_word, rest, after].concat()
    }
}

/// FASTA of everything into one output.
pub(crate) struct OneFile {
    fasta: NamedFasta,
    tally: WrittenTally,
    with_sample: bool,
    /// What is written around the names of contigs.
    label: Label,
    /// For each contig to come, what is written around its name.
    labels: std::vec::IntoIter<Label>,
}

impl OneFile {
    /// Opens the output of a command that reads `input`: a file, or standard output.
    pub(crate) fn open(input: &Path, path: Option<&Path>, args: &TextArgs) -> anyhow::Result<Self> {
        Ok(Self {
            fasta: NamedFasta::open(input, path, args.layout())?,
            tally: WrittenTally::new(args.verbosity),
            with_sample: args.with_sample,
            label: Label::default(),
            labels: Vec::new().into_iter(),
        })
    }

    /// Writes these labels around the names of the contigs, in order.
    pub(crate) fn with_labels(mut self, labels: Vec<Label>) -> Self {
        self.labels = labels.into_iter();
        self
    }

    /// Ends the text and gives a file its name; what was counted comes back.
    pub(crate) fn finish(self) -> anyhow::Result<WrittenTally> {
        self.fasta.finish()?;
        Ok(self.tally)
    }
}

impl SampleSink for OneFile {
    fn start_sample(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.start_sample(name);
        if self.with_sample {
            self.label = Label::of_sample(name);
        }
        Ok(())
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_contigs += 1;
        if let Some(label) = self.labels.next() {
            self.label = label;
        }
        self.fasta.start_contig(&self.label.around(name))
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_bases += letters.len() as u64;
        self.fasta.letters(letters)
    }
}
