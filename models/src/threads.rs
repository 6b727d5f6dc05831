//! What `ragc-core/src/threads` has of threads that work together.

#[path = "../../ragc-core/src/threads/in_order.rs"]
pub(crate) mod in_order;
#[path = "../../ragc-core/src/threads/start.rs"]
mod start;
