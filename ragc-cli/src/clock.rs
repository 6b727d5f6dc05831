//! Times as text.

/// Nanoseconds in a second.
const NANOSECONDS: i64 = 1_000_000_000;
const SECONDS_OF_DAY: i64 = 86_400;

/// A time in seconds since 1970, as ISO 8601 writes it, in UTC.
pub(crate) fn of_seconds(seconds: u64) -> String {
    date_and_time(i64::try_from(seconds).unwrap_or(i64::MAX)) + "Z"
}

/// A time in nanoseconds since 1970, with its fraction if it has one.
pub(crate) fn of_nanoseconds(nanoseconds: i64) -> String {
    let fraction = nanoseconds.rem_euclid(NANOSECONDS);
    let text = date_and_time(nanoseconds.div_euclid(NANOSECONDS));
    match fraction {
        0 => text + "Z",
        _ => format!("{text}.{fraction:09}Z"),
    }
}

fn date_and_time(seconds: i64) -> String {
    let (days, second) = (
        seconds.div_euclid(SECONDS_OF_DAY),
        seconds.rem_euclid(SECONDS_OF_DAY),
    );
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

/// Year, month and day, so many days after 1970 began. Years are taken to begin in March, so that a leap day is their last, and eras of
/// 400 years are alike.
fn date(days: i64) -> (i64, i64, i64) {
    const DAYS_OF_ERA: i64 = 146_097;
    const MARCH_OF_YEAR_0: i64 = -719_468;
    let days = days - MARCH_OF_YEAR_0;
    let (era, day_of_era) = (days.div_euclid(DAYS_OF_ERA), days.rem_euclid(DAYS_OF_ERA));
    let leap_days = day_of_era / 1460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As GNU date prints them.
    #[test]
    fn times_are_as_the_calendar_has_them() {
        assert_eq!(of_seconds(0), "1970-01-01T00:00:00Z");
        assert_eq!(of_seconds(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(of_seconds(4_107_542_399), "2100-02-28T23:59:59Z");
        assert_eq!(of_seconds(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(of_nanoseconds(-1), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(of_nanoseconds(1_500_000_000), "1970-01-01T00:00:01.500000000Z");
        assert_eq!(of_nanoseconds(i64::MIN), "1677-09-21T00:12:43.145224192Z");
        assert!(of_seconds(u64::MAX).ends_with('Z'));
    }
}
