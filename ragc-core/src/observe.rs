//! What a long run tells while it goes on.

/// Receives events of a running compression or verification, from any of its threads.
pub trait Observer: Send + Sync {
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
pub struct SampleReport<'a> {
    /// Its name.
    pub name: &'a [u8],
    /// Number of contigs.
    pub n_contigs: usize,
    /// Number of bases.
    pub n_bases: u64,
}

/// An observer that takes no notice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}
