//! Methods that set the fields of options. Options grow, so programs cannot write them out.

/// For each field a method that sets it: `setters!(Options { with_threads: n_threads: usize })`.
macro_rules! setters {
    ($options:ident { $($set:ident: $field:ident: $of:ty),+ $(,)? }) => {
        impl $options {
            $(
                #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ").")]
                #[must_use]
                pub fn $set(mut self, $field: $of) -> Self {
                    self.$field = $field;
                    self
                }
            )+
        }
    };
}

pub(crate) use setters;
