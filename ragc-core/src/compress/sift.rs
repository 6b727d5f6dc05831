//! Tells inputs that can be stored from those that cannot, before any of them is.
//!
//! What has been placed cannot be taken back, so a file that fails in the middle would leave half of itself behind.
//! Whoever wants to go on without it reads all files first.

use super::ended::{Ended, reason};
use super::events::{Event, EventReceiver};
use super::input::{Input, total_size};
use super::memory::Memory;
use super::options::InputRules;
use super::read::{self, OrderedInputs, Reading};
use super::registry::{Begun, Registry};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Archive;
use crate::fasta::Source;
use crate::observe::{Observer, Phase, check_wanted};
use crate::threads::{Started, start_some};
use std::sync::Arc;
use std::thread;

/// Inputs that can be stored together, and those that cannot.
#[derive(Debug)]
#[non_exhaustive]
pub struct Sifted {
    /// Those to store, in their order. What can be read once only has been copied.
    pub good: Vec<Input>,
    /// The others, in their order.
    pub bad: Vec<BadInput>,
}

/// An input that cannot be stored.
#[derive(Debug)]
#[non_exhaustive]
pub struct BadInput {
    /// Its place among all inputs, from 0.
    pub index: usize,
    /// Why it cannot; names its file.
    pub error: Error,
}

/// Reads all inputs and checks whatever [`CreateOptions::create`](super::CreateOptions::create) or [`AppendOptions::append`](super::AppendOptions::append) would refuse in them: files
/// that are missing, damaged or not FASTA, and names that are taken by an input before them or by a sample of `archive`.
///
/// # Errors
/// Those of the archive, `Cancelled` and `WorkerLost`; never those of an input.
pub fn sift(
    inputs: &[Input],
    rules: InputRules,
    archive: Option<&Archive>,
    n_threads: usize,
    observer: Arc<dyn Observer>,
) -> Result<Sifted> {
    let mut registry = Registry::new(rules, inputs);
    if let Some(archive) = archive {
        registry.resume(archive.samples()?.iter());
    }
    observer.phase_begins(Phase::Sift, total_size(inputs));
    let reading = Reading {
        rules,
        provenance: None,
        observer,
    };
    let n_readers = read::n_readers(n_threads);
    let repeated: Vec<_> = inputs.iter().map(Input::read_repeatedly).collect();
    let readable = repeated.iter().flatten().cloned().collect();
    let (ordered, assignments) = OrderedInputs::new(readable, n_readers, &Memory::new(None, n_readers));
    thread::scope(|scope| {
        let check = || {
            let (inputs, reading) = (assignments.clone(), &reading);
            move || read::run_checker(&inputs, reading)
        };
        let checkers = start_some(scope, "check", n_readers, check)?;
        drop(assignments);
        let sifted = check_inputs(repeated, ordered, &mut registry);
        let checked = checkers.into_iter().map(Started::join);
        let mut ends: Vec<Ended> = checked.filter_map(Result::err).collect();
        match sifted {
            Ok(sifted) if ends.is_empty() => check_wanted(&*reading.observer).map(|()| sifted),
            sifted => {
                ends.extend(sifted.err());
                Err(reason(ends))
            }
        }
    })
}

/// Checks inputs one after the other, while threads read them; those that could not be copied have no reader.
fn check_inputs(
    inputs: Vec<Result<Input>>,
    mut ordered: OrderedInputs,
    registry: &mut Registry,
) -> Result<Sifted, Ended> {
    let mut sifted = Sifted {
        good: Vec::new(),
        bad: Vec::new(),
    };
    for (index, input) in inputs.into_iter().enumerate() {
        let checked = input.map_err(Ended::from).and_then(|input| {
            let events = ordered
                .next_input()?
                .ok_or(Error::new(ErrorKind::Internal("an input has no reader")))?;
            check_input(events, registry, &input)?;
            Ok(input)
        });
        match checked {
            Ok(input) => sifted.good.push(input),
            Err(Ended::CutOff) => return Err(Ended::CutOff),
            Err(Ended::Failed(error)) if matches!(error.kind(), ErrorKind::Internal(_)) => {
                return Err(error.into());
            }
            Err(Ended::Failed(error)) => sifted.bad.push(BadInput { index, error }),
        }
    }
    Ok(sifted)
}

/// Takes all events of an input; the names of one that cannot be stored stay free. Errors name the file.
fn check_input(mut events: EventReceiver, registry: &mut Registry, input: &Input) -> Result<(), Ended> {
    let mut sources = input.sources();
    let mut label = sources.next().map(Source::label);
    let mut samples = Vec::new();
    let mut first_error = None;
    loop {
        let event = events.recv()?;
        let checked = match event {
            // The reader goes on to the end of the input, and waits until somebody takes what it sends.
            Event::Contig { name, line } if first_error.is_none() => registry
                .begin_contig(&name, &input.sample)
                .map(|begun| match begun {
                    Begun::Contig(changes) => samples.extend(changes.finished),
                    Begun::Duplicate => {}
                })
                .map_err(|error| error.at_line(line).in_contig(&String::from_utf8_lossy(&name))),
            Event::Failed(error) => {
                first_error.get_or_insert(error);
                break;
            }
            Event::EndInput { .. } => break,
            Event::NextFile { .. } => {
                label = sources.next().map(Source::label);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = checked {
            first_error = Some(match label {
                Some(label) => error.in_file(label),
                None => error,
            });
        }
    }
    samples.extend(registry.end_input());
    match first_error {
        None => Ok(()),
        Some(error) => {
            samples.iter().for_each(|name| registry.forget_sample(name));
            Err(error.into())
        }
    }
}
