//! Writing an archive: parts in the order they come, the footer at the end.

use std::borrow::Cow;
use std::io::Write;

use ahash::AHashMap;

use crate::bytes::put_container_int;
use crate::checksum::Checksum;
use crate::container::{ContainerReader, Footer, PartMeta, State, StreamId, names, sums};
use crate::error::{Error, Result};

/// An archive being written to anything that takes bytes, a pipe included.
///
/// Streams appear in the file in the order in which they are registered, whether or not they receive parts.
///
/// # Finish
/// Without [`Self::finish`] the file has no footer and is no archive. Dropping the writer abandons it.
#[derive(Debug)]
pub struct ContainerWriter<W> {
    sink: W,
    /// Bytes written so far: the offset of the next part.
    offset: u64,
    streams: Vec<Stream>,
    /// The archive whose parts stay where they are, by its handle.
    stays: Option<u64>,
    by_name: AHashMap<String, StreamId>,
    /// The footer as it is encoded, from when the checksums are written until something follows: of an archive with many parts that takes time.
    footer: Option<Vec<u8>>,
}

#[derive(Debug)]
struct Stream {
    name: String,
    parts: Vec<PartMeta>,
    /// Checksums of the parts, as far as they are known.
    sums: Vec<Option<u32>>,
    /// Bytes of all parts, their metadata included.
    n_bytes: u64,
}

impl<W: Write> ContainerWriter<W> {
    /// Starts an archive at the sink's current place, which becomes offset 0. Give a buffered sink: parts are written
    /// in two pieces.
    pub fn new(sink: W) -> Self {
        Self {
            sink,
            offset: 0,
            streams: Vec::new(),
            stays: None,
            by_name: AHashMap::new(),
            footer: None,
        }
    }

    /// Goes on behind the end of an archive's file, where the sink is: what is copied from it stays where it is.
    pub fn behind(old: &ContainerReader, sink: W) -> Self {
        Self {
            offset: old.state().len,
            stays: Some(old.handle()),
            ..Self::new(sink)
        }
    }

    /// The stream of this name, which is made if it does not exist. Names are not empty and hold no NUL.
    pub fn register(&mut self, name: &str) -> StreamId {
        debug_assert!(!name.is_empty() && !name.contains('\0'));
        if let Some(id) = self.by_name.get(name) {
            return *id;
        }
        self.footer = None;
        let id = StreamId(u32::try_from(self.streams.len()).unwrap_or(u32::MAX));
        self.streams.push(Stream {
            name: name.to_owned(),
            parts: Vec::new(),
            sums: Vec::new(),
            n_bytes: 0,
        });
        self.by_name.insert(name.to_owned(), id);
        id
    }

    /// Appends a part to a stream. The metadata of an empty part is not kept: readers take it for 0.
    ///
    /// # Errors
    /// `Io` when the sink fails. The archive cannot be continued then.
    pub fn add_part(&mut self, stream: StreamId, metadata: u64, payload: &[u8]) -> Result<()> {
        let mut head = Vec::with_capacity(crate::bytes::MAX_CONTAINER_INT_LEN);
        put_container_int(&mut head, if payload.is_empty() { 0 } else { metadata });
        self.write(&head)?;
        self.write(payload)?;
        let place = PartMeta {
            offset: self.offset,
            len: payload.len() as u64,
        };
        let stream = self.stream_mut(stream);
        stream.parts.push(place);
        let mut sum = Checksum::of(&head);
        sum.add(payload);
        stream.sums.push(Some(sum.crc));
        stream.n_bytes += sum.len;
        self.offset += sum.len;
        Ok(())
    }

    /// Writes bytes that belong to no part.
    ///
    /// # Errors
    /// As [`Self::add_part`].
    pub(super) fn skip(&mut self, bytes: &[u8]) -> Result<()> {
        self.write(bytes)?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Adds a part of another archive to a stream, as it is there.
    ///
    /// # Errors
    /// Those of [`ContainerReader::read_part`] and [`Self::add_part`].
    pub fn copy_part(
        &mut self,
        stream: StreamId,
        from: &ContainerReader,
        of: StreamId,
        number: usize,
    ) -> Result<()> {
        if self.stays == Some(from.handle()) {
            let (place, sum) = from.place_of_part(of, number)?;
            let stream = self.stream_mut(stream);
            stream.parts.push(place);
            stream.sums.push(sum);
            return Ok(());
        }
        let part = from.read_part(of, number)?;
        self.add_part(stream, part.metadata, part.payload())
    }

    /// Bytes written so far, the footer not among them.
    #[must_use]
    pub fn data_len(&self) -> u64 {
        self.offset
    }

    /// Gives the parts of a stream, which were added in another order, these numbers.
    pub(super) fn number_parts(&mut self, stream: StreamId, numbers: &[usize]) {
        let stream = self.stream_mut(stream);
        let added = stream.parts.iter().copied().zip(stream.sums.iter().copied());
        let mut all: Vec<_> = numbers.iter().zip(added).collect();
        all.sort_unstable_by_key(|(number, _)| **number);
        (stream.parts, stream.sums) = all.into_iter().map(|(_, part)| part).unzip();
    }

    /// The file that it would be now.
    pub(super) fn state(&self) -> State {
        let footer = Checksum::of(&self.encoded());
        State {
            len: self.offset + footer.len,
            footer_crc: footer.crc,
        }
    }

    /// Number of parts that a stream has so far.
    #[must_use]
    pub fn n_parts(&self, stream: StreamId) -> usize {
        self.streams[stream.index()].parts.len()
    }

    /// Writes checksums of all parts, then as [`Self::finish`].
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub fn finish_with_sums(mut self) -> Result<W> {
        self.write_sums()?;
        self.finish()
    }

    /// Writes checksums of all parts; none may follow. If a part stays where it is that has none, there will be no checksums: the whole file
    /// would have to be read.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub(crate) fn write_sums(&mut self) -> Result<()> {
        let all = self.streams.iter().flat_map(|stream| stream.sums.iter().copied());
        let Some(all) = all.collect::<Option<Vec<u32>>>() else {
            return Ok(());
        };
        let n_parts = self.streams.iter().map(|stream| stream.parts.len()).sum();
        let place = PartMeta {
            offset: self.offset,
            len: sums::encoded_len(n_parts),
        };
        let stream = self.register(names::SUMS);
        self.stream_mut(stream).parts.push(place);
        let footer = self.encoded().into_owned();
        let payload = sums::encode(all.into_iter(), &footer);
        let n_bytes = (sums::METADATA.len() + payload.len()) as u64;
        self.stream_mut(stream).n_bytes = n_bytes;
        self.write(&sums::METADATA)?;
        self.write(&payload)?;
        self.offset += n_bytes;
        self.footer = Some(footer);
        Ok(())
    }

    /// Bytes of each stream in the order of the file, and at last of the footer with its size, as far as parts were written.
    pub(crate) fn lens(&self) -> impl Iterator<Item = (&str, u64)> {
        let streams = self
            .streams
            .iter()
            .map(|stream| (stream.name.as_str(), stream.n_bytes));
        streams.chain([("footer", self.encoded().len() as u64)])
    }

    /// Writes the footer, flushes the sink and gives it back.
    ///
    /// # Errors
    /// `Io` when the sink fails.
    pub fn finish(mut self) -> Result<W> {
        let known = self.footer.take();
        let footer = known.unwrap_or_else(|| self.encoded().into_owned());
        self.write(&footer)?;
        self.sink.flush().map_err(Error::of_sink)?;
        Ok(self.sink)
    }

    /// A stream to which something is done.
    fn stream_mut(&mut self, stream: StreamId) -> &mut Stream {
        self.footer = None;
        &mut self.streams[stream.index()]
    }

    /// The footer of what was added so far, and its size.
    fn encoded(&self) -> Cow<'_, [u8]> {
        if let Some(footer) = &self.footer {
            return footer.into();
        }
        let mut footer = Vec::new();
        let streams = self
            .streams
            .iter()
            .map(|stream| (stream.name.as_str(), stream.parts.as_slice()));
        Footer::write(streams, &mut footer);
        footer.into()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.sink.write_all(bytes).map_err(Error::of_sink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_part_that_lies_nowhere_is_damage() {
        for offset in [1 << 40, u64::MAX] {
            let mut writer = ContainerWriter::new(Vec::new());
            let stream = writer.register("s");
            writer.add_part(stream, 0, b"").unwrap();
            writer.streams[0].parts[0].offset = offset;
            let reader = ContainerReader::open(writer.finish_with_sums().unwrap()).unwrap();
            let error = reader.read_part(stream, 0).unwrap_err().to_string();
            assert!(error.starts_with("stream s part 0: "), "{error}");
        }
    }
}
