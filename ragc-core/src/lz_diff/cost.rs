//! What a delta would cost, without writing it.

use super::MIN_N_RUN;
use super::reference::Reference;
use super::walk::{Step, walk};
use crate::sequence::Sequence;
use std::ops::ControlFlow;

/// Bytes of the delta of `text` against `reference`, or `None` as soon as they exceed `bound`. A text equal to the
/// reference costs nothing.
#[must_use]
pub fn cost(text: &Sequence, reference: &Reference, bound: u64) -> Option<u64> {
    if text == reference.sequence() {
        return Some(0);
    }
    let mut total = 0;
    walk(text, reference, |step| {
        total += step_cost(&step, reference.min_match());
        if total > bound {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    (total <= bound).then_some(total)
}

/// The cost of each prefix of `text` that ends between two symbols: `profile[i]` is the cost of the first `i`.
///
/// Literals cost one byte each; the cost of a match or of a run of `N` stands at its first symbol.
#[must_use]
pub fn prefix_costs(text: &Sequence, reference: &Reference) -> Vec<u32> {
    let mut costs = Vec::with_capacity(text.len() + 1);
    let mut total = 0u32;
    costs.push(0);
    walk(text, reference, |step| {
        let n_symbols = match &step {
            Step::Literals { text, .. } => text.len(),
            Step::NRun { len } | Step::Match { len, .. } => *len,
        };
        if let Step::Literals { .. } = step {
            costs.extend((1..=n_symbols as u32).map(|n| total + n));
            total += n_symbols as u32;
        } else {
            total += step_cost(&step, reference.min_match()) as u32;
            costs.resize(costs.len() + n_symbols, total);
        }
        ControlFlow::Continue(())
    });
    costs
}

fn step_cost(step: &Step, min_match: u32) -> u64 {
    match step {
        Step::Literals { text, .. } => text.len() as u64,
        Step::NRun { len } => 2 + n_digits((len - MIN_N_RUN as usize) as u64),
        Step::Match {
            shift, len, is_open, ..
        } => {
            let shift_cost = u64::from(*shift < 0) + n_digits(shift.unsigned_abs()) + 1;
            let len_cost = match is_open {
                true => 0,
                false => 1 + n_digits(*len as u64 - u64::from(min_match)),
            };
            shift_cost + len_cost
        }
    }
}

fn n_digits(number: u64) -> u64 {
    u64::from(number.checked_ilog10().unwrap_or(0)) + 1
}
