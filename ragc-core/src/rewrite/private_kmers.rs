//! Splitters that occur in no sample that is kept: they are sequence of those that are dropped.

use ahash::AHashSet;

use crate::alphabet::CODE_OF_LETTER;
use crate::error::Result;
use crate::extract::{SampleSink, Spelling};
use crate::kmer::KmerWindow;
use crate::rewrite::Existing;
use crate::rewrite::plan::Plan;
use crate::splitter_streams::{NO_SPLITTER, SegmentKey};
use crate::track::{KeptContigs, KeptSample};

/// Leaves out the splitters that do not occur in what is kept, and the keys that have such.
///
/// # Errors
/// `Corrupt` when a sample that is kept is damaged.
pub(super) fn leave_out_private(
    plan: &Plan,
    sources: &[Existing<'_>],
    n_threads: usize,
    splitters: &mut Vec<u64>,
    keys: &mut Vec<SegmentKey>,
) -> Result<()> {
    let of_keys = keys.iter().flat_map(|key| [key.a, key.b]);
    let mut search = KmerSearch {
        wanted: of_keys.chain(splitters.iter().copied()).collect(),
        found: AHashSet::new(),
        window: KmerWindow::new(sources[0].params().k),
        kept: None,
        contig: None,
    };
    search.found.insert(NO_SPLITTER);
    for sample in &plan.samples {
        search.search(sample, &sources[sample.source], n_threads)?;
    }
    splitters.retain(|splitter| search.found.contains(splitter));
    keys.retain(|key| search.found.contains(&key.a) && search.found.contains(&key.b));
    Ok(())
}

/// Looks for k-mers in all contigs that are kept.
struct KmerSearch {
    wanted: AHashSet<u64>,
    found: AHashSet<u64>,
    window: KmerWindow,
    /// The contigs of the sample that are kept, if not all are.
    kept: Option<AHashSet<usize>>,
    /// The place of the contig that is read.
    contig: Option<usize>,
}

impl KmerSearch {
    fn search(&mut self, sample: &KeptSample, existing: &Existing<'_>, n_threads: usize) -> Result<()> {
        self.contig = None;
        self.kept = match &sample.contigs {
            KeptContigs::Listed(contigs) => Some(contigs.iter().copied().collect()),
            KeptContigs::All | KeptContigs::Renamed(_) => None,
        };
        existing
            .archive()
            .stream_samples(&[sample.sample], Spelling::Nucleotides, n_threads, self)
    }
}

impl SampleSink for KmerSearch {
    fn start_contig(&mut self, _name: &[u8]) -> Result<()> {
        self.contig = Some(self.contig.map_or(0, |contig| contig + 1));
        self.window.clear();
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        let is_left_out = |kept: &AHashSet<usize>| self.contig.is_some_and(|contig| !kept.contains(&contig));
        if self.kept.as_ref().is_some_and(is_left_out) {
            return Ok(());
        }
        for letter in letters {
            match CODE_OF_LETTER[usize::from(*letter)] {
                code @ 0..4 => {
                    let kmer = self.window.push(code);
                    let wanted = kmer
                        .map(|kmer| kmer.value)
                        .filter(|value| self.wanted.contains(value));
                    self.found.extend(wanted);
                }
                _ => self.window.clear(),
            }
        }
        Ok(())
    }
}
