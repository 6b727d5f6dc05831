//! `--fai`: where contigs lie in the FASTA file that getset would write.

use ragc_core::Archive;

use crate::fasta::{FaiTable, Label};

/// The table of these samples, one after the other.
pub(super) fn table_of(
    archive: &Archive,
    samples: &[usize],
    line_width: u64,
    with_sample: bool,
) -> ragc_core::Result<FaiTable> {
    let mut table = FaiTable::new(line_width);
    for sample in samples {
        let name = archive.samples()?.get(*sample).unwrap_or_default();
        let label = if with_sample {
            Label::of_sample(name)
        } else {
            Label::default()
        };
        let lengths = archive.contig_lens(*sample)?;
        for (header, len) in archive.contigs(name)?.iter().zip(lengths) {
            table.start_contig(&label.around(header));
            table.bases(len);
        }
    }
    Ok(table)
}
