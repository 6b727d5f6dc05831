//! An object that is written front to back, in parts, and is there when all of it is.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, TryLockError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use tokio::task::JoinHandle;

use crate::address::{Address, Kind};
use crate::error::{Error, ErrorKind, Result};
use crate::runtime;
use crate::store::{Purpose, store_of};

/// Parts of an upload, in bytes, and how many of each there are before larger ones come: servers take 10,000, and an archive of a terabyte has to fit.
const PART_LENS: [(usize, usize); 3] = [(8 << 20, 1000), (32 << 20, 3000), (128 << 20, usize::MAX)];
/// Bytes of parts on their way, about.
const MAX_ON_THE_WAY: usize = 32 << 20;

/// What is waited for when an upload is given up: a server that does not answer keeps its parts.
const ABORT_TIME: Duration = Duration::from_secs(10);

/// All uploads that are neither complete nor given up.
static UNFINISHED: Mutex<Vec<Weak<SharedUpload>>> = Mutex::new(Vec::new());

/// Held by whoever has a server begin or complete an upload: before its answer is here nobody knows what there is to give up.
static IN_BETWEEN: RwLock<()> = RwLock::new(());

/// Between looks whether it is held.
const PAUSE: Duration = Duration::from_millis(5);

/// A new object on its way into a bucket.
///
/// It appears when [`Self::finish`] says so. Dropped before, or ended by [`abort_uploads`], it leaves nothing behind, on the server either; what a
/// program leaves that is killed, a rule of the bucket removes that ends incomplete uploads.
pub struct Upload {
    store: Arc<dyn ObjectStore>,
    path: Path,
    shared: Arc<SharedUpload>,
    /// What does not make a part yet.
    part: BytesMut,
    n_parts: usize,
    replaces: bool,
}

/// What whoever gives it up needs.
struct SharedUpload {
    state: Mutex<UploadState>,
}

struct UploadState {
    /// Gone when it is complete or given up.
    upload: Option<Box<dyn MultipartUpload>>,
    /// Oldest first.
    on_the_way: VecDeque<JoinHandle<object_store::Result<()>>>,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Upload {
    /// Whether there is an object, which an upload would replace.
    ///
    /// # Errors
    /// All of [`ErrorKind`] but `NotFound`, `NoRanges`, `Changed` and `Exists`.
    pub fn would_replace(address: &Address) -> Result<bool> {
        let (store, path) = bucket_of(address)?;
        runtime::wait(async move { exists(&*store, &path).await })
    }

    /// Begins an object. If it `replaces` nothing, another one of this name is an error, which is looked for again at the end.
    ///
    /// # Errors
    /// All of [`ErrorKind`] but `NoRanges` and `Changed`; `BadUrl` for what is no bucket.
    pub fn create(address: &Address, replaces: bool) -> Result<Self> {
        let (store, path) = bucket_of(address)?;
        let (server, key) = (Arc::clone(&store), path.clone());
        let _in_between = in_between();
        let upload = runtime::wait(async move {
            match !replaces && exists(&*server, &key).await? {
                true => Err(Error::new(ErrorKind::Exists)),
                false => Ok(server.put_multipart(&key).await?),
            }
        })?;
        let shared = Arc::new(SharedUpload {
            state: Mutex::new(UploadState {
                upload: Some(upload),
                on_the_way: VecDeque::new(),
            }),
        });
        let mut unfinished = lock(&UNFINISHED);
        unfinished.retain(|upload| upload.strong_count() > 0);
        unfinished.push(Arc::downgrade(&shared));
        Ok(Self {
            store,
            path,
            shared,
            part: BytesMut::new(),
            n_parts: 0,
            replaces,
        })
    }

    /// Sends what is left, and gives the object its name.
    ///
    /// # Errors
    /// As [`Self::create`]; then there is no object.
    pub fn finish(mut self) -> Result<()> {
        if !self.part.is_empty() {
            self.send_part()?;
        }
        self.wait_until_on_the_way(0)?;
        let _in_between = in_between();
        let mut upload = lock(&self.shared.state).upload.take().ok_or_else(given_up)?;
        let (store, path, replaces) = (Arc::clone(&self.store), self.path.clone(), self.replaces);
        runtime::wait(async move {
            let completed = match !replaces && exists(&*store, &path).await? {
                true => Err(Error::new(ErrorKind::Exists)),
                false => upload.complete().await.map(drop).map_err(Error::from),
            };
            if completed.is_err() {
                let _ = tokio::time::timeout(ABORT_TIME, upload.abort()).await;
            }
            completed
        })
    }

    /// Bytes of the part that is being filled.
    fn part_len(&self) -> usize {
        let mut n_before = 0;
        let of_place = |(len, n_parts): &(usize, usize)| {
            n_before = usize::saturating_add(n_before, *n_parts);
            (self.n_parts < n_before).then_some(*len)
        };
        PART_LENS.iter().find_map(of_place).unwrap_or(PART_LENS[0].0)
    }

    fn send_part(&mut self) -> Result<()> {
        let most = (MAX_ON_THE_WAY / self.part_len()).max(1);
        self.wait_until_on_the_way(most - 1)?;
        let part: Bytes = self.part.split().freeze();
        self.n_parts += 1;
        let shared = Arc::clone(&self.shared);
        // On a thread of the runtime, where the part is sent from.
        runtime::wait(async move {
            let mut state = lock(&shared.state);
            let sent = state.upload.as_mut().ok_or_else(given_up)?.put_part(part.into());
            state.on_the_way.push_back(tokio::spawn(sent));
            Ok(())
        })
    }

    /// Waits until no more parts than these are on their way.
    fn wait_until_on_the_way(&self, most: usize) -> Result<()> {
        loop {
            let oldest = {
                let mut state = lock(&self.shared.state);
                match state.on_the_way.len() > most {
                    true => state.on_the_way.pop_front(),
                    false => None,
                }
            };
            let Some(oldest) = oldest else {
                return Ok(());
            };
            runtime::wait(async move { Ok(oldest.await.map_err(|_| given_up())??) })?;
        }
    }
}

impl Write for Upload {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = buf.len().min(self.part_len() - self.part.len());
        self.part.extend_from_slice(&buf[..n]);
        if self.part.len() == self.part_len() {
            self.send_part()?;
        }
        Ok(n)
    }

    /// Does nothing: parts have one length, and nothing is seen of them before the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let _ = self.shared.abort();
    }
}

/// Gives up all uploads of the program that are not complete: before it ends by a signal. One that a server begins or completes is waited for, for a
/// time.
pub fn abort_uploads() {
    let begun = Instant::now();
    let mut nothing_in_between = IN_BETWEEN.try_write();
    while matches!(nothing_in_between, Err(TryLockError::WouldBlock)) && begun.elapsed() < ABORT_TIME {
        drop(nothing_in_between);
        thread::sleep(PAUSE);
        nothing_in_between = IN_BETWEEN.try_write();
    }
    let unfinished: Vec<Arc<SharedUpload>> = lock(&UNFINISHED).iter().filter_map(Weak::upgrade).collect();
    for upload in unfinished {
        let _ = upload.abort();
    }
}

impl SharedUpload {
    /// Stops what is on its way, and has the server forget what has come.
    fn abort(&self) -> Result<()> {
        let (upload, on_the_way) = {
            let mut state = lock(&self.state);
            (state.upload.take(), std::mem::take(&mut state.on_the_way))
        };
        let Some(mut upload) = upload else {
            return Ok(());
        };
        runtime::wait(within(ABORT_TIME, async move {
            for part in on_the_way {
                part.abort();
                let _ = part.await;
            }
            Ok(upload.abort().await?)
        }))
    }
}

async fn within<T>(time: Duration, work: impl Future<Output = Result<T>>) -> Result<T> {
    match tokio::time::timeout(time, work).await {
        Ok(done) => done,
        Err(_) => Err(Error::new(ErrorKind::TimedOut)),
    }
}

fn in_between() -> RwLockReadGuard<'static, ()> {
    IN_BETWEEN.read().unwrap_or_else(PoisonError::into_inner)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn given_up() -> Error {
    Error::new(ErrorKind::Broken("the upload was given up".to_owned()))
}

fn bucket_of(address: &Address) -> Result<(Arc<dyn ObjectStore>, Path)> {
    match address.kind() {
        Kind::Http => Err(Error::new(ErrorKind::BadUrl(
            "objects are written to s3, gs and az only".to_owned(),
        ))),
        _ => store_of(address, Purpose::Upload),
    }
}

async fn exists(store: &dyn ObjectStore, path: &Path) -> Result<bool> {
    match store.head(path).await {
        Ok(_) => Ok(true),
        Err(object_store::Error::NotFound { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
