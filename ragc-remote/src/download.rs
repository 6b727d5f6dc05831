//! An object that is read once, front to back, while it comes.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use futures_util::TryStreamExt;
use futures_util::stream::{self, Stream};
use object_store::GetOptions;
use reqwest::header::TRANSFER_ENCODING;
use reqwest::{Response, Version};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::address::{Address, Kind};
use crate::error::{Error, ErrorKind, Result, is_without_length};
use crate::runtime;
use crate::store::{Purpose, plain_request, store_of};

/// Pieces of an answer that wait for whoever reads, each as it comes from the connection: some tens of kilobytes.
const MAX_WAITING: usize = 64;

/// The coding that marks the end of an answer.
const CHUNKED: &str = "chunked";

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
        let address = address.clone();
        runtime::wait(async move {
            match store.get_opts(&path, GetOptions::new()).await {
                Ok(answer) => {
                    let len = answer.range.end - answer.range.start;
                    tokio::spawn(pass_on(answer.into_stream(), Some(len), sender));
                }
                Err(error) if address.kind() == Kind::Http && is_without_length(&error) => {
                    let answer = marked_answer(&address).await?;
                    tokio::spawn(pass_on(pieces_of(answer), None, sender));
                }
                Err(error) => return Err(error.into()),
            }
            Ok(())
        })?;
        Ok(Self {
            pieces,
            piece: Bytes::new(),
        })
    }
}

/// An answer that tells no length, but marks its end, so that one that is cut off is not taken for whole.
async fn marked_answer(address: &Address) -> Result<Response> {
    let answer = plain_request(address)?.send().await?.error_for_status()?;
    let is_chunked = answer.headers().get_all(TRANSFER_ENCODING).iter().any(|coding| {
        coding
            .as_bytes()
            .to_ascii_lowercase()
            .ends_with(CHUNKED.as_bytes())
    });
    match is_chunked || answer.content_length().is_some() || answer.version() >= Version::HTTP_2 {
        true => Ok(answer),
        false => {
            let why = "the server tells neither how long it is nor where it ends: download it first";
            Err(Error::new(ErrorKind::Broken(why.to_owned())))
        }
    }
}

/// What comes of an answer, up to its end. That it ends before its mark is an error.
fn pieces_of(answer: Response) -> impl Stream<Item = reqwest::Result<Bytes>> + Send + Unpin {
    let pieces = stream::try_unfold(answer, |mut answer| async move {
        let piece = answer.chunk().await?;
        Ok(piece.map(|piece| (piece, answer)))
    });
    Box::pin(pieces)
}

/// Sends what comes, until nobody wants it any more; an object that ends early is an error.
async fn pass_on<E: Into<Error>>(
    mut answer: impl Stream<Item = std::result::Result<Bytes, E>> + Unpin,
    len: Option<u64>,
    sender: Sender<Result<Bytes>>,
) {
    let mut n_bytes = 0;
    loop {
        let piece = match (answer.try_next().await, len) {
            (Ok(Some(piece)), _) => {
                n_bytes += piece.len() as u64;
                Ok(piece)
            }
            (Ok(None), Some(len)) if n_bytes != len => Err(Error::new(ErrorKind::Broken(format!(
                "it ended after {n_bytes} of {len} bytes"
            )))),
            (Ok(None), _) => return,
            (Err(error), _) => Err(error.into()),
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
