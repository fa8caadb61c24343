//! Counting values one by one, as long as they are not too many.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::facts::joined;
use super::fingerprints::Fingerprints;

/// How many values are counted one by one. Others are counted together, so that memory is bounded.
pub(super) const VALUES: usize = 1000;
/// How many octets a value has at most; what is behind them is left out.
const LONGEST: usize = 200;
/// How many keys are listed.
pub(super) const KEYS: usize = 10;

/// How often each value is there.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: HashMap<Label, Count>,
    /// How often others are there.
    others: u64,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Label {
    /// The key that a value is of, or nothing.
    key: String,
    value: String,
}

/// How often something is there.
#[derive(Clone, Debug, Default)]
struct Count {
    /// Its place among others.
    order: u64,
    number: u64,
    /// The first and the last of the times that go with it.
    times: Option<(String, String)>,
}

impl Count {
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

    /// Takes in what was counted elsewhere of the same.
    fn merge(&mut self, other: &Self) {
        self.order = self.order.min(other.order);
        self.number += other.number;
        for time in other.times.iter().flat_map(|(first, last)| [first, last]) {
            self.time(time);
        }
    }
}

/// A line of a list: a value, behind the key that it is of, and how often it is there.
#[derive(Debug)]
pub(super) struct Row {
    value: String,
    count: Count,
}

impl Row {
    /// The value and its times.
    pub(super) fn text(&self) -> String {
        match &self.count.times {
            Some((first, last)) if first == last => format!("{}, {first}", self.value),
            Some((first, last)) => format!("{}, {first} to {last}", self.value),
            None => self.value.clone(),
        }
    }

    /// How often it is there.
    pub(super) const fn count(&self) -> u64 {
        self.count.number
    }
}

impl Tally {
    /// Counts a value that stands at this place among others.
    pub(super) fn add(&mut self, order: u64, value: String) {
        self.count(order, Label { key: String::new(), value });
    }

    /// Counts a value that stands where it was met first.
    pub(super) fn append(&mut self, value: String) {
        self.append_of("", value, None);
    }

    /// The same, of a key, and with a time that goes with it.
    pub(super) fn append_of(&mut self, key: &str, value: String, time: Option<&str>) {
        let label = Label { key: key.into(), value };
        if let (Some(count), Some(time)) = (self.count(self.counts.len() as u64, label), time) {
            count.time(time);
        }
    }

    /// How many were counted.
    pub(super) fn sum(&self) -> u64 {
        self.counts.values().map(|count| count.number).sum::<u64>() + self.others
    }

    /// How many were counted together.
    pub(super) const fn others(&self) -> u64 {
        self.others
    }

    /// The values in their order, keys by their fingerprints.
    pub(super) fn rows(&self, fingerprints: &Fingerprints) -> Vec<Row> {
        let mut counts: HashMap<String, Count> = HashMap::new();
        for (Label { key, value }, count) in &self.counts {
            let value = joined([fingerprints.of(key).to_owned(), value.clone()]);
            counts.entry(value).and_modify(|known| known.merge(count)).or_insert_with(|| count.clone());
        }
        let mut rows: Vec<Row> = counts.into_iter().map(|(value, count)| Row { value, count }).collect();
        let order = |row: &Row| row.count.order;
        rows.sort_by(|one, other| order(one).cmp(&order(other)).then_with(|| compare(&one.value, &other.value)));
        rows
    }

    fn count(&mut self, order: u64, mut label: Label) -> Option<&mut Count> {
        cut(&mut label.value);
        if self.counts.len() >= VALUES && !self.counts.contains_key(&label) {
            self.others += 1;
            return None;
        }
        let count = self.counts.entry(label).or_insert_with(|| Count { order, ..Count::default() });
        count.number += 1;
        Some(count)
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

/// Compares texts with the numbers in them as numbers, so that 512 is in front of 1024.
fn compare(one: &str, other: &str) -> Ordering {
    let is_number = |run: &str| run.starts_with(|character: char| character.is_ascii_digit());
    runs(one)
        .zip(runs(other))
        .map(|(one, other)| match (is_number(one), is_number(other)) {
            // None of them starts with a zero, but for those in texts that people made.
            (true, true) => (one.len(), one).cmp(&(other.len(), other)),
            _ => one.cmp(other),
        })
        .find(|order| order.is_ne())
        .unwrap_or_else(|| one.cmp(other))
}

/// The runs of digits and of other characters in a text.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|character: char| character.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        Some(run)
    })
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
        let rows = tally.rows(&Fingerprints::default());
        assert_eq!((rows.len(), tally.others(), tally.sum()), (VALUES, 10, VALUES as u64 + 11));
        assert_eq!((rows[0].text(), rows[0].count()), ("0".into(), 2));
    }

    #[test]
    fn numbers_are_in_the_order_of_their_size() {
        let mut tally = Tally::default();
        let values =
            ["RSA (1), 512 bits", "RSA (1), 1024 bits", "RSA (1), 16384 bits", "RSA (1), in signatures", "RSA (1)."];
        for value in values.iter().rev() {
            tally.add(1, (*value).into());
        }
        let rows: Vec<_> = tally.rows(&Fingerprints::default()).iter().map(Row::text).collect();
        assert_eq!(rows, values);
    }

    #[test]
    fn a_key_that_is_told_in_two_ways_is_one() {
        let (fingerprint, key_id) = ("9e23637acbc2663247973d67137d54afea7356f1", "137d54afea7356f1");
        let mut tally = Tally::default();
        tally.append_of("unknown issuer", "signature".into(), None);
        tally.append_of(key_id, "signature".into(), Some("2025-01-01T00:00:00Z"));
        tally.append_of("0123456789abcdef", "signature".into(), None);
        tally.append_of(fingerprint, "signature".into(), Some("2024-01-01T00:00:00Z"));
        let rows = |fingerprints: &Fingerprints| {
            tally.rows(fingerprints).iter().map(|row| (row.count(), row.text())).collect::<Vec<_>>()
        };
        let mut fingerprints = Fingerprints::default();
        assert_eq!(rows(&fingerprints).len(), 4);
        fingerprints.told(Some(fingerprint));
        assert_eq!(
            rows(&fingerprints),
            [
                (1, "unknown issuer, signature".into()),
                (2, format!("{fingerprint}, signature, 2024-01-01T00:00:00Z to 2025-01-01T00:00:00Z")),
                (1, "0123456789abcdef, signature".into()),
            ]
        );
    }

    #[test]
    fn times_go_from_the_first_to_the_last() {
        let mut tally = Tally::default();
        for time in ["2024-02-01T00:00:00Z", "2023-02-01T00:00:00Z", "2025-02-01T00:00:00Z"] {
            tally.append_of("", "a".into(), Some(time));
        }
        tally.append("a".into());
        tally.append_of("", "b".into(), Some("2024-02-01T00:00:00Z"));
        let rows: Vec<_> = tally.rows(&Fingerprints::default()).iter().map(Row::text).collect();
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
