//! Types of [`ragc_compat`] under the name of the library that has them beside `ragc-core`.

pub use ragc_compat::{Contig, SegmentDesc};
