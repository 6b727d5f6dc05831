//! An object that is read once, front to back, while it comes.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use futures_util::TryStreamExt;
use object_store::GetOptions;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::address::Address;
use crate::error::{Error, ErrorKind, Result};
use crate::runtime;
use crate::store::{Purpose, store_of};

/// Pieces of an answer that wait for whoever reads, each as it comes from the connection: some tens of kilobytes.
const MAX_WAITING: usize = 64;

/// Reads an object from its first byte to its last, whatever the server can do. What comes next is on its way meanwhile.
///
/// # Example
/// ```no_run
/// use std::io::Read;
/// use ragc_remote::{Address, Download};
/// let mut text = Vec::new();
/// Download::open(&Address::parse("https://host.org/SK1.fa.gz")?)?.read_to_end(&mut text)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Download {
    pieces: Receiver<Result<Bytes>>,
    piece: Bytes,
}

impl Download {
    /// Opens an object.
    ///
    /// # Errors
    /// All of [`ErrorKind`] but `NoRanges`, `Changed` and `Exists`.
    pub fn open(address: &Address) -> Result<Self> {
        let (store, path) = store_of(address, Purpose::Download)?;
        let (sender, pieces) = channel(MAX_WAITING);
        runtime::wait(async move {
            let answer = store.get_opts(&path, GetOptions::new()).await?;
            let len = answer.range.end - answer.range.start;
            tokio::spawn(pass_on(answer.into_stream(), len, sender));
            Ok(())
        })?;
        Ok(Self {
            pieces,
            piece: Bytes::new(),
        })
    }
}

/// Sends what comes, until nobody wants it any more; an object that ends early is an error.
async fn pass_on(
    mut answer: impl futures_util::Stream<Item = object_store::Result<Bytes>> + Unpin,
    len: u64,
    sender: Sender<Result<Bytes>>,
) {
    let mut n_bytes = 0;
    loop {
        let piece = match answer.try_next().await {
            Ok(Some(piece)) => {
                n_bytes += piece.len() as u64;
                Ok(piece)
            }
            Ok(None) if n_bytes == len => return,
            Ok(None) => Err(Error::new(ErrorKind::Broken(format!(
                "it ended after {n_bytes} of {len} bytes"
            )))),
            Err(error) => Err(error.into()),
        };
        let is_last = piece.is_err();
        if sender.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

impl Read for Download {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let n = buf.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut buf[..n]);
        Ok(n)
    }
}
