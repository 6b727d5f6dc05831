//! What a run says of itself.

use std::ffi::OsString;
use std::time::{SystemTime, UNIX_EPOCH};

use ragc_core::provenance::Provenance;

use crate::exit::UsageError;
use crate::remote::without_secrets;

/// Gives the time that is to stand for all times, so that two runs make the same bytes: <https://reproducible-builds.org/specs/source-date-epoch/>.
const FIXED_TIME: &str = "SOURCE_DATE_EPOCH";

/// Options that change nothing in an archive, and have a value.
const THREADS: [&str; 2] = ["-t", "--threads"];

/// Bytes of a command line that are stored: the options, and what comes first.
const MAX_COMMAND_LEN: usize = 1 << 7;

/// What a new archive is to tell of the run: nothing if the user says so, and the time that `SOURCE_DATE_EPOCH` gives if it is set.
pub(super) fn unless(is_unwanted: bool) -> Result<Option<Provenance>, UsageError> {
    (!is_unwanted).then(now).transpose()
}

/// The time of the clock, or the one that is to stand for all times, and the command line.
fn now() -> Result<Provenance, UsageError> {
    let words = std::env::args_os().skip(1).map(OsString::into_encoded_bytes);
    let words = words.map(without_secrets);
    Ok(time()?.with_command(shortened(without_threads(words))))
}

/// A command line with the first of its words, and how many more there were: shells write out the names of all files of a folder, and each
/// sample tells of its own.
fn shortened(mut words: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut len = 0;
    let is_short = |word: &Vec<u8>| {
        len += word.len() + 1;
        len <= MAX_COMMAND_LEN
    };
    let n_kept = words
        .iter()
        .map(is_short)
        .take_while(|is_short| *is_short)
        .count();
    let n_more = words.len() - n_kept;
    if n_more > 0 {
        words.truncate(n_kept);
        words.push(format!("({n_more} more)").into_bytes());
    }
    words
}

/// The words of a command line without numbers of threads: archives are the same for any number of them.
fn without_threads(words: impl Iterator<Item = Vec<u8>>) -> Vec<Vec<u8>> {
    let [short, long] = THREADS.map(str::as_bytes);
    let mut kept = Vec::new();
    let mut is_number = false;
    for word in words {
        let is_value = std::mem::take(&mut is_number);
        let has_value = word.strip_prefix(long).is_some_and(|rest| rest.starts_with(b"="))
            || word.strip_prefix(short).is_some_and(|rest| {
                rest.first()
                    .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'=')
            });
        is_number = word == short || word == long;
        if !(is_value || has_value || is_number) {
            kept.push(word);
        }
    }
    kept
}

fn time() -> Result<Provenance, UsageError> {
    let Some(fixed) = std::env::var_os(FIXED_TIME) else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        return Ok(Provenance::at(since.map_or(0, |since| since.as_secs())));
    };
    let time = fixed.to_str().and_then(|text| text.parse().ok());
    time.map(Provenance::fixed)
        .ok_or_else(|| UsageError(format!("{FIXED_TIME} is no number of seconds: {fixed:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_threads_are_left_out() {
        let words = "create -t 3 -o x.agc -t4 --threads 5 --threads=6 -tidy a.fa -t=2 --threads-no";
        let words = words.split(' ').map(|word| word.as_bytes().to_vec());
        let kept = without_threads(words);
        assert_eq!(kept.join(&b' '), b"create -o x.agc -tidy a.fa --threads-no");
    }

    #[test]
    fn long_command_lines_are_cut_and_say_so() {
        let words = |n: usize| vec![vec![b'x'; 9]; n];
        assert_eq!(shortened(words(12)), words(12));
        let cut = shortened(words(20));
        assert_eq!((cut.len(), cut[12].as_slice()), (13, &b"(8 more)"[..]));
        assert!(shortened(Vec::new()).is_empty());
    }
}
