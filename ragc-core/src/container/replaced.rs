//! What a file holds that no part of the archive is: parts and footers that changes in place have replaced.

use super::footer::PartMeta;
use super::{ContainerReader, Fetch, StreamId, names};
use crate::bytes::{MAX_CONTAINER_INT_LEN, container_int_len};

/// What lies between two parts.
struct Between {
    n_bytes: u64,
    /// The part in front of it, whose number is counted.
    behind: Option<(StreamId, usize)>,
}

impl ContainerReader {
    /// Bytes in front of the footer that no part has.
    ///
    /// # Cost
    /// The numbers of the parts in front of such bytes are read together; one that cannot be read is taken for the shortest.
    #[must_use]
    pub fn n_replaced_bytes(&self) -> u64 {
        let between = self.between_parts();
        let numbers = between.iter().filter_map(|it| it.behind);
        self.fetch(numbers.map(|(stream, part)| Fetch::Metadata(stream, part)));
        let n_bytes = |between: &Between| match between.behind {
            Some((stream, part)) => {
                let number = self
                    .peek_part_metadata(stream, part)
                    .map_or(0, |(number, _)| number);
                between.n_bytes.saturating_sub(container_int_len(number))
            }
            None => between.n_bytes,
        };
        between.iter().map(n_bytes).sum()
    }

    /// Wherever there is more between two parts than a number takes.
    fn between_parts(&self) -> Vec<Between> {
        let footer = self.footer();
        let parts = |stream| (0..footer.parts(stream).len()).map(move |part| (stream, part));
        let mut places: Vec<(PartMeta, StreamId, usize)> = footer
            .streams()
            .flat_map(parts)
            .map(|(stream, part)| (footer.parts(stream)[part], stream, part))
            .collect();
        places.sort_unstable_by_key(|(place, ..)| place.offset);
        let mut between = Vec::new();
        // Where the parts so far end, if the number of the last of them had no length. An index in front is preceded by what leads to it.
        let (mut end, mut behind) = match (footer.find(names::FRONT_INDEX), places.first()) {
            (Some(_), Some((first, ..))) => (first.offset, None),
            _ => (0, None),
        };
        let mut note = |end: u64, behind: Option<_>, next: u64| {
            let n_bytes = next.saturating_sub(end);
            if n_bytes > behind.map_or(0, |_| MAX_CONTAINER_INT_LEN as u64) {
                between.push(Between { n_bytes, behind });
            }
        };
        for (place, stream, part) in places {
            note(end, behind, place.offset);
            let place_end = place.offset.saturating_add(place.len);
            if place_end >= end {
                (end, behind) = (place_end, Some((stream, part)));
            }
        }
        note(end, behind, self.data_len());
        between
    }
}

#[cfg(test)]
mod tests {
    use crate::container::{ContainerReader, ContainerWriter};

    #[test]
    fn what_lies_between_parts_belongs_to_none() {
        let parts = [("a", 7, 100), ("b", 1 << 20, 40), ("a", 0, 0), ("a", u64::MAX, 5)];
        let mut bytes = Vec::new();
        let mut writer = ContainerWriter::new(&mut bytes);
        for (name, number, len) in parts {
            let stream = writer.register(name);
            writer.add_part(stream, number, &vec![1; len]).unwrap();
        }
        writer.finish().unwrap();
        let old = ContainerReader::open(bytes.clone()).unwrap();
        assert_eq!(old.n_replaced_bytes(), 0);

        // The second part is replaced, and so is the footer.
        let footer_len = old.state().len - old.data_len();
        let old_len = bytes.len() as u64;
        let mut writer = ContainerWriter::behind(&old, &mut bytes);
        for (name, number, len) in [("b", 3, 60), ("c", 0, 20)] {
            let stream = writer.register(name);
            writer.add_part(stream, number, &vec![2; len]).unwrap();
        }
        let (stays, of) = (writer.register("a"), old.stream("a").unwrap());
        (0..3).for_each(|part| writer.copy_part(stays, &old, of, part).unwrap());
        writer.finish().unwrap();
        let new = ContainerReader::open(bytes).unwrap();
        assert_eq!(new.n_replaced_bytes(), 40 + 4 + footer_len);
        assert_eq!(new.data_len(), old_len + 60 + 2 + 20 + 1);
    }
}
