//! Tells inputs that can be stored from those that cannot, before any of them is.
//!
//! What has been placed cannot be taken back, so a file that fails in the middle would leave half of itself behind.
//! Whoever wants to go on without it reads all files first.

use super::input::{Input, total_size};
use super::memory::Memory;
use super::options::InputRules;
use super::read::{self, Event, OrderedFiles, Reading};
use super::registry::Registry;
use super::run::{join, spawn};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Decompressor;
use crate::observe::{Observer, Phase};
use crate::queue::Receiver;
use std::sync::Arc;
use std::thread;

/// Inputs that can be stored together, and those that cannot.
#[derive(Debug)]
pub struct Sifted {
    /// Those to store, in their order. What can be read once only has been copied.
    pub good: Vec<Input>,
    /// The others, in their order.
    pub bad: Vec<BadInput>,
}

/// An input that cannot be stored.
#[derive(Debug)]
pub struct BadInput {
    /// Its place among all inputs, from 0.
    pub index: usize,
    /// Why it cannot; names its file.
    pub error: Error,
}

/// Reads all inputs and checks whatever [`create`](super::create) or [`append`](super::append) would refuse in them: files
/// that are missing, damaged or not FASTA, and names that are taken by an input before them or by a sample of `archive`.
///
/// # Errors
/// Those of the archive, and `WorkerLost`; never those of an input.
pub fn sift(
    inputs: &[Input],
    rules: InputRules,
    archive: Option<&Decompressor>,
    n_threads: usize,
    observer: Arc<dyn Observer>,
) -> Result<Sifted> {
    let mut registry = Registry::new(rules, inputs);
    if let Some(archive) = archive {
        registry.resume(archive.samples()?.iter());
    }
    observer.phase_begins(Phase::Sift, total_size(inputs.iter().map(|input| &input.source)));
    let reading = Reading { rules, observer };
    let n_readers = read::n_readers(n_threads);
    let sources: Vec<_> = inputs
        .iter()
        .map(|input| input.source.read_repeatedly())
        .collect();
    let readable = sources.iter().flatten().cloned().collect();
    let (mut files, assignments) = OrderedFiles::new(readable, n_readers, &Memory::new(None, n_readers));
    thread::scope(|scope| {
        let checkers: Vec<_> = (0..n_readers)
            .map(|_| (assignments.clone(), &reading))
            .map(|(files, reading)| spawn(scope, "check", move || read::run_checker(&files, reading)))
            .collect::<Result<_>>()?;
        drop(assignments);
        let mut sifted = Sifted {
            good: Vec::new(),
            bad: Vec::new(),
        };
        for (index, (input, source)) in inputs.iter().zip(sources).enumerate() {
            let checked = source.and_then(|source| {
                let events = files.next_file()?.ok_or(Error::new(ErrorKind::WorkerLost))?;
                check_file(&events, &mut registry, &input.sample)?;
                Ok(source)
            });
            match checked {
                Ok(source) => sifted.good.push(Input {
                    source,
                    sample: input.sample.clone(),
                }),
                Err(error) if *error.kind() == ErrorKind::WorkerLost => return Err(error),
                Err(error) => sifted.bad.push(BadInput {
                    index,
                    error: error.in_file(input.source.label()),
                }),
            }
        }
        drop(files);
        checkers.into_iter().try_for_each(join)?;
        Ok(sifted)
    })
}

/// Takes all events of a file; the names of a file that cannot be stored stay free.
fn check_file(events: &Receiver<Event>, registry: &mut Registry, sample: &str) -> Result<()> {
    let mut samples = Vec::new();
    let mut first_error = None;
    loop {
        let event = events.recv().map_err(|_| Error::new(ErrorKind::WorkerLost))?;
        let checked = match event {
            // The reader goes on to the end of the file, and waits until somebody takes what it sends.
            Event::Contig { name, line } if first_error.is_none() => registry
                .begin_contig(&name, sample)
                .map(|begun| samples.extend(begun.finished))
                .map_err(|error| error.at_line(line).in_contig(&String::from_utf8_lossy(&name))),
            Event::Failed(error) => {
                first_error.get_or_insert(error);
                break;
            }
            Event::EndFile => break,
            _ => Ok(()),
        };
        if let Err(error) = checked {
            first_error = Some(error);
        }
    }
    samples.extend(registry.end_file());
    match first_error {
        None => Ok(()),
        Some(error) => {
            samples.iter().for_each(|name| registry.forget_sample(name));
            Err(error)
        }
    }
}
