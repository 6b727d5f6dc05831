//! Whole samples and many regions, decoded ahead by threads.

use std::io::Write;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::fasta::FastaSink;
use crate::extract::scan::Scan;
use crate::extract::stream::{self, Target, Targets};
use crate::extract::{Archive, ContigId, SampleSink, Spelling, no_such_place};

impl Archive {
    /// Sends whole samples through `sink` in this spelling, in the order given, decoding ahead on `n_threads` threads.
    ///
    /// # Errors
    /// `NotFound` for a place that does not exist; `Corrupt` when anything is damaged; what the sink returns.
    ///
    /// # Cost
    /// Memory is bounded whatever the length of contigs and the speed of the sink.
    pub fn stream_samples(
        &self,
        samples: &[usize],
        spelling: Spelling,
        n_threads: usize,
        sink: &mut dyn SampleSink,
    ) -> Result<()> {
        self.placed(|| {
            samples.iter().try_for_each(|sample| self.check_sample(*sample))?;
            let targets: Vec<Target> = samples.iter().copied().map(Target::Sample).collect();
            let targets = Targets::Listed(targets.iter());
            stream::stream(self.store(), targets, spelling, n_threads, sink)
        })
    }

    /// As [`Self::stream_samples`], with what the samples have in common decoded once, and nothing kept that none of them needs
    /// again: for a handle of which nothing else will be asked.
    ///
    /// # Errors
    /// As [`Self::stream_samples`].
    ///
    /// # Cost
    /// Names and segments are held of a batch of samples at a time; references that it needs more than once, within the cache; items
    /// of packs for as many samples as 32 MiB are enough for, or for a fifth of the batch, within half of the cache's size.
    pub fn stream_samples_once(
        &self,
        samples: &[usize],
        spelling: Spelling,
        n_threads: usize,
        sink: &mut dyn SampleSink,
    ) -> Result<()> {
        self.placed(|| {
            samples.iter().try_for_each(|sample| self.check_sample(*sample))?;
            let scan = Targets::Scanned(Scan::new(self.store(), samples));
            stream::stream(self.store(), scan, spelling, n_threads, sink)
        })
    }

    fn check_sample(&self, sample: usize) -> Result<()> {
        match sample < self.store().catalogue().samples()?.len() {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::NotFound {
                what: "sample",
                name: format!("#{sample}"),
            })),
        }
    }

    /// Sends stretches of contigs through `sink` in this spelling, in the order given, decoding ahead on `n_threads` threads. What lies
    /// past the end of a contig is left out; `0..u64::MAX` is a whole contig. The sink sees no samples.
    ///
    /// # Errors
    /// As [`Self::stream_samples`].
    pub fn stream_regions(
        &self,
        regions: &[(ContigId, Range<u64>)],
        spelling: Spelling,
        n_threads: usize,
        sink: &mut dyn SampleSink,
    ) -> Result<()> {
        self.placed(|| {
            let n_samples = self.store().catalogue().samples()?.len();
            if let Some((id, _)) = regions.iter().find(|(id, _)| id.sample >= n_samples) {
                return Err(no_such_place(*id));
            }
            let targets: Vec<Target> = regions
                .iter()
                .map(|(id, range)| Target::Region(*id, range.clone()))
                .collect();
            let targets = Targets::Listed(targets.iter());
            stream::stream(self.store(), targets, spelling, n_threads, sink)
        })
    }

    /// Writes a whole sample as FASTA with lines of `line_width` symbols.
    ///
    /// # Errors
    /// As [`Self::stream_samples`], and `Io` when `out` fails.
    pub fn write_sample(
        &self,
        sample: impl AsRef<[u8]>,
        out: impl Write + Send,
        line_width: usize,
    ) -> Result<()> {
        let idx = self.find_sample(sample)?;
        let mut sink = FastaSink::new(out, line_width);
        self.stream_samples(&[idx], Spelling::Residues, 1, &mut sink)?;
        sink.finish().map(drop)
    }
}
