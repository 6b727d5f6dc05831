//! The allocator of static builds.

#[cfg(all(target_env = "musl", not(system_malloc)))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
