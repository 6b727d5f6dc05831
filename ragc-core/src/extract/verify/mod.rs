//! Whether an archive is intact, and if not, what is left of it.
//!
//! ```text
//! parts.rs    every part of the small streams and the collection is read
//! groups.rs   every reference and every item of every group is decoded, also those that no contig uses
//! contigs.rs  every contig is put together
//!    └ track/      …and compared with the checksums and digests of what was stored
//! ahead.rs    groups and contigs of a slow source are asked for before a thread comes to them
//! texts.rs    what is kept of original files is put over the letters
//! intact.rs   the first damage alone
//! ```
//!
//! Where an archive has checksums, a part that is read is compared with its own. Damage does not end a verification: it
//! is noted in the [`Report`], and what does not depend on it is verified all the same. Memory is bounded but for the
//! list of damages: a group or a contig for each thread at a time, and the cache.

mod ahead;
mod contigs;
mod groups;
#[cfg(feature = "compress")]
mod intact;
mod parts;
mod report;
mod texts;

pub use report::{Lost, LostSample, Report};

use crate::extract::Archive;
use crate::group::Inventory;
use crate::observe::Observer;

impl Archive {
    /// Reads and decodes everything, and reports what is damaged and which contigs that costs.
    /// If it is cancelled, that is among the damages, and contigs that it has not come to are told as lost.
    ///
    /// # Cost
    /// That of extracting everything, on `n_threads` threads, and of decoding every stored item once more.
    pub fn verify(&self, n_threads: usize, observer: &dyn Observer) -> Report {
        let mut report = Report::new(self.store().container());
        let inventory = Inventory::of(self.store().container().footer(), self.version().group_naming());
        let n_samples = self
            .store()
            .catalogue()
            .samples()
            .map_or(0, |samples| samples.len());
        let with_texts = texts::samples_with_texts(self.store(), n_samples);
        observer.verify_begins((inventory.n_groups() + n_samples + with_texts.len()) as u64);
        parts::verify(self.store(), &inventory, &mut report);
        groups::verify(self.store(), &inventory, n_threads, observer, &mut report);
        contigs::verify(self.store(), n_threads, observer, &mut report);
        texts::verify(self, &with_texts, n_threads, observer, &mut report);
        report.is_cancelled = observer.is_cancelled();
        report
    }
}
