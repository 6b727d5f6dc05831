//! `ragc --version`, and with `-v` what it was built from and for.

use std::io::Write;

use crate::out::{Out, OutputPacking};

/// Prints the version.
pub(crate) fn run(is_verbose: bool) -> anyhow::Result<()> {
    let mut out = Out::open(None, OutputPacking::Plain)?;
    writeln!(out, "ragc {}", env!("CARGO_PKG_VERSION"))?;
    if is_verbose {
        writeln!(out, "commit: {}", env!("RAGC_COMMIT"))?;
        writeln!(out, "target: {}", env!("RAGC_TARGET"))?;
        writeln!(out, "archives: reads file versions 1, 2 and 3 of AGC, writes 3.0")?;
    }
    out.finish()
}
