//! `--fai`: where contigs lie in the FASTA file that getset would write.

use ragc_core::Decompressor;
use ragc_core::extract::ContigId;

use crate::fasta::{FaiTable, Label};

/// The table of these samples, one after the other.
pub(super) fn table_of(
    archive: &Decompressor,
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
        for (contig, header) in archive.contigs(name)?.iter().enumerate() {
            table.start_contig(&label.around(header));
            let id = ContigId {
                sample: *sample,
                contig,
            };
            table.bases(archive.contig_len_of(id)?);
        }
    }
    Ok(table)
}
