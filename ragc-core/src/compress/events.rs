//! What readers tell of inputs, and the channel that it goes through.
//!
//! A file of a virus is three events. To wake who waits for each of them took a twentieth of the time of 5,000 such files, so what is small goes together.

use super::batch::BatchSender;
use super::ended::Ended;
use super::notes::Noticed;
use super::record::RecordEnd;
use crate::error::Error;
use crate::provenance::SourceFile;
use crate::queue;
use crate::splitter::CutSegment;

/// Bytes of events that are sent at once, about.
const BATCH_BYTES: usize = 16 << 10;

/// What a file is made of, in the order of the text.
#[derive(Debug)]
pub(super) enum Event {
    /// A contig begins: its header line without `>`, and the 1-based line.
    Contig { name: Vec<u8>, line: u64 },
    /// The next segment of the contig.
    Segment(CutSegment),
    /// The contig is complete.
    EndContig { record: RecordEnd },
    /// The file is complete, in which this was noticed, and what follows stands in the next file of the sample.
    NextFile { end: FileEnd },
    /// The input is complete; this was noticed in its last file.
    EndInput { end: FileEnd },
    /// The input cannot be read to its end.
    Failed(Error),
}

impl Event {
    pub(super) fn contig(name: &[u8], line: u64) -> Self {
        Self::Contig {
            name: name.to_vec(),
            line,
        }
    }

    /// Bytes held, for the limit of the channel.
    fn cost(&self) -> usize {
        let held = match self {
            Self::Contig { name, .. } => name.len(),
            Self::Segment(segment) => segment.sequence.cost(),
            Self::EndContig { record } => record.original.mem_len(),
            Self::NextFile { .. } | Self::EndInput { .. } | Self::Failed(_) => 0,
        };
        held + size_of::<Self>()
    }
}

/// What is known of a file when it has been read.
#[derive(Debug, Default)]
pub(super) struct FileEnd {
    /// What was noticed in it.
    pub(super) noticed: Vec<Noticed>,
    /// What is told of it, if that is wanted.
    pub(super) source: Option<SourceFile>,
}

/// A channel for the events of one input, which holds so many bytes.
pub(super) fn channel(capacity: usize) -> (EventSender, EventReceiver) {
    let (batches, receiver) = queue::bounded(capacity);
    let sender = EventSender(BatchSender::new(batches, BATCH_BYTES));
    let receiver = EventReceiver {
        batches: receiver,
        batch: Vec::new().into_iter(),
    };
    (sender, receiver)
}

/// The reader's end.
#[derive(Debug)]
pub(super) struct EventSender(BatchSender<Event>);

impl EventSender {
    /// Sends an event, with others.
    ///
    /// # Errors
    /// `CutOff` when nobody takes it.
    pub(super) fn send(&mut self, event: Event) -> Result<(), Ended> {
        let cost = event.cost();
        self.0.send(event, cost)
    }

    /// Sends the last event, behind which nothing may come: who takes it goes.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub(super) fn end(mut self, event: Event) -> Result<(), Ended> {
        self.send(event)?;
        self.0.flush()
    }
}

/// The other end.
#[derive(Debug)]
pub(super) struct EventReceiver {
    batches: queue::Receiver<Vec<Event>>,
    batch: std::vec::IntoIter<Event>,
}

impl EventReceiver {
    /// The next event, when it is there.
    ///
    /// # Errors
    /// `CutOff` when the reader is gone.
    pub(super) fn recv(&mut self) -> Result<Event, Ended> {
        loop {
            if let Some(event) = self.batch.next() {
                return Ok(event);
            }
            self.batch = self.batches.recv()?.into_iter();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that costs so many bytes.
    fn name(cost: usize) -> Event {
        Event::contig(&vec![b'a'; cost - size_of::<Event>()], 1)
    }

    /// Who takes the last event goes: what came behind it would find nobody, and cut the reader off.
    #[test]
    fn events_come_in_order_and_nothing_behind_the_last() {
        const END: usize = size_of::<Event>();
        for (costs, expected) in [
            (&[][..], &[1][..]),
            (&[2 * END], &[2]),
            (&[BATCH_BYTES - END], &[2]),
            (&[BATCH_BYTES], &[1, 1]),
            (&[BATCH_BYTES - END, 2 * END, 2 * END], &[2, 2]),
        ] {
            let (mut sender, receiver) = channel(1 << 20);
            for cost in costs {
                sender.send(name(*cost)).unwrap();
            }
            let end = FileEnd::default();
            sender.end(Event::EndInput { end }).unwrap();
            let batches = std::iter::from_fn(|| receiver.batches.recv().ok());
            let lens: Vec<usize> = batches.map(|batch| batch.len()).collect();
            assert_eq!(lens, expected, "{costs:?}");
        }
        let (mut sender, mut receiver) = channel(1 << 20);
        (0..9).for_each(|line| sender.send(Event::contig(b"a", line)).unwrap());
        sender.end(Event::contig(b"a", 9)).unwrap();
        let events = std::iter::from_fn(|| receiver.recv().ok());
        let lines = events.map(|event| match event {
            Event::Contig { line, .. } => line,
            other => panic!("{other:?}"),
        });
        assert!(lines.eq(0..10));
    }
}
