//! FASTA files on servers.

use anyhow::Context;
use ragc_core::compress::Input;
use ragc_core::fasta::Source;

use crate::remote::place::{is_url, printable, url_of};
use crate::remote::servers::servers;

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
    let Some((path, url)) = source.path().and_then(|path| Some((path, url_of(path)?))) else {
        return Ok(source);
    };
    let servers = servers().with_context(|| printable(path).display().to_string())?;
    servers.fasta(url)
}
