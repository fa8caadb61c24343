//! Times and dates on the command line.

use bpg_core::time::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Span, Timestamp as Instant};

/// When a key expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expiration {
    Never,
    After(u16, Unit),
    On(Timestamp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Days,
    Weeks,
    Months,
    Years,
}

impl Expiration {
    /// How many seconds after its creation a key expires, `None` for never.
    ///
    /// Months and years are those of the calendar: a key that is made on 31 January expires after a month on the last day
    /// of February, at the same time of day.
    pub(crate) fn seconds_after(self, created: Timestamp) -> Result<Option<u32>, &'static str> {
        let expires = match self {
            Self::Never => return Ok(None),
            Self::On(time) => time,
            Self::After(count, unit) => add(created, count, unit).ok_or("it is later than OpenPGP's last, in 2106")?,
        };
        match expires.0.checked_sub(created.0) {
            Some(seconds @ 1..) => Ok(Some(seconds)),
            _ => Err("it is not later than the creation of the key"),
        }
    }
}

/// The end of a span of time, as RFC 3339 has it; `None` if it has none, which 0 stands for, or nobody knows its start. It
/// may be later than any time that OpenPGP can write.
pub(crate) fn end_of(start: Option<Timestamp>, seconds: u64) -> Option<String> {
    let end = u64::from(start?.0).checked_add(seconds).filter(|_| seconds > 0)?;
    Instant::from_second(end.try_into().ok()?).ok().map(|end| end.to_string())
}

fn add(created: Timestamp, count: u16, unit: Unit) -> Option<Timestamp> {
    let span = Span::new();
    let span = match unit {
        Unit::Days => span.try_days(count),
        Unit::Weeks => span.try_weeks(count),
        Unit::Months => span.try_months(count),
        Unit::Years => span.try_years(count),
    };
    let created = Offset::UTC.to_datetime(Instant::from_second(created.0.into()).ok()?);
    timestamp(created.checked_add(span.ok()?).ok()?)
}

/// `2y`, `18m`, `6w`, `90d`, a date, or `never`.
pub(crate) fn parse_expiration(text: &str) -> Result<Expiration, &'static str> {
    const FORMS: &str = "not of the form 2y, 18m, 6w, 90d, 2028-01-31 or never";
    if text == "never" {
        return Ok(Expiration::Never);
    }
    if text.contains('-') {
        return parse_date(text).map(Expiration::On);
    }
    let unit = match text.bytes().last() {
        Some(b'd') => Unit::Days,
        Some(b'w') => Unit::Weeks,
        Some(b'm') => Unit::Months,
        Some(b'y') => Unit::Years,
        _ => return Err(FORMS),
    };
    let count = &text[..text.len() - 1];
    if count.is_empty() || !count.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(FORMS);
    }
    match count.parse() {
        Ok(0) => Err("a key that expires at once is of no use"),
        Ok(count) => Ok(Expiration::After(count, unit)),
        Err(_) => Err("later than OpenPGP's last time, in 2106"),
    }
}

/// A date, which stands for its start in UTC, an RFC 3339 time, or `@` and seconds since 1970.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, &'static str> {
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().map(Timestamp).map_err(|_| "not a number of seconds from 0 to 4294967295");
    }
    if text.len() == DATE_LENGTH {
        return parse_date(text);
    }
    let instant: Instant =
        text.parse().map_err(|_| "not of the form 2024-01-31, 2024-01-31T12:00:00Z or @1706702400")?;
    instant.as_second().try_into().map(Timestamp).map_err(|_| OUT_OF_RANGE)
}

const DATE_LENGTH: usize = "2024-01-31".len();
const OUT_OF_RANGE: &str = "not between 1970 and 2106, as times in OpenPGP are";

fn parse_date(text: &str) -> Result<Timestamp, &'static str> {
    let date: Date = text.parse().map_err(|_| "no such date; dates have the form 2028-01-31")?;
    // The crate reads more forms than the one that is documented.
    if text.len() != DATE_LENGTH {
        return Err("dates have the form 2028-01-31");
    }
    timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok_or(OUT_OF_RANGE)
}

fn timestamp(time: DateTime) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(time).ok()?.as_second().try_into().ok().map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expires(created: &str, text: &str) -> String {
        let created = parse_time(created).unwrap();
        match parse_expiration(text).and_then(|expiration| expiration.seconds_after(created)) {
            Ok(Some(seconds)) => Timestamp(created.0 + seconds).to_string(),
            Ok(None) => "never".into(),
            Err(error) => error.into(),
        }
    }

    #[test]
    fn durations_follow_the_calendar() {
        for (created, text, expected) in [
            ("2024-01-31T12:00:01Z", "1m", "2024-02-29T12:00:01Z"),
            ("2024-02-29", "1y", "2025-02-28T00:00:00Z"),
            ("2024-02-29", "4y", "2028-02-29T00:00:00Z"),
            ("2024-01-01", "2w", "2024-01-15T00:00:00Z"),
            ("2024-01-01", "90d", "2024-03-31T00:00:00Z"),
            ("2024-01-01", "18m", "2025-07-01T00:00:00Z"),
            ("2024-01-01", "2028-01-31", "2028-01-31T00:00:00Z"),
            ("2024-01-01", "never", "never"),
        ] {
            assert_eq!(expires(created, text), expected, "{text}");
        }
    }

    #[test]
    fn spans_of_time_end_even_behind_the_last_timestamp() {
        for (start, seconds, end) in [
            (Some(0), 1, Some("1970-01-01T00:00:01Z")),
            (Some(1_706_702_400), 63_072_000, Some("2026-01-30T12:00:00Z")),
            (Some(u32::MAX), u32::MAX.into(), Some("2242-03-16T12:56:30Z")),
            (Some(u32::MAX), u64::from(u16::MAX) * 86_400, Some("2285-07-13T06:28:15Z")),
            (Some(u32::MAX), u64::MAX, None),
            (Some(1_706_702_400), 0, None),
            (None, 1, None),
        ] {
            assert_eq!(end_of(start.map(Timestamp), seconds).as_deref(), end);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, message) in [
            ("", "not of the form 2y, 18m, 6w, 90d, 2028-01-31 or never"),
            ("2", "not of the form 2y, 18m, 6w, 90d, 2028-01-31 or never"),
            ("y", "not of the form 2y, 18m, 6w, 90d, 2028-01-31 or never"),
            ("+2y", "not of the form 2y, 18m, 6w, 90d, 2028-01-31 or never"),
            ("2ü", "not of the form 2y, 18m, 6w, 90d, 2028-01-31 or never"),
            ("0d", "a key that expires at once is of no use"),
            ("83y", "it is later than OpenPGP's last, in 2106"),
            ("99999y", "later than OpenPGP's last time, in 2106"),
            ("2024-01-01", "it is not later than the creation of the key"),
            ("2023-12-31", "it is not later than the creation of the key"),
            ("2028-02-30", "no such date; dates have the form 2028-01-31"),
            ("2028-1-31", "no such date; dates have the form 2028-01-31"),
            ("2107-01-01", "not between 1970 and 2106, as times in OpenPGP are"),
            ("-2y", "no such date; dates have the form 2028-01-31"),
        ] {
            assert_eq!(expires("2024-01-01", text), message, "{text}");
        }
    }

    #[test]
    fn times_have_three_forms() {
        for text in ["2024-01-31", "2024-01-31T00:00:00Z", "2024-01-31T01:00:00+01:00", "@1706659200"] {
            assert_eq!(parse_time(text), Ok(Timestamp(1_706_659_200)), "{text}");
        }
        for text in ["", "now", "2024-01-31T12:00:00", "@", "@-1", "@4294967296", "1969-12-31", "2024-02-30"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }
}
