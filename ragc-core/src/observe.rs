//! What a long run tells while it goes on, and asks.

use crate::error::{Error, ErrorKind, Result};

/// What a compression does, one phase behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Decoding an archive that is gone on from and has no checksums, which tells its steps as a verification does.
    Check,
    /// Reading all inputs to tell which of them can be stored.
    Sift,
    /// Looking at the inputs to choose parameters. How much is read is not known.
    Choose,
    /// Reading the reference sample to choose splitters in it.
    FindSplitters,
    /// Learning what the archive holds that is appended to. Inputs are read ahead meanwhile.
    Resume,
    /// Reading all inputs and placing what they hold; what was read ahead counts.
    Store,
    /// Compressing what is left in open packs.
    ClosePacks,
}

/// Receives events of a running compression, change or verification, from any of its threads.
pub trait Observer: Send + Sync {
    /// Whether the work is no longer wanted. It is asked with each piece that is read of an input, after each round and each pack, in a
    /// verification before each step, and while another writer is waited for, so it has to be quick. The run then ends with [`ErrorKind::Cancelled`], and of a verification the
    /// [`Report`](crate::extract::Report) tells it.
    fn is_cancelled(&self) -> bool {
        false
    }

    /// Another program writes the archive that this run is to write: it is waited for. Told some twenty times a second until it is done.
    fn waits_for_writer(&self) {}

    /// A phase begins; `total` tells the bytes that will be read in it, if that is known.
    fn phase_begins(&self, phase: Phase, total: Option<u64>) {
        let _ = (phase, total);
    }

    /// Open packs of so many bytes more are left to be compressed.
    fn packs_left(&self, n_bytes: u64) {
        let _ = n_bytes;
    }

    /// Packs of so many bytes more have been compressed.
    fn packs_closed(&self, n_bytes: u64) {
        let _ = n_bytes;
    }

    /// `n` more bytes were read from input files, before decompression.
    fn bytes_read(&self, n: u64) {
        let _ = n;
    }

    /// Segments of some megabases have been placed together; the next ones follow.
    fn round_placed(&self) {}

    /// A sample was placed as a whole.
    fn sample_placed(&self, sample: &SampleReport<'_>) {
        let _ = sample;
    }

    /// An archive is written anew; its packs have so many bytes.
    fn rewrite_begins(&self, n_bytes: u64) {
        let _ = n_bytes;
    }

    /// Packs of so many bytes more have been copied or compressed anew.
    fn rewritten(&self, n_bytes: u64) {
        let _ = n_bytes;
    }

    /// A verification begins; it has so many steps.
    fn verify_begins(&self, n_steps: u64) {
        let _ = n_steps;
    }

    /// `n_steps` more steps of a verification are done.
    fn verified(&self, n_steps: u64) {
        let _ = n_steps;
    }
}

/// What is known of a sample when it has been placed.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SampleReport<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Number of contigs.
    pub n_contigs: usize,
    /// Number of bases.
    pub n_bases: u64,
}

/// Of what is read a second time, or for a trial: it counts for nothing, and ends with the run.
#[cfg(feature = "compress")]
pub(crate) struct Uncounted(pub(crate) std::sync::Arc<dyn Observer>);

#[cfg(feature = "compress")]
impl Observer for Uncounted {
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// An observer that takes no notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// An error if the work is no longer wanted.
pub(crate) fn check_wanted(observer: &dyn Observer) -> Result<()> {
    match observer.is_cancelled() {
        true => Err(Error::new(ErrorKind::Cancelled)),
        false => Ok(()),
    }
}

/// What became of work: whatever it failed with when it was no longer wanted, it was cancelled.
pub(crate) fn unless_cancelled<T>(observer: &dyn Observer, result: Result<T>) -> Result<T> {
    result.map_err(|error| check_wanted(observer).err().unwrap_or(error))
}
