//! What is wrong with packed data.

use std::io;

/// Data that no program packs so.
pub(super) fn damaged(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// The error about data that want more memory than they may take.
pub(super) fn needs_memory(program: &str, needed: Option<u64>) -> io::Error {
    let why = match needed {
        Some(needed) => {
            let mib = needed.div_ceil(1 << 20);
            format!(
                "it was packed by {program} so that unpacking takes {mib} MiB of memory: --memory {mib}M allows that"
            )
        }
        None => {
            format!("it was packed by {program} so that unpacking takes more memory than allowed (--memory)")
        }
    };
    io::Error::new(io::ErrorKind::Unsupported, why)
}
