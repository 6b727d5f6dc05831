//! Deltas.
mod cost;
mod encode;
mod index;
mod reference;
mod walk;

pub use cost::{cost, prefix_costs};
pub use encode::encode;
pub use reference::Reference;

const LITERAL_BASE: u8 = b'A';
const SUBSTITUTE: u8 = b'!';
const N_RUN_START: u8 = 0x1E;
const N_RUN_END: u8 = 0x04;
