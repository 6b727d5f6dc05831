//! What was chosen in a text of deltas, and the prices that follow from it.

use super::Step;
use super::prices::{BIT, CodeCounts, Prices, price_log2};
use super::repeats::Repeats;

/// Counts are halved from this sum on. With twice as much *D. pigrum* takes 0.1 % more.
const MAX_SUM: u32 = 2048;
/// Literals, twice each, from which on their counts are halved.
const MAX_LITERAL_SUM: u32 = 2048;
/// What a literal adds to its count, so that one that was never chosen is cheap enough to be tried.
const ONE: u32 = 2;
/// Steps for which there are prices of their own, with those of as many before and behind them. 300 and 3,000 give 0.1 and 0.5 % more of yeast.
const N_STEPS: usize = 1000;
/// Bytes of a text that are counted to begin with.
const N_SAMPLES: usize = 4096;

/// Prices of all that a text is written with.
#[derive(Debug)]
pub(super) struct DeltaPrices {
    pub(super) codes: Prices,
    pub(super) literals: [u32; 256],
}

/// What was chosen, and how often.
#[derive(Debug, Clone)]
struct Choices {
    codes: CodeCounts,
    literals: [u32; 256],
}

impl Choices {
    /// What is assumed of a text in which nothing has been chosen.
    fn new(text: &[u8]) -> Self {
        let mut literals = [1; 256];
        for symbol in text.iter().step_by((text.len() / N_SAMPLES).max(1)) {
            literals[usize::from(*symbol)] += 1;
        }
        Self {
            codes: CodeCounts::new(),
            literals,
        }
    }

    fn empty() -> Self {
        Self {
            codes: CodeCounts::empty(),
            literals: [0; 256],
        }
    }

    fn add(&mut self, literals: &[u8], step: &Step, repeats: &mut Repeats) {
        // What is left out, or the end.
        if step.len == 0 {
            return;
        }
        for literal in literals {
            self.literals[usize::from(*literal)] += ONE;
        }
        self.codes.add(step, repeats);
    }

    fn merge(&mut self, other: &Self) {
        self.codes.merge(&other.codes);
        let pairs = self.literals.iter_mut().zip(other.literals);
        pairs.for_each(|(sum, count)| *sum += count);
    }

    fn fade(&mut self) {
        self.codes.fade(MAX_SUM);
        if self.literals.iter().sum::<u32>() > MAX_LITERAL_SUM {
            self.literals
                .iter_mut()
                .for_each(|count| *count = count.div_ceil(2));
        }
    }

    fn smooth_prices(&self) -> DeltaPrices {
        self.prices(&self.codes.clone().smooth())
    }

    fn prices(&self, codes: &CodeCounts) -> DeltaPrices {
        let sum = price_log2(self.literals.iter().sum());
        let most = sum + BIT;
        DeltaPrices {
            codes: Prices::of(codes),
            // Most bytes never occur.
            literals: self.literals.map(|count| match count {
                0 | 1 => most,
                _ => sum - price_log2(count),
            }),
        }
    }
}

/// Where prices come from.
pub(super) trait PriceSource {
    /// Those of what begins at `at`.
    fn prices(&mut self, at: usize) -> &DeltaPrices;

    /// The text goes on with these steps.
    fn learn(&mut self, text: &[u8], steps: &[Step]);
}

/// Prices that follow what was chosen so far.
pub(super) struct Adapted {
    choices: Choices,
    prices: DeltaPrices,
    at: usize,
    repeats: Repeats,
}

impl Adapted {
    /// For a text from this place on.
    pub(super) fn new(text: &[u8], start: usize) -> Self {
        let choices = Choices::new(&text[start..]);
        Self {
            prices: choices.smooth_prices(),
            choices,
            at: start,
            repeats: Repeats::FIRST,
        }
    }
}

impl PriceSource for Adapted {
    fn prices(&mut self, _at: usize) -> &DeltaPrices {
        &self.prices
    }

    fn learn(&mut self, text: &[u8], steps: &[Step]) {
        for step in steps {
            let literals = &text[self.at..self.at + step.run as usize];
            self.choices.add(literals, step, &mut self.repeats);
            self.at += (step.run + step.len) as usize;
        }
        self.choices.fade();
        self.prices = self.choices.smooth_prices();
    }
}

/// Some steps, and where the text goes on behind them.
struct KnownSteps {
    end: usize,
    choices: Choices,
}

/// Prices that follow from steps that are known, those around each place.
pub(super) struct Known {
    stretches: Vec<KnownSteps>,
    /// The stretch that prices are of.
    i: usize,
    prices: DeltaPrices,
}

impl Known {
    /// For a text of which these are the steps from this place on.
    pub(super) fn new(text: &[u8], start: usize, steps: &[Step]) -> Self {
        let (mut at, mut repeats) = (start, Repeats::FIRST);
        let stretches = steps.chunks(N_STEPS).map(|steps| {
            let mut choices = Choices::empty();
            for step in steps {
                choices.add(&text[at..at + step.run as usize], step, &mut repeats);
                at += (step.run + step.len) as usize;
            }
            KnownSteps { end: at, choices }
        });
        let stretches: Vec<_> = stretches.collect();
        Self {
            prices: prices_around(&stretches, 0),
            stretches,
            i: 0,
        }
    }
}

/// Prices of what was chosen in a stretch and in those next to it.
fn prices_around(stretches: &[KnownSteps], i: usize) -> DeltaPrices {
    let mut choices = Choices {
        codes: CodeCounts::new(),
        literals: [1; 256],
    };
    let around = stretches.iter().skip(i.saturating_sub(1));
    let n = if i == 0 { 2 } else { 3 };
    around.take(n).for_each(|stretch| choices.merge(&stretch.choices));
    choices.prices(&choices.codes)
}

impl PriceSource for Known {
    fn prices(&mut self, at: usize) -> &DeltaPrices {
        let n_passed = self.stretches[self.i..]
            .iter()
            .take_while(|stretch| stretch.end <= at)
            .count();
        if n_passed > 0 {
            self.i = (self.i + n_passed).min(self.stretches.len() - 1);
            self.prices = prices_around(&self.stretches, self.i);
        }
        &self.prices
    }

    fn learn(&mut self, _text: &[u8], _steps: &[Step]) {}
}
