//! The numbers of errors.

use std::ffi::CStr;

use ragc_core::ErrorKind;

/// Words for the codes `0`, `-1`, `-2` and so on, those of [`ErrorKind::code`] among them. `ragc.h` has the same.
const WORDS: [&CStr; 19] = [
    c"ok",
    c"bad-argument",
    c"other",
    c"io",
    c"truncated",
    c"corrupt",
    c"checksum",
    c"too-large",
    c"not-archive",
    c"unsupported",
    c"not-found",
    c"ambiguous",
    c"bad-input",
    c"not-kept",
    c"bad-option",
    c"no-memory",
    c"cancelled",
    c"worker-lost",
    c"internal",
];

/// Nothing is wrong.
pub(crate) const OK: i32 = 0;
/// The caller has given what cannot be: no pointer, a closed handle.
pub(crate) const BAD_ARGUMENT: i32 = -1;
/// A kind of error that this list does not know.
const OTHER: i32 = -2;

/// The code of a kind of error.
pub(crate) fn of(kind: &ErrorKind) -> i32 {
    let place = WORDS
        .iter()
        .position(|word| word.to_bytes() == kind.code().as_bytes());
    place
        .and_then(|place| i32::try_from(place).ok())
        .map_or(OTHER, |place| -place)
}

/// The word for a code; that of `OTHER` for any number that is none.
pub(crate) fn word(code: i32) -> &'static CStr {
    let place = usize::try_from(-i64::from(code));
    place
        .ok()
        .and_then(|place| WORDS.get(place))
        .copied()
        .unwrap_or(c"other")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_number_and_the_header_has_the_same() {
        let text = || String::new();
        let kinds = [
            ErrorKind::Io(text()),
            ErrorKind::Truncated {
                what: "",
                need: 0,
                have: 0,
            },
            ErrorKind::Corrupt(text()),
            ErrorKind::Checksum {
                what: "",
                expected: 0,
                found: 0,
            },
            ErrorKind::TooLarge { len: 0, limit: 0 },
            ErrorKind::NotArchive(text()),
            ErrorKind::Unsupported(text()),
            ErrorKind::NotFound {
                what: "",
                name: text(),
            },
            ErrorKind::Ambiguous {
                name: text(),
                n_samples: 0,
            },
            ErrorKind::BadInput(text()),
            ErrorKind::NotKept(text()),
            ErrorKind::BadOption(text()),
            ErrorKind::NoMemory(text()),
            ErrorKind::Cancelled,
            ErrorKind::WorkerLost,
            ErrorKind::Internal(""),
        ];
        let codes: Vec<i32> = kinds.iter().map(of).collect();
        assert!(codes.iter().copied().eq((3..19).map(|n| -n)), "{codes:?}");
        assert!(
            kinds
                .iter()
                .all(|kind| word(of(kind)).to_bytes() == kind.code().as_bytes())
        );

        let header = include_str!("../include/ragc.h");
        for (number, word) in WORDS.iter().enumerate() {
            let name = word.to_str().unwrap().to_uppercase().replace('-', "_");
            let sign = if number > 0 { "-" } else { "" };
            let line = format!("    RAGC_{name} = {sign}{number}");
            let ends = [',', ' '].map(|end| header.matches(&format!("{line}{end}")).count());
            assert_eq!(ends.iter().sum::<usize>(), 1, "{line}");
        }
        assert_eq!(
            [1, -19, i32::MIN, i32::MAX].map(word),
            [c"other"; 4],
            "no code, and no panic"
        );
        assert_eq!([word(OK), word(BAD_ARGUMENT)], [c"ok", c"bad-argument"]);
    }
}
