//! From addresses to contigs and ranges, for all addresses of a command at once.

use ragc_core::Archive;
use ragc_core::short_name;

use crate::address::choose::choose;
use crate::address::find::{FoundContigs, Place};
use crate::address::meaning::{Resolved, WhyNot};
use crate::address::range::Counting;
use crate::address::scope::Scope;
use crate::address::text::{AddressReading, readings};
use crate::address::why_not::explain;
use crate::args::Samples;

/// An address that is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AddressText<'a> {
    pub(crate) text: &'a [u8],
    /// The text is a name, and no range stands behind it.
    pub(crate) is_name: bool,
}

/// Finds what addresses mean in an archive.
pub(crate) struct Resolver<'a> {
    scope: Scope<'a>,
    /// Whether the beginning of names of samples means all of them.
    takes_prefixes: bool,
}

impl<'a> Resolver<'a> {
    /// For a command that counts so and gives one region for each address.
    pub(crate) fn new(archive: &'a Archive, own: Counting) -> ragc_core::Result<Self> {
        Ok(Self {
            scope: Scope {
                archive,
                samples: Samples::of(archive)?,
                own,
                selected: None,
            },
            takes_prefixes: false,
        })
    }

    /// Takes several samples for an address: those of a prefix, and the selected ones if some are.
    pub(crate) fn with_several_samples(mut self, selected: Option<Vec<usize>>) -> Self {
        self.scope.selected = selected;
        self.takes_prefixes = true;
        self
    }

    /// What each address means. A header line is an address, too: where the whole is none, its first word is taken.
    pub(crate) fn resolve(
        &self,
        asked: &[AddressText<'_>],
    ) -> ragc_core::Result<Vec<Result<Resolved, WhyNot>>> {
        let mut resolved = self.resolve_texts(asked)?;
        let is_header = |i: usize, one: &AddressText<'_>| {
            matches!(resolved[i], Err(WhyNot::Absent(_) | WhyNot::NoRange(_)))
                && short_name(one.text).len() < one.text.len()
        };
        let headers = asked.iter().enumerate().filter(|(i, one)| is_header(*i, one));
        let (places, first_words): (Vec<usize>, Vec<AddressText<'_>>) = headers
            .map(|(i, one)| {
                let text = short_name(one.text);
                (i, AddressText { text, ..*one })
            })
            .unzip();
        for (place, again) in places.into_iter().zip(self.resolve_texts(&first_words)?) {
            if !matches!(again, Err(WhyNot::Absent(_))) {
                resolved[place] = again;
            }
        }
        Ok(resolved)
    }

    fn resolve_texts(&self, asked: &[AddressText<'_>]) -> ragc_core::Result<Vec<Result<Resolved, WhyNot>>> {
        let readings: Vec<_> = asked.iter().map(|asked| self.readings(asked)).collect();
        let all = readings.iter().flatten().map(|(reading, place)| (reading, place));
        let found = FoundContigs::of(self.scope.archive, all)?;
        let chosen = asked.iter().zip(&readings);
        Ok(chosen
            .map(|(asked, readings)| choose(self.scope.archive, asked.text, readings, &found, self.scope.own))
            .collect())
    }

    fn readings<'t>(&self, asked: &AddressText<'t>) -> Vec<(AddressReading<'t>, Place)> {
        let readings = readings(asked.text, self.scope.own).into_iter();
        let readings = readings.filter(|reading| !asked.is_name || reading.range.is_none());
        readings
            .map(|reading| {
                let place = Place::of(&reading, &self.scope.samples, self.scope.selected.as_deref());
                (reading, self.one_sample(place))
            })
            .collect()
    }

    fn one_sample(&self, place: Place) -> Place {
        match place {
            Place::In(samples) if samples.len() > 1 && !self.takes_prefixes => Place::OneOf(samples),
            place => place,
        }
    }

    /// The reason in words; with names that are near only when asked for, because looking for them takes time.
    pub(crate) fn explain(&self, why: &WhyNot, with_near: bool) -> String {
        match why {
            WhyNot::NoRange(why) | WhyNot::Wrong(why) => why.clone(),
            WhyNot::Absent(text) => explain(&self.scope, text, with_near),
        }
    }
}
