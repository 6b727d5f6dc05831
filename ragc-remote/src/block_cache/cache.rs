//! The folder of blocks, and the blocks of an object.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::address::Address;
use crate::block_cache::block;
use crate::block_cache::evict::{UNFINISHED, evict};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Identity;

/// Bytes of an object in a block. A region of a genome takes 10 to 20 of 64 KiB; smaller ones are more files for as many bytes.
const BLOCK_LEN: u64 = 64 << 10;

/// What was written since the folder was last looked through may be so much of its bound.
const SHARE_BETWEEN_LOOKS: u64 = 16;

/// A folder in which blocks of objects are kept, for this program and others.
///
/// # Example
/// ```no_run
/// use ragc_remote::{Address, BlockCache, RemoteObject};
/// let cache = BlockCache::open("/var/cache/genomes", 10 << 30)?;
/// let object = RemoteObject::open_cached(&Address::parse("s3://bucket/yeast.agc")?, &cache)?;
/// # Ok::<(), ragc_remote::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct BlockCache {
    folder: PathBuf,
    most: u64,
    /// Bytes since the folder was last looked through.
    written: Arc<AtomicU64>,
}

impl BlockCache {
    /// Opens a folder, which is made if it is not there. What was not used for longest goes, so that files take no more than about `most` bytes.
    ///
    /// # Errors
    /// `System` when there cannot be such a folder.
    pub fn open(folder: impl Into<PathBuf>, most: u64) -> Result<Self> {
        let folder = folder.into();
        let opened = fs::create_dir_all(&folder).and_then(|()| evict(&folder, most));
        opened.map_err(|error| {
            let why = format!("cannot keep blocks in {}: {error}", folder.display());
            Error::new(ErrorKind::System(why))
        })?;
        Ok(Self {
            folder,
            most,
            written: Arc::default(),
        })
    }

    /// The blocks of an object; none of one that nothing tells from the next one of its name.
    pub(crate) fn of_object(&self, address: &Address, identity: &Identity) -> Option<ObjectBlocks> {
        let version = identity.version()?;
        // A signed URL is another each time. Who may not read the object is not told its ETag.
        let name = format!("{address}\n{version}\n{}", identity.len());
        let mut folder = String::new();
        for byte in &Sha256::digest(name.as_bytes())[..16] {
            let _ = write!(folder, "{byte:02x}");
        }
        Some(ObjectBlocks {
            cache: self.clone(),
            folder,
            len: identity.len(),
        })
    }

    /// Notes what was written, and makes room from time to time.
    fn note_written(&self, len: u64) {
        let between = (self.most / SHARE_BETWEEN_LOOKS).max(1);
        if self.written.fetch_add(len, Ordering::Relaxed) + len >= between {
            self.written.store(0, Ordering::Relaxed);
            // It is tried again.
            let _ = evict(&self.folder, self.most - between.min(self.most));
        }
    }
}

/// Blocks of an object.
#[derive(Debug, Clone)]
pub(crate) struct ObjectBlocks {
    cache: BlockCache,
    /// Name of its folder.
    folder: String,
    len: u64,
}

impl ObjectBlocks {
    /// The numbers of the blocks that a range needs.
    pub(crate) fn numbers(range: &Range<u64>) -> Range<u64> {
        match range.is_empty() {
            true => 0..0,
            false => range.start / BLOCK_LEN..range.end.div_ceil(BLOCK_LEN),
        }
    }

    /// Where a block lies in the object.
    pub(crate) fn place(&self, number: u64) -> Range<u64> {
        let start = number.saturating_mul(BLOCK_LEN);
        start..self.len.min(start.saturating_add(BLOCK_LEN))
    }

    /// A block, if it is here and what it was.
    pub(crate) fn get(&self, number: u64) -> Option<Bytes> {
        let name = self.name(number);
        let mut file = File::open(self.cache.folder.join(&name)).ok()?;
        let place = self.place(number);
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        let block = block::decode(name.as_bytes(), bytes.into(), (place.end - place.start) as usize)?;
        // By this its use is known. A folder that is not ours to write to can be read all the same.
        let _ = file.set_modified(SystemTime::now());
        Some(block)
    }

    /// Keeps the whole blocks of what was read. What cannot be kept is read again another time.
    pub(crate) fn keep(&self, range: &Range<u64>, bytes: &Bytes) {
        for number in Self::numbers(range) {
            let place = self.place(number);
            if range.start <= place.start && place.end <= range.end {
                let start = (place.start - range.start) as usize;
                let end = (place.end - range.start) as usize;
                let _ = self.put(number, &bytes[start..end]);
            }
        }
    }

    fn put(&self, number: u64, bytes: &[u8]) -> io::Result<()> {
        let name = self.name(number);
        let folder = self.cache.folder.join(&self.folder);
        fs::create_dir_all(&folder)?;
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&folder)?;
        let content = block::encode(name.as_bytes(), bytes);
        file.write_all(&content)?;
        file.persist(self.cache.folder.join(&name))
            .map_err(|error| error.error)?;
        self.cache.note_written(content.len() as u64);
        Ok(())
    }

    fn name(&self, number: u64) -> String {
        let name: &Path = Path::new(&self.folder);
        name.join(format!("{number:x}")).to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn blocks(cache: &BlockCache, e_tag: &str, len: u64) -> ObjectBlocks {
        let address = Address::parse("https://host.org/x.agc?sig=1").unwrap();
        cache
            .of_object(&address, &Identity::of_test(len, Some(e_tag)))
            .unwrap()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for object in fs::read_dir(folder).unwrap() {
            files.extend(
                fs::read_dir(object.unwrap().path())
                    .unwrap()
                    .map(|file| file.unwrap().path()),
            );
        }
        files.sort();
        files
    }

    #[test]
    fn whole_blocks_are_kept_for_the_same_object_only() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BlockCache::open(folder.path(), 1 << 20).unwrap();
        let len = 3 * BLOCK_LEN + 10;
        let one = blocks(&cache, "one", len);
        let content: Bytes = (0..len).map(|i| i as u8).collect();
        // The first block is cut, the last one is short and whole.
        one.keep(&(1..len), &content.slice(1..));
        assert_eq!(one.get(0), None);
        for number in 1..4 {
            let place = one.place(number);
            assert_eq!(
                one.get(number).unwrap(),
                content.slice(place.start as usize..place.end as usize)
            );
        }
        assert_eq!(one.get(4), None);
        assert_eq!(blocks(&cache, "two", len).get(1), None);
        let again = BlockCache::open(folder.path(), 1 << 20).unwrap();
        assert!(blocks(&again, "one", len).get(1).is_some());
        // What is damaged is not taken.
        fs::write(&files(folder.path())[0], "half").unwrap();
        assert_eq!((1..4).filter(|number| one.get(*number).is_some()).count(), 2);
        let address = Address::parse("https://host.org/x.agc").unwrap();
        assert!(cache.of_object(&address, &Identity::of_test(len, None)).is_none());
    }

    #[test]
    fn what_was_not_used_for_longest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BlockCache::open(folder.path(), 100 * BLOCK_LEN).unwrap();
        let object = blocks(&cache, "one", 10 * BLOCK_LEN);
        object.keep(&(0..4 * BLOCK_LEN), &Bytes::from(vec![7; 4 * BLOCK_LEN as usize]));
        let now = SystemTime::now();
        for (number, age) in [(0, 30), (1, 50), (2, 40), (3, 20)] {
            let file = File::options()
                .append(true)
                .open(folder.path().join(object.name(number)))
                .unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        }
        assert!(object.get(1).is_some());
        let left = folder.path().join(&object.folder).join(format!("{UNFINISHED}x"));
        let unfinished = File::create(&left).unwrap();
        unfinished
            .set_modified(now - Duration::from_secs(10_000))
            .unwrap();
        BlockCache::open(folder.path(), 2 * BLOCK_LEN + 100).unwrap();
        let is_here: Vec<bool> = (0..4).map(|number| object.get(number).is_some()).collect();
        assert_eq!(is_here, [false, true, false, true]);
        assert!(!left.exists());
        // While it is written to, too.
        let cache = BlockCache::open(folder.path(), 3 * BLOCK_LEN).unwrap();
        let object = blocks(&cache, "one", 10 * BLOCK_LEN);
        object.keep(
            &(0..10 * BLOCK_LEN),
            &Bytes::from(vec![7; 10 * BLOCK_LEN as usize]),
        );
        let len: u64 = files(folder.path())
            .iter()
            .map(|file| file.metadata().unwrap().len())
            .sum();
        assert!(len <= 3 * BLOCK_LEN, "{len}");
    }
}
