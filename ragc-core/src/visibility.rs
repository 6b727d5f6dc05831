//! Methods of types on the surface that are none of it.

/// A method that the crate has, and with the feature `unstable-internals` everybody: `internal! { fn it(&self) -> u8 { 1 } }`.
macro_rules! internal {
    ($(#[$attribute:meta])* fn $($method:tt)+) => {
        #[cfg(feature = "unstable-internals")]
        #[doc(hidden)]
        $(#[$attribute])*
        pub fn $($method)+

        #[cfg(not(feature = "unstable-internals"))]
        $(#[$attribute])*
        pub(crate) fn $($method)+
    };
}

pub(crate) use internal;
