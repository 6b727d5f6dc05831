//! A library that hands on types of ragc-core.

use ragc_core::{Decompressor, CNV_NUM};

pub fn letters(codes: &[u8]) -> String {
    codes
        .iter()
        .map(|&code| char::from(CNV_NUM[usize::from(code)]))
        .collect()
}

pub fn n_samples(archive: &Decompressor) -> usize {
    archive.list_samples().len()
}
