//! What is told of addresses that mean something.

/// Tells how positions were counted in addresses of the form of another command: of the first, and how many more there are.
pub(crate) fn tell_other_forms(told: &[String]) {
    match told {
        [] => {}
        [one] => note!("{one}"),
        [first, more @ ..] => note!("{first}; so it is with {} more", more.len()),
    }
}
