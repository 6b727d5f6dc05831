//! The models. Each is run in many orders of its threads.

pub mod cache;
pub mod flight;
pub mod in_order;
pub mod queue;
