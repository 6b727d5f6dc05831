//! Divides the steps of a text among the blocks of a frame.
//!
//! Each block has codes of its own, so a block ends where what follows is better written with others.

use super::Step;
use super::literals::Literals;
use super::prices::{BIT, CodeCounts, MIN_MATCH};
use super::repeats::Repeats;

/// The most symbols of a block.
const MAX_LEN: u32 = 1 << 17;
/// The most symbols of a step, so that steps fill blocks.
const MAX_STEP: u32 = MAX_LEN / 4;
/// Steps that stay together. 100 and 1,000 give the same sizes.
const PIECE: usize = 300;

/// What a block takes besides what it holds, and what each code in use takes in its tables, in bits.
const HEADER_BITS: u64 = 100;
const CODE_BITS: u64 = 6;

/// Steps that may become a block.
struct BlockDraft<L> {
    steps: Vec<Step>,
    content: BlockContent<L>,
}

/// What a block would hold.
#[derive(Clone)]
struct BlockContent<L> {
    len: u32,
    counts: CodeCounts,
    literals: L,
}

impl<L: Literals> BlockDraft<L> {
    fn new() -> Self {
        Self {
            steps: Vec::new(),
            content: BlockContent {
                len: 0,
                counts: CodeCounts::empty(),
                literals: L::default(),
            },
        }
    }

    fn add(&mut self, step: Step, literals: &[u8], repeats: &mut Repeats) {
        let content = &mut self.content;
        content.len += step.run + step.len;
        content.literals.add(literals);
        if step.len > 0 {
            content.counts.add(&step, repeats);
        }
        self.steps.push(step);
    }
}

impl<L: Literals> BlockContent<L> {
    fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.len += other.len;
        both.literals.merge(&other.literals);
        both.counts.merge(&other.counts);
        both
    }

    /// What differs with the division into blocks, in bits.
    fn bits(&self) -> u64 {
        self.literals.bits()
            + self.counts.entropy() / u64::from(BIT)
            + CODE_BITS * self.counts.n_used()
            + HEADER_BITS
    }
}

/// The same steps, each block closed by one without a match.
pub(super) fn divide<L: Literals>(text: &[u8], steps: Vec<Step>) -> Vec<Step> {
    let mut blocks = Blocks::<L> {
        open: None,
        closed: Vec::with_capacity(steps.len() + 1),
    };
    let (mut at, mut repeats) = (0, Repeats::FIRST);
    let mut piece = BlockDraft::new();
    for step in steps.into_iter().flat_map(cut::<L>) {
        let is_full = piece.steps.len() == PIECE || piece.content.len + step.run + step.len > L::PIECE_LEN;
        if is_full && !piece.steps.is_empty() {
            blocks.add(std::mem::replace(&mut piece, BlockDraft::new()));
        }
        let literals = &text[at..at + step.run as usize];
        piece.add(step, literals, &mut repeats);
        at += (step.run + step.len) as usize;
    }
    blocks.add(piece);
    blocks.close();
    blocks.closed
}

struct Blocks<L> {
    open: Option<BlockDraft<L>>,
    closed: Vec<Step>,
}

impl<L: Literals> Blocks<L> {
    /// Adds a piece to the open block, or begins one with it.
    fn add(&mut self, piece: BlockDraft<L>) {
        if let Some(open) = &mut self.open {
            let both = open.content.with(&piece.content);
            if both.len <= MAX_LEN && both.bits() <= open.content.bits() + piece.content.bits() {
                open.steps.extend(piece.steps);
                open.content = both;
                return;
            }
        }
        self.close();
        self.open = Some(piece);
    }

    /// Closes the open block. Without one nothing is closed: an empty block would take three bytes.
    fn close(&mut self) {
        let Some(block) = self.open.take() else {
            return;
        };
        let mut run = 0;
        for step in block.steps {
            run += step.run;
            if step.len > 0 {
                self.closed.push(Step { run, ..step });
                run = 0;
            }
        }
        self.closed.push(Step {
            run,
            len: 0,
            offset: 0,
        });
    }
}

/// A step in parts that are not too long; only the last may be shorter than a match.
fn cut<L: Literals>(step: Step) -> impl Iterator<Item = Step> {
    let max_run = MAX_STEP.min(L::PIECE_LEN);
    let n_runs = (step.run / max_run) as usize;
    let runs = std::iter::repeat_n(
        Step {
            run: max_run,
            len: 0,
            offset: 0,
        },
        n_runs,
    );
    let run = step.run % max_run;
    // What is left of a match is at least a match.
    let n_matches = (step.len.saturating_sub(MIN_MATCH) / MAX_STEP) as usize;
    let whole = (0..n_matches).map(move |i| Step {
        run: if i == 0 { run } else { 0 },
        len: MAX_STEP,
        offset: step.offset,
    });
    let rest = Step {
        run: if n_matches == 0 { run } else { 0 },
        len: step.len - n_matches as u32 * MAX_STEP,
        offset: step.offset,
    };
    runs.chain(whole).chain(std::iter::once(rest))
}
