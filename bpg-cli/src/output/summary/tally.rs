//! Counting values one by one, as long as they are not too many.

use std::collections::HashMap;

/// How many values are counted one by one. Others are counted together, so that memory is bounded.
const VALUES: usize = 1000;
/// How many octets a value has at most; what is behind them is left out.
const LONGEST: usize = 200;
/// How many keys are listed.
const KEYS: usize = 10;

/// How often each value is there.
#[derive(Debug, Default)]
pub(super) struct Tally {
    rows: HashMap<String, Row>,
    /// How often others are there.
    others: u64,
}

/// A value that is counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    order: u64,
    value: String,
    pub(super) count: u64,
    /// The first and the last of the times that go with it.
    times: Option<(String, String)>,
}

impl Row {
    /// The value and its times.
    pub(super) fn text(&self) -> String {
        match &self.times {
            Some((first, last)) if first == last => format!("{}, {first}", self.value),
            Some((first, last)) => format!("{}, {first} to {last}", self.value),
            None => self.value.clone(),
        }
    }

    fn time(&mut self, time: &str) {
        // In this form, times are in the order of their characters.
        let (first, last) = self.times.get_or_insert_with(|| (time.into(), time.into()));
        if time < first.as_str() {
            *first = time.into();
        }
        if time > last.as_str() {
            *last = time.into();
        }
    }
}

impl Tally {
    /// Counts a value that stands at this place among others.
    pub(super) fn add(&mut self, order: u64, value: String) {
        self.row(order, value);
    }

    /// Counts a value that stands where it was met first.
    pub(super) fn append(&mut self, value: String) {
        self.row(self.rows.len() as u64, value);
    }

    /// The same, with a time that goes with it.
    pub(super) fn append_at(&mut self, value: String, time: Option<&str>) {
        if let (Some(row), Some(time)) = (self.row(self.rows.len() as u64, value), time) {
            row.time(time);
        }
    }

    /// How many were counted.
    pub(super) fn sum(&self) -> u64 {
        self.rows.values().map(|row| row.count).sum::<u64>() + self.others
    }

    /// How many were counted together.
    pub(super) const fn others(&self) -> u64 {
        self.others
    }

    /// The values in their order.
    pub(super) fn rows(&self) -> Vec<Row> {
        let rows = self.rows.iter().map(|(value, row)| Row { value: value.clone(), ..row.clone() });
        let mut rows: Vec<Row> = rows.collect();
        rows.sort_by(|one, other| (one.order, &one.value).cmp(&(other.order, &other.value)));
        rows
    }

    fn row(&mut self, order: u64, mut value: String) -> Option<&mut Row> {
        cut(&mut value);
        if self.rows.len() >= VALUES && !self.rows.contains_key(&value) {
            self.others += 1;
            return None;
        }
        let row = self.rows.entry(value).or_insert_with(|| Row { order, ..Row::default() });
        row.count += 1;
        Some(row)
    }
}

/// Keys, of which the first few are listed with their first user ID.
#[derive(Debug, Default)]
pub(super) struct Keys {
    first: Vec<Key>,
    count: u64,
}

#[derive(Debug, Default)]
struct Key {
    name: String,
    user_id: Option<String>,
    /// How many user IDs follow the first.
    more: u64,
}

impl Keys {
    /// A key starts, of this fingerprint.
    pub(super) fn key(&mut self, name: Option<&str>) {
        self.count += 1;
        if self.first.len() < KEYS {
            self.first.push(Key { name: name.unwrap_or("unknown").into(), ..Key::default() });
        }
    }

    /// A user ID of the last key.
    pub(super) fn user_id(&mut self, user_id: Option<&str>) {
        let Some(key) = self.first.last_mut().filter(|_| self.count <= KEYS as u64) else { return };
        if key.user_id.is_some() {
            key.more += 1;
        } else {
            let mut user_id = user_id.unwrap_or_default().to_owned();
            cut(&mut user_id);
            key.user_id = Some(user_id);
        }
    }

    /// How many there are.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// The first few, with what they are called.
    pub(super) fn first(&self) -> impl ExactSizeIterator<Item = String> {
        self.first.iter().map(|Key { name, user_id, more }| {
            let user_id = user_id.as_ref().map_or_else(String::new, |user_id| format!("  {user_id}"));
            let more = if *more > 0 { format!(" (and {} more)", grouped(*more)) } else { String::new() };
            format!("{name}{user_id}{more}")
        })
    }
}

/// Leaves out what goes beyond the longest value. All of it is escaped, and an escape that is cut is no harm.
fn cut(value: &mut String) {
    if value.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| value.is_char_boundary(*end)).unwrap_or(0);
        value.truncate(end);
        value.push('…');
        value.shrink_to_fit();
    }
}

/// A number with commas between its thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        let numbers = [0, 999, 1000, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn values_beyond_the_limit_are_counted_together() {
        let mut tally = Tally::default();
        for number in 0..VALUES + 10 {
            tally.append(format!("{number}"));
        }
        tally.append("0".into());
        assert_eq!((tally.rows().len(), tally.others(), tally.sum()), (VALUES, 10, VALUES as u64 + 11));
        assert_eq!((tally.rows()[0].text(), tally.rows()[0].count), ("0".into(), 2));
    }

    #[test]
    fn times_go_from_the_first_to_the_last() {
        let mut tally = Tally::default();
        for time in ["2024-02-01T00:00:00Z", "2023-02-01T00:00:00Z", "2025-02-01T00:00:00Z"] {
            tally.append_at("a".into(), Some(time));
        }
        tally.append_at("a".into(), None);
        tally.append_at("b".into(), Some("2024-02-01T00:00:00Z"));
        let rows: Vec<_> = tally.rows().iter().map(Row::text).collect();
        assert_eq!(rows, ["a, 2023-02-01T00:00:00Z to 2025-02-01T00:00:00Z", "b, 2024-02-01T00:00:00Z"]);
    }

    #[test]
    fn keys_are_listed_with_their_first_user_id() {
        let mut keys = Keys::default();
        keys.user_id(Some("of no key"));
        for _ in 0..KEYS + 1 {
            keys.key(Some("ab"));
            keys.user_id(Some("Alice"));
            keys.user_id(Some("Bob"));
        }
        keys.key(None);
        assert_eq!((keys.count(), keys.first().len()), (KEYS as u64 + 2, KEYS));
        assert!(keys.first().all(|key| key == "ab  Alice (and 1 more)"));
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let mut value = "é".repeat(LONGEST);
        cut(&mut value);
        assert_eq!(value, "é".repeat(LONGEST / 2) + "…");
    }
}
