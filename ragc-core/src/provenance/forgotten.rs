//! Samples whose names an archive is not to tell any more.

use std::collections::BTreeSet;
use std::path::Path;

use crate::name::sample_name;
use crate::provenance::HistoryEntry;

/// What stands in the place of a word of a command that names such a sample.
const REPLACEMENT: &[u8] = b"(removed)";

/// The command whose words give samples other names.
const RENAME: &[u8] = b"rename";

/// Names of samples that have been taken out.
#[derive(Debug, Default)]
pub(crate) struct Forgotten(BTreeSet<Vec<u8>>);

impl Forgotten {
    /// These names.
    pub(crate) fn of(names: BTreeSet<Vec<u8>>) -> Self {
        Self(names)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts something else in the place of each word that names one of the samples, by itself, by its file or as the one of `NAME=FILE` and
    /// `OLD=NEW`. Commands are shown from the last to the first: names that a sample had before it was renamed are forgotten, too.
    pub(crate) fn redact(&mut self, entry: &mut HistoryEntry) {
        let renames = entry.command.first().is_some_and(|word| word == RENAME);
        let mut older = Vec::new();
        for word in entry.command.iter_mut().skip(1) {
            if renames && let Some(old) = self.old_name(word) {
                older.push(old);
            }
            if self.names(word) {
                *word = REPLACEMENT.to_vec();
            }
        }
        self.0.extend(older);
    }

    fn names(&self, word: &[u8]) -> bool {
        let has = |name: &[u8]| {
            let path = String::from_utf8_lossy(name);
            self.0.contains(name) || self.0.contains(sample_name(Path::new(&*path)).as_bytes())
        };
        // A name may have such signs itself.
        let mut signs = (0..word.len()).filter(|place| word[*place] == b'=');
        has(word) || signs.any(|sign| has(&word[..sign]) || has(&word[sign + 1..]))
    }

    /// The name before, if a word renames one of the samples.
    fn old_name(&self, word: &[u8]) -> Option<Vec<u8>> {
        let mut signs = (0..word.len()).filter(|place| word[*place] == b'=');
        let sign = signs.find(|sign| self.0.contains(&word[sign + 1..]))?;
        Some(word[..sign].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(command: &str) -> HistoryEntry {
        HistoryEntry {
            command: command.split(' ').map(|word| word.as_bytes().to_vec()).collect(),
            ..HistoryEntry::default()
        }
    }

    #[test]
    fn words_that_name_a_sample_are_replaced_and_others_stay() {
        let mut forgotten = Forgotten::of(BTreeSet::from([b"SK1".to_vec(), b"a=b".to_vec()]));
        let mut told = |command: &str| {
            let mut entry = entry(command);
            forgotten.redact(&mut entry);
            String::from_utf8(entry.command.join(&b' ')).unwrap()
        };
        for (before, after) in [
            (
                "append x.agc dir/SK1.fa.gz SK10.fa",
                "append x.agc (removed) SK10.fa",
            ),
            (
                "append x.agc SK1=other.fa Y=SK1.fa a=b",
                "append x.agc (removed) (removed) (removed)",
            ),
            ("append x.agc --sample=SK1 - SK", "append x.agc (removed) - SK"),
            ("SK1 x.agc", "SK1 x.agc"),
            // From here on the name that it had before is known.
            ("rename x.agc old=SK1 b=c", "rename x.agc (removed) b=c"),
            ("create -o x.agc old.fa b.fa", "create -o x.agc (removed) b.fa"),
        ] {
            assert_eq!(told(before), after);
        }
    }
}
