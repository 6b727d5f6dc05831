//! The allocator of static programs: that of musl has one lock for all threads.
//!
//! Without huge pages (see the features in `Cargo.toml`), with which `getset` of a yeast genome takes 41 instead of 10 MiB.
//! docs/measurements.md compares it with that of glibc.

#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
