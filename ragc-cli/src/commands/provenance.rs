//! What a run says of itself.

use std::ffi::OsString;
use std::time::{SystemTime, UNIX_EPOCH};

use ragc_core::provenance::Provenance;

use crate::exit::Usage;

/// Gives the time that is to stand for all times, so that two runs make the same bytes: <https://reproducible-builds.org/specs/source-date-epoch/>.
const FIXED_TIME: &str = "SOURCE_DATE_EPOCH";

/// Options that change nothing in an archive, and have a value.
const THREADS: [&str; 2] = ["-t", "--threads"];

/// The time of the clock, or the one that is to stand for all times, and the command line.
pub(super) fn now() -> Result<Provenance, Usage> {
    let words = std::env::args_os().skip(1).map(OsString::into_encoded_bytes);
    Ok(time()?.with_command(without_threads(words)))
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

fn time() -> Result<Provenance, Usage> {
    let Some(fixed) = std::env::var_os(FIXED_TIME) else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        return Ok(Provenance::at(since.map_or(0, |since| since.as_secs())));
    };
    let time = fixed.to_str().and_then(|text| text.parse().ok());
    time.map(Provenance::fixed)
        .ok_or_else(|| Usage(format!("{FIXED_TIME} is no number of seconds: {fixed:?}")))
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
}
