//! What the fuzz targets share.

use ragc_core::extract::ContigId;
use ragc_core::internals::zstd::Compressor;
use ragc_core::observe::Silent;
use ragc_core::{Archive, OpenOptions};

/// Contigs that are longer are not decoded as a whole: a few bytes can describe a gigabase of N.
const MAX_CONTIG_LEN: u64 = 1 << 20;

/// Contigs of an archive that are looked at.
const MAX_CONTIGS: usize = 64;

/// A zstd frame of these bytes: the fuzzer would not find one.
pub fn frame(bytes: &[u8]) -> Vec<u8> {
    Compressor::new().compress(bytes, 1).expect("compresses").to_vec()
}

/// Opens an archive and asks for everything. Where several questions have the same answer, it has to be the same.
pub fn read_everything(bytes: Vec<u8>) -> ragc_core::Result<()> {
    let archive = Archive::options()
        .cache_limit(OpenOptions::DEFAULT_CACHE_LIMIT)
        .open_source(bytes)?;
    ask_everything(&archive)
}

/// As [`read_everything`], of an archive that is open.
pub fn ask_everything(archive: &Archive) -> ragc_core::Result<()> {
    let _ = archive.command_lines();
    let _ = archive.sequence_sums();
    let _ = archive.keep();
    let samples = archive.samples()?;
    for sample in 0..samples.len().min(MAX_CONTIGS) {
        let name = samples.get(sample).expect("is in range");
        let n_contigs = match archive.contigs(name) {
            Ok(contigs) => contigs.len(),
            Err(_) => continue,
        };
        for contig in 0..n_contigs.min(MAX_CONTIGS) {
            read_contig(archive, ContigId { sample, contig });
        }
        let len = |contig| archive.contig_len_of(ContigId { sample, contig });
        let n_bases: ragc_core::Result<u64> = (0..n_contigs).map(len).sum();
        if n_bases.is_ok_and(|n_bases| n_bases <= MAX_CONTIG_LEN) {
            let _ = archive.write_original(sample, 1, std::io::sink());
        }
    }
    if n_bases(archive).is_some_and(|n_bases| n_bases <= MAX_CONTIG_LEN) {
        archive.verify(1, &Silent);
    }
    Ok(())
}

/// Bases of all samples, if the lengths of all of them are known.
fn n_bases(archive: &Archive) -> Option<u64> {
    let mut n_bases = 0u64;
    for (sample, name) in archive.samples().ok()?.iter().enumerate() {
        for contig in 0..archive.contigs(name).ok()?.len() {
            let len = archive.contig_len_of(ContigId { sample, contig }).ok()?;
            n_bases = n_bases.saturating_add(len);
        }
    }
    Some(n_bases)
}

fn read_contig(archive: &Archive, id: ContigId) {
    // How lengths are stored can depend on another contig of the sample, which may be damaged.
    let Ok(len) = archive.contig_len_of(id) else {
        let _ = archive.contig_codes(id);
        return;
    };
    let _ = archive.region_codes(id, 3..9);
    if len > MAX_CONTIG_LEN {
        return;
    }
    // A region may well be readable where the whole contig is not: it leaves out segments that add nothing to it.
    let Ok(whole) = archive.contig_codes(id) else {
        let _ = archive.region_codes(id, 0..u64::MAX);
        return;
    };
    assert_eq!(whole.len() as u64, len);
    for range in [0..u64::MAX, 0..len, len / 3..len / 2, len / 2..len] {
        let region = archive
            .region_codes(id, range.clone())
            .expect("the whole contig is readable");
        let end = range.end.min(len);
        assert_eq!(region, &whole[range.start as usize..end as usize]);
    }
}
