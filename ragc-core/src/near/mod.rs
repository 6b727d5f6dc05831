//! What is near when a name is absent: [`near_samples`] and [`near_contigs`] of an archive, by how alike names are (`likeness.rs`).

mod likeness;
mod names;

pub use names::{did_you_mean, near_contigs, near_samples};
