//! Points in time and durations.

use core::fmt;

/// A point in time: seconds since 1970-01-01T00:00:00Z, from 0 to 2³² − 1 (RFC 9580 section 3.5).
///
/// `Display` gives RFC 3339 in UTC, as in `2019-05-31T16:04:01Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub u32);

impl Timestamp {
    /// The 20 characters of the RFC 3339 form.
    #[must_use]
    pub fn to_rfc3339(self) -> [u8; 20] {
        let (days, seconds) = (self.0 / 86_400, self.0 % 86_400);
        let (year, month, day) = civil_from_days(days);
        let [[c, d], [y, z]] = [two_digits(year / 100), two_digits(year % 100)];
        let [[m, n], [e, f]] = [two_digits(month), two_digits(day)];
        let [[h, i], [j, k]] = [two_digits(seconds / 3600), two_digits(seconds / 60 % 60)];
        let [s, t] = two_digits(seconds % 60);
        [c, d, y, z, b'-', m, n, b'-', e, f, b'T', h, i, b':', j, k, b':', s, t, b'Z']
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_rfc3339().iter().try_for_each(|&octet| fmt::Write::write_char(f, char::from(octet)))
    }
}

/// The two decimal digits of a number below 100.
fn two_digits(number: u32) -> [u8; 2] {
    let [number, ..] = number.to_le_bytes();
    [b'0'.saturating_add(number / 10), b'0'.saturating_add(number % 10)]
}

/// Year, month and day of the proleptic Gregorian calendar, for days since 1970-01-01 that a 32-bit timestamp can reach.
///
/// Years are counted from March, so that the leap day is the last of its year and months follow a regular pattern.
fn civil_from_days(days: u32) -> (u32, u32, u32) {
    // All sums stay far below 2³²: days is at most 49,710.
    const MARCH_0000_TO_1970: u32 = 719_468;
    const DAYS_PER_ERA: u32 = 146_097;
    let days = days.saturating_add(MARCH_0000_TO_1970);
    let (era, of_era) = (days / DAYS_PER_ERA, days % DAYS_PER_ERA);
    let leap_days = (of_era / 1_460).saturating_add(of_era / 146_096).saturating_sub(of_era / 36_524);
    let year_of_era = of_era.saturating_sub(leap_days) / 365;
    let days_before_year =
        year_of_era.saturating_mul(365).saturating_add(year_of_era / 4).saturating_sub(year_of_era / 100);
    let of_year = of_era.saturating_sub(days_before_year);
    let march_month = of_year.saturating_mul(5).saturating_add(2) / 153;
    let days_before_month = march_month.saturating_mul(153).saturating_add(2) / 5;
    let day = of_year.saturating_sub(days_before_month).saturating_add(1);
    let year = era.saturating_mul(400).saturating_add(year_of_era);
    if march_month < 10 {
        (year, march_month.saturating_add(3), day)
    } else {
        (year.saturating_add(1), march_month.saturating_sub(9), day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339() {
        // Each from `date -u -d @N +%FT%TZ`.
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (68_169_600, "1972-02-29T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_559_318_641, "2019-05-31T16:04:01Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (u32::MAX, "2106-02-07T06:28:15Z"),
        ] {
            assert_eq!(std::format!("{}", Timestamp(seconds)), text);
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = (1970, 1, 1);
        for days in 0..=u32::MAX / 86_400 {
            assert_eq!(civil_from_days(days), expected);
            let (year, month, day) = expected;
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 => 28 + u32::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            expected = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (_, day) if day == last => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
    }
}
