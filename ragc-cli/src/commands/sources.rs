//! Which samples the arguments name, and out of which files: `FILE`, `NAME=FILE`, `-`, and the lines of a list.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ragc_core::compress::Input;
use ragc_core::fasta::Source;
use ragc_core::internals::inputs::{parse_sheet, read_sheet};
use ragc_core::internals::quoted::Quoted;

use crate::exit::UsageError;
use crate::out::reads_from;
use crate::remote::with_remote;

/// Stands for standard input among the files.
const STANDARD_INPUT: &str = "-";

/// All samples in their order, each once, and what was named again: a list often names the reference.
pub(super) fn gather(files: &[PathBuf], list: Option<&Path>) -> anyhow::Result<(Vec<Input>, Vec<PathBuf>)> {
    let mut inputs = Vec::with_capacity(files.len());
    for file in files {
        inputs.push(argument(file)?);
    }
    if let Some(list) = list {
        inputs.extend(read_list(list)?);
    }
    let inputs = inputs
        .into_iter()
        .map(with_remote)
        .collect::<anyhow::Result<Vec<Input>>>()?;
    let n_listed = usize::from(list.is_some_and(|list| list == Path::new(STANDARD_INPUT)));
    let (inputs, repeated) = each_once(inputs);
    let is_standard_input = |source: &&Source| **source == Source::standard_input();
    let n_named = inputs
        .iter()
        .flat_map(Input::sources)
        .filter(is_standard_input)
        .count();
    if n_listed + n_named > 1 {
        return Err(
            UsageError("standard input ('-') is named twice, and can be read once".to_owned()).into(),
        );
    }
    if n_named > 0 {
        reads_from(Path::new(STANDARD_INPUT))?;
    }
    Ok((inputs, repeated))
}

/// Gives the one input without a name that of `--sample`.
pub(super) fn name_nameless(inputs: &mut [Input], sample: Option<&str>) -> Result<(), UsageError> {
    let mut nameless: Vec<&mut Input> = inputs
        .iter_mut()
        .filter(|input| input.sample.is_empty())
        .collect();
    match (nameless.as_mut_slice(), sample) {
        ([], None) => Ok(()),
        ([input], Some(sample)) => {
            sample.clone_into(&mut input.sample);
            Ok(())
        }
        ([], Some(_)) => Err(UsageError(
            "--sample names what comes from standard input ('-') or from a file without a name, which is not read".to_owned(),
        )),
        ([input, ..], None) => Err(UsageError(format!(
            "{} has no name: give its sample one with --sample, or as NAME={}",
            described(&input.source),
            input.source.path().unwrap_or(Path::new(STANDARD_INPUT)).display(),
        ))),
        ([first, second, ..], Some(_)) => Err(UsageError(format!(
            "--sample names one sample, and {} and {} have no name: write NAME=FILE",
            described(&first.source),
            described(&second.source),
        ))),
    }
}

/// Refuses names where records name their samples.
pub(super) fn refuse_names(inputs: &[Input]) -> Result<(), UsageError> {
    let is_named =
        |input: &&Input| input.sample != Input::of(input.source.clone()).sample || !input.more.is_empty();
    match inputs.iter().find(is_named) {
        Some(input) => Err(UsageError(format!(
            "{}: {:?} cannot be the name of its sample: with -c and --pansn the records name their samples",
            input.source.label().display(),
            input.sample
        ))),
        None => Ok(()),
    }
}

/// Puts an input first: that of this sample, if inputs are samples, or the one with this file.
pub(super) fn put_first(wanted: &OsStr, are_samples: bool, inputs: &mut [Input]) -> Result<(), UsageError> {
    let is_sample = |input: &Input| are_samples && input.sample.as_bytes() == wanted.as_bytes();
    let named = inputs.iter().position(is_sample);
    let with_file = place_of_file(Path::new(wanted), inputs);
    let place = match (named, with_file) {
        (Some(named), Some(with_file)) if named != with_file => {
            return Err(UsageError(format!(
                "--reference {wanted:?} is the name of one sample and the file of another: write ./{}",
                Path::new(wanted).display()
            )));
        }
        (Some(place), _) | (None, Some(place)) => place,
        (None, None) => {
            let what = if are_samples { "sample or file" } else { "file" };
            return Err(UsageError(format!(
                "--reference {}: no {what} of this name is among the inputs",
                Quoted(&wanted.to_string_lossy())
            )));
        }
    };
    inputs[..=place].rotate_right(1);
    Ok(())
}

/// The first input with this file, under whatever path. A tar archive is a file of all that is in it, which is also called as messages
/// call it: `x.tar:a.fa`.
fn place_of_file(wanted: &Path, inputs: &[Input]) -> Option<usize> {
    let place = |is_wanted: &dyn Fn(&Path) -> bool| {
        let is_file = |source: &&Source| !source.is_standard_input();
        let is_wanted = |source: &Source| is_wanted(source.label()) || is_wanted(source.container());
        let has = |input: &Input| input.sources().filter(is_file).any(is_wanted);
        inputs.iter().position(has)
    };
    place(&|path| path == wanted).or_else(|| {
        let wanted = wanted.canonicalize().ok()?;
        place(&|path| path.canonicalize().is_ok_and(|path| path == wanted))
    })
}

fn described(source: &Source) -> String {
    match source.path() {
        Some(path) => path.display().to_string(),
        None => format!("standard input ('{STANDARD_INPUT}')"),
    }
}

/// `FILE`, or `NAME=FILE` if there is no file of this name. A name has no `/`, so that `./a=b.fa` is a file in any case.
fn argument(text: &Path) -> Result<Input, UsageError> {
    let bytes = text.as_os_str().as_bytes();
    let (name, path) = match bytes.iter().position(|byte| *byte == b'=') {
        Some(place @ 1..) if !bytes[..place].contains(&b'/') && !text.exists() => {
            (&bytes[..place], Path::new(OsStr::from_bytes(&bytes[place + 1..])))
        }
        _ => return Ok(Input::of(Source::argument(text))),
    };
    let refuse = |why: &str| Err(UsageError(format!("{}: {why}", text.display())));
    if path.as_os_str().is_empty() {
        return refuse("there is no file behind the name");
    }
    match std::str::from_utf8(name) {
        Ok(name) => Ok(Input::named(name, Source::argument(path))),
        Err(_) => refuse("the name of the sample is no UTF-8 text"),
    }
}

fn read_list(list: &Path) -> anyhow::Result<Vec<Input>> {
    reads_from(list)?;
    if list != Path::new(STANDARD_INPUT) {
        return Ok(read_sheet(list)?);
    }
    let mut text = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut text);
    read.context("standard input: cannot read")?;
    Ok(parse_sheet(&text).map_err(|error| error.in_file("standard input"))?)
}

fn each_once(inputs: Vec<Input>) -> (Vec<Input>, Vec<PathBuf>) {
    let mut seen = HashSet::new();
    let mut repeated = Vec::new();
    let mut once = Vec::with_capacity(inputs.len());
    for input in inputs {
        let labels: Vec<PathBuf> = input.sources().map(|source| source.label().to_owned()).collect();
        match seen.insert((input.sample.clone(), labels)) {
            true => once.push(input),
            false => repeated.push(input.source.label().to_owned()),
        }
    }
    (once, repeated)
}
