//! What can be read once, front to back, such as a pipe: kept, so that any place of it can be read.

use std::fs::File;
use std::io::{self, Read, Write};

use crate::lock::lock;
use crate::memory;
use crate::read_at::ReadAt;
use crate::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use crate::threads::start_alone;

/// Bytes that are read at once: as many as a pipe may hold.
const READ_LEN: usize = 1 << 20;
/// Bytes of a block in memory. Blocks do not move when more comes.
const BLOCK_LEN: usize = 1 << 20;

/// A source that is still coming in.
///
/// A thread reads `input` to its end. Whoever asks for bytes that have not come yet waits for these; who asks for the length waits for the
/// end. The thread ends with the input, or with the first read after the spool is dropped.
///
/// # Example
/// ```
/// use ragc_core::{Archive, Spool};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// # let socket = std::fs::File::open(path)?;
/// let spool = Spool::new(socket, 64 << 20, || Err(std::io::ErrorKind::StorageFull.into()))?;
/// let archive = Archive::from_reader(spool)?;
/// assert_eq!(archive.region("r", "chr1", 0..4)?, b"GACA");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Spool {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    kept: Mutex<Kept>,
    /// More has come, or the end.
    has_news: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    /// All but the last one are full.
    blocks: Vec<Vec<u8>>,
    /// Bytes in these.
    memory_len: u64,
    /// What comes behind them.
    overflow: Option<Arc<File>>,
    /// Bytes in all.
    len: u64,
    end: Option<InputEnd>,
    is_dropped: bool,
}

/// Nothing more will come.
#[derive(Debug)]
enum InputEnd {
    Reached,
    Failed(io::ErrorKind, String),
}

impl Spool {
    /// Begins to read `input`. Up to `memory` bytes of it are kept in memory, and what comes behind them in the file that `overflow` makes
    /// when it is needed; the `tempfile` crate's `tempfile` is meant for that, and errors name the folder in which it makes one.
    ///
    /// # Errors
    /// What the system reports where it has no more threads. What `input` and `overflow` report comes with the reads that it concerns.
    pub fn new(
        input: impl Read + Send + 'static,
        memory: u64,
        overflow: impl FnOnce() -> io::Result<File> + Send + 'static,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let mut intake = Intake {
            shared: Arc::clone(&shared),
            memory,
        };
        start_alone("spool", move || {
            let end = match intake.take_in(input, overflow) {
                Ok(()) => InputEnd::Reached,
                Err(error) => InputEnd::Failed(error.kind(), error.to_string()),
            };
            intake.shared.end(end);
        })?;
        Ok(Self { shared })
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        lock(&self.shared.kept).is_dropped = true;
    }
}

impl ReadAt for Spool {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = offset.checked_add(buf.len() as u64);
        let kept = self.shared.wait_for(end.unwrap_or(u64::MAX))?;
        let in_memory = kept.memory_len.saturating_sub(offset).min(buf.len() as u64);
        let (first, rest) = buf.split_at_mut(in_memory as usize);
        kept.copy(offset, first);
        let Some(file) = kept.overflow.clone().filter(|_| !rest.is_empty()) else {
            return Ok(());
        };
        let in_file = offset + in_memory - kept.memory_len;
        drop(kept);
        file.read_exact_at(in_file, rest)
    }

    fn len(&self) -> io::Result<u64> {
        let kept = self.shared.wait_until(|kept| kept.end.is_some());
        match &kept.end {
            Some(InputEnd::Failed(kind, why)) => Err(io::Error::new(*kind, why.clone())),
            _ => Ok(kept.len),
        }
    }

    fn is_complete(&self) -> bool {
        lock(&self.shared.kept).end.is_some()
    }
}

impl Shared {
    fn wait_until(&self, is_so: impl Fn(&Kept) -> bool) -> MutexGuard<'_, Kept> {
        let mut kept = lock(&self.kept);
        while !is_so(&kept) {
            kept = self.has_news.wait(kept).unwrap_or_else(PoisonError::into_inner);
        }
        kept
    }

    /// Waits until there are so many bytes.
    fn wait_for(&self, n_bytes: u64) -> io::Result<MutexGuard<'_, Kept>> {
        let kept = self.wait_until(|kept| kept.len >= n_bytes || kept.end.is_some());
        match &kept.end {
            _ if kept.len >= n_bytes => Ok(kept),
            Some(InputEnd::Failed(kind, why)) => Err(io::Error::new(*kind, why.clone())),
            _ => {
                let why = format!("it ends behind {} bytes", kept.len);
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, why))
            }
        }
    }

    fn end(&self, end: InputEnd) {
        lock(&self.kept).end.get_or_insert(end);
        self.has_news.notify_all();
    }
}

impl Kept {
    /// Copies bytes that are all in memory.
    fn copy(&self, offset: u64, mut to: &mut [u8]) {
        let mut place = offset as usize;
        while !to.is_empty() {
            let block = &self.blocks[place / BLOCK_LEN][place % BLOCK_LEN..];
            let len = block.len().min(to.len());
            let (now, later) = to.split_at_mut(len);
            now.copy_from_slice(&block[..len]);
            (place, to) = (place + len, later);
        }
    }

    /// Appends to the blocks; says no where there is no memory for them.
    fn append(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.blocks.last().is_none_or(|block| block.len() == BLOCK_LEN) {
                let mut block = Vec::new();
                if memory::ask(|| block.try_reserve_exact(BLOCK_LEN)).is_err() {
                    return false;
                }
                self.blocks.push(block);
            }
            let Some(block) = self.blocks.last_mut() else {
                return false;
            };
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_LEN - block.len()));
            block.extend_from_slice(now);
            self.memory_len += now.len() as u64;
            self.len += now.len() as u64;
            bytes = later;
        }
        true
    }
}

/// The thread that reads.
struct Intake {
    shared: Arc<Shared>,
    memory: u64,
}

impl Intake {
    fn take_in(
        &mut self,
        mut input: impl Read,
        overflow: impl FnOnce() -> io::Result<File>,
    ) -> io::Result<()> {
        let mut overflow = Some(overflow);
        let mut buffer = vec![0; READ_LEN];
        loop {
            let n = match input.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let kept = self.keep(&buffer[..n], &mut overflow);
            kept.map_err(|error| {
                let folder = std::env::temp_dir();
                let why = format!("cannot write a temporary file in {}: {error}", folder.display());
                io::Error::new(error.kind(), why)
            })?;
            if lock(&self.shared.kept).is_dropped {
                return Ok(());
            }
        }
    }

    /// Keeps what has come next.
    fn keep(
        &mut self,
        bytes: &[u8],
        overflow: &mut Option<impl FnOnce() -> io::Result<File>>,
    ) -> io::Result<()> {
        let mut kept = lock(&self.shared.kept);
        let room = match kept.overflow {
            Some(_) => 0,
            None => self.memory.saturating_sub(kept.memory_len),
        };
        let in_memory = room.min(bytes.len() as u64) as usize;
        let before = kept.len;
        kept.append(&bytes[..in_memory]);
        let rest = &bytes[(kept.len - before) as usize..];
        if !rest.is_empty() {
            let file = kept.overflow.clone();
            // Others go on reading what is there meanwhile.
            drop(kept);
            let file = match (file, overflow.take()) {
                (Some(file), _) => file,
                (None, Some(make)) => Arc::new(make()?),
                (None, None) => return Err(io::ErrorKind::Other.into()),
            };
            (&*file).write_all(rest)?;
            kept = lock(&self.shared.kept);
            kept.overflow = Some(file);
            kept.len += rest.len() as u64;
        }
        drop(kept);
        self.shared.has_news.notify_all();
        Ok(())
    }
}

/// Whoever waits hears of the end, also when a reader has panicked.
impl Drop for Intake {
    fn drop(&mut self) {
        let why = "whatever reads it has panicked".to_owned();
        self.shared.end(InputEnd::Failed(io::ErrorKind::Other, why));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::sync::mpsc;
    use std::thread;

    /// Gives what is sent, piece by piece; an error, a panic and the end as well.
    struct Sent(mpsc::Receiver<Option<Vec<u8>>>, Vec<u8>);

    impl Read for Sent {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.1.is_empty() {
                match self.0.recv() {
                    Ok(Some(bytes)) => self.1 = bytes,
                    Ok(None) => return Err(io::ErrorKind::ConnectionReset.into()),
                    Err(_) => return Ok(0),
                }
            }
            let n = self.1.len().min(buf.len());
            buf[..n].copy_from_slice(&self.1[..n]);
            self.1.drain(..n);
            Ok(n)
        }
    }

    fn spool(memory: u64) -> (mpsc::Sender<Option<Vec<u8>>>, Arc<Spool>) {
        let (sender, receiver) = mpsc::channel();
        let spool = Spool::new(Sent(receiver, Vec::new()), memory, tempfile::tempfile).unwrap();
        (sender, Arc::new(spool))
    }

    fn read(spool: &Arc<Spool>, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let spool = Arc::clone(spool);
        in_time("what is read has come", move || {
            let mut bytes = vec![0; len];
            spool.read_exact_at(offset, &mut bytes).map(|()| bytes)
        })
    }

    #[test]
    fn what_has_come_is_read_before_the_end_in_memory_and_in_the_file() {
        let whole: Vec<u8> = (0..3_000_000u32).map(|i| (i % 251) as u8).collect();
        for memory in [0, 1, 1000, BLOCK_LEN as u64 + 7, 1 << 30] {
            let (sender, spool) = spool(memory);
            for (i, piece) in whole.chunks(700_001).enumerate() {
                sender.send(Some(piece.to_vec())).unwrap();
                let end = whole.len().min((i + 1) * 700_001);
                for start in [0, 500, end - piece.len(), end - 1] {
                    assert!(read(&spool, start as u64, end - start).unwrap() == whole[start..end]);
                }
                assert!(!spool.is_complete());
            }
            drop(sender);
            let ended = Arc::clone(&spool);
            assert_eq!(
                in_time("the end has come", move || ended.len().unwrap()),
                whole.len() as u64
            );
            assert!(spool.is_complete());
            let error = read(&spool, 2_999_999, 2).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
            assert_eq!(error.to_string(), "it ends behind 3000000 bytes");
            assert!(read(&spool, u64::MAX, 2).is_err());
        }
    }

    #[test]
    fn whoever_waits_hears_of_more_of_the_end_and_of_an_error() {
        let (sender, one) = spool(10);
        let waiting = Arc::clone(&one);
        let waiter = thread::spawn(move || read(&waiting, 5, 20));
        sender.send(Some(vec![7; 20])).unwrap();
        sender.send(Some(vec![8; 20])).unwrap();
        assert_eq!(waiter.join().unwrap().unwrap()[14..], [7, 8, 8, 8, 8, 8]);
        let waiting = Arc::clone(&one);
        let waiter = thread::spawn(move || read(&waiting, 39, 2));
        sender.send(None).unwrap();
        let error = waiter.join().unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        let ended = Arc::clone(&one);
        assert!(in_time("the end has come", move || ended.len()).is_err());
        // What had come before can be read.
        assert_eq!(read(&one, 39, 1).unwrap(), [8]);
    }

    #[test]
    fn a_file_that_cannot_be_made_and_a_reader_that_panics_are_errors() {
        let full = || Err(io::ErrorKind::StorageFull.into());
        let one = Arc::new(Spool::new(&[7; 100][..], 10, full).unwrap());
        let error = read(&one, 0, 100).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cannot write a temporary file in /"),
            "{error}"
        );
        assert_eq!(read(&one, 0, 10).unwrap(), [7; 10]);

        struct Panics;
        impl Read for Panics {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                panic!("as planned")
            }
        }
        let one = Arc::new(Spool::new(Panics, 10, tempfile::tempfile).unwrap());
        assert!(read(&one, 0, 1).unwrap_err().to_string().contains("panicked"));
    }
}
