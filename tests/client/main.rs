//! Calls what programs call of ragc-core 0.1, in the way in which they do.

use std::borrow::Cow;

use anyhow::{ensure, Context, Result};
use ragc_core::{Decompressor, DecompressorConfig, CNV_NUM};

struct Part {
    contig: String,
    segments: Vec<ragc_common::SegmentDesc>,
}

fn main() -> Result<()> {
    let path = std::env::args_os().nth(1).context("no archive is named")?;
    let path: Cow<str> = path.to_string_lossy();
    let mut archive = Decompressor::open(&path, DecompressorConfig { verbosity: 0 })?;
    let samples = archive.list_samples();
    ensure!(middle::n_samples(&archive) == samples.len());
    let (mut n_turned, mut n_references) = (0, 0);
    for sample in &samples {
        for part in parts(&mut archive, sample)? {
            let whole: ragc_common::Contig = archive.get_contig(sample, &part.contig)?;
            ensure!(joined(&mut archive, &part.segments)? == whole);
            let letters = middle::letters(&whole);
            let codes: Vec<u8> = letters
                .bytes()
                .map(|letter| CNV_NUM[usize::from(letter)])
                .collect();
            ensure!(codes == whole);
            let start = &whole[..whole.len().min(9)];
            ensure!(archive.get_contig_range(sample, &part.contig, 0, 9)? == start);
            n_turned += part.segments.iter().filter(|segment| segment.is_rev_comp).count();
            for segment in part.segments.iter().filter(|segment| is_reference(segment)) {
                let reference = archive.get_reference_segment(segment.group_id)?;
                ensure!(reference == archive.get_segment_data_by_desc(segment)?);
                n_references += 1;
            }
        }
    }
    ensure!(archive.get_reference_segment(3).is_err());
    let all: usize = archive
        .get_all_segments()?
        .iter()
        .map(|(_, _, segments)| segments.len())
        .sum();
    let statistics = archive.get_group_statistics()?;
    ensure!(statistics.iter().map(|group| group.1).sum::<usize>() == all);
    ensure!(statistics.iter().map(|group| group.2).sum::<usize>() == n_references);
    ensure!(archive
        .get_compression_stats()
        .iter()
        .any(|stream| stream.0 == "params" && stream.3 == 1));
    let mut clone = archive.clone_for_thread()?;
    let n_contigs = std::thread::spawn(move || clone.get_sample(&samples[0]).map(|contigs| contigs.len()));
    ensure!(n_contigs.join().unwrap()? > 0);
    println!(
        "{n_turned} turned, {n_references} references, matches of {}",
        archive.min_match_len
    );
    let absent = Decompressor::open("/nonexistent/archive.agc", DecompressorConfig::default());
    println!("{:#}", absent.context("no archive").map(drop).unwrap_err());
    Ok(())
}

fn is_reference(segment: &ragc_common::SegmentDesc) -> bool {
    segment.in_group_id == 0 && segment.group_id >= 16
}

fn parts(archive: &mut Decompressor, sample: &str) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for contig in archive.list_contigs(sample)? {
        let segments = archive.get_contig_segments_desc(sample, &contig)?;
        parts.push(Part { contig, segments });
    }
    Ok(parts)
}

/// The contig, put together from its segments by the program itself.
fn joined(archive: &mut Decompressor, segments: &[ragc_common::SegmentDesc]) -> Result<Vec<u8>> {
    let mut codes = Vec::new();
    for segment in segments {
        let mut stored = archive.get_segment_data_by_desc(segment)?;
        ensure!(stored.len() == segment.raw_length as usize);
        if segment.is_rev_comp {
            stored.reverse();
            stored
                .iter_mut()
                .filter(|code| **code < 4)
                .for_each(|code| *code = 3 - *code);
        }
        let overlap = if codes.is_empty() {
            0
        } else {
            archive.kmer_length as usize
        };
        codes.extend_from_slice(&stored[overlap..]);
    }
    Ok(codes)
}
