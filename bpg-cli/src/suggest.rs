//! What somebody may have meant who mistyped a word.

/// How alike two words have to be. What reads the flags takes the same.
const ALIKE: f64 = 0.7;

/// Of `candidates`, each as it is compared and as it is shown, the one that is most like `word`, if one is.
pub(crate) fn similar<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = (impl AsRef<str>, &'c str)>,
) -> Option<&'c str> {
    let likeness = candidates.into_iter().map(|(one, shown)| (strsim::jaro(word, one.as_ref()), shown));
    let best = likeness.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(likeness, _)| *likeness > ALIKE).map(|(_, shown)| shown)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn a_mistyped_word_has_a_likely_meaning() {
        let words = ["depth", "packet", "packets"].map(|word| (word, word));
        assert_eq!(similar("detph", words), Some("depth"));
        assert_eq!(similar("pakcets", words), Some("packets"));
        assert_eq!(similar("xyz", words), None);
        assert_eq!(similar("", words), None);
    }
}
