//! Groups.
pub mod key;
pub mod pack;
pub mod writer;
/// Raw groups.
pub const N_RAW_GROUPS: u32 = 16;
