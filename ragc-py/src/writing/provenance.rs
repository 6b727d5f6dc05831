//! What an archive tells of the run that has made it.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use ragc_core::provenance::Provenance;

/// Gives the time that is to stand for all times, so that two runs make the same bytes: <https://reproducible-builds.org/specs/source-date-epoch/>.
const FIXED_TIME: &str = "SOURCE_DATE_EPOCH";

/// The time, and the function that was called; nothing if nothing is to be told.
pub(super) fn provenance(is_wanted: bool, function: &str) -> PyResult<Option<Provenance>> {
    let command = vec![function.as_bytes().to_vec()];
    match is_wanted {
        true => Ok(Some(time()?.with_command(command))),
        false => Ok(None),
    }
}

fn time() -> PyResult<Provenance> {
    let Some(fixed) = std::env::var_os(FIXED_TIME) else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        return Ok(Provenance::at(since.map_or(0, |since| since.as_secs())));
    };
    let time = fixed.to_str().and_then(|text| text.parse().ok());
    time.map(Provenance::fixed)
        .ok_or_else(|| PyValueError::new_err(format!("{FIXED_TIME} is no number of seconds: {fixed:?}")))
}
