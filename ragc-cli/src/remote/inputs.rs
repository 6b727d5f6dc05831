//! FASTA files on servers.

use std::path::Path;

use anyhow::Context;
use ragc_core::compress::Input;
use ragc_core::fasta::Source;
use ragc_remote::{Address, Download};

use crate::remote::place::{is_url, printable};

/// The same sample, with the files of servers in the place of their URLs. A sample is named after the last component of its URL.
pub(crate) fn with_remote(input: Input) -> anyhow::Result<Input> {
    let is_remote = |source: &Source| source.path().is_some_and(is_url);
    if !input.sources().any(is_remote) {
        return Ok(input);
    }
    let is_named = !input.more.is_empty() || input.sample != Input::of(input.source.clone()).sample;
    let source = opened(input.source)?;
    if !is_named {
        return Ok(Input::of(source));
    }
    let more = input
        .more
        .into_iter()
        .map(opened)
        .collect::<anyhow::Result<_>>()?;
    Ok(Input::named(input.sample, source).with_more(more))
}

fn opened(source: Source) -> anyhow::Result<Source> {
    match source.path().filter(|path| is_url(path)) {
        Some(url) => of_url(url),
        None => Ok(source),
    }
}

fn of_url(url: &Path) -> anyhow::Result<Source> {
    let label = printable(url);
    let address = Address::parse(&url.to_string_lossy()).with_context(|| label.display().to_string())?;
    let name = address.file_name();
    Ok(Source::reopened(label, name, move || {
        Ok(Box::new(Download::open(&address)?) as _)
    }))
}
