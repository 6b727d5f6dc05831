//! The folder of blocks, and the blocks of an object.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;

use crate::address::Address;
use crate::block_cache::evict::evict;
use crate::block_cache::names::{self, FOLDER, UNFINISHED};
use crate::block_cache::{block, key};
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Identity;
use crate::store::place_of;

/// A file that marks a folder as one that can be made again (bford.info/cachedir), so that backups leave it out.
const TAG: (&str, &str) = (
    "CACHEDIR.TAG",
    "Signature: 8a477f597d28d172789f06886806bc55\n# Blocks of objects on servers, which ragc keeps (--cache-dir).\n",
);

/// Bytes of an object in a block. A region of a genome takes some of them (docs/measurements.md, "From a bucket"); smaller ones are more files for as many bytes.
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
    /// Opens a folder, which is made if it is not there. What was not used for longest goes, so that files take no more than about `most` bytes. They are in a
    /// folder `ragc-blocks` in it, and nothing else is touched.
    ///
    /// # Errors
    /// `System` when there cannot be such a folder.
    pub fn open(folder: impl Into<PathBuf>, most: u64) -> Result<Self> {
        let given = folder.into();
        let opened = folder_in(&given).and_then(|folder| evict(&folder, most).map(|()| folder));
        let folder = opened.map_err(|error| {
            let why = format!("cannot keep blocks in {}: {error}", given.display());
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
        let place = place_of(address).ok()?;
        Some(ObjectBlocks {
            cache: self.clone(),
            folder: key::of_object(address, &place, identity)?,
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

/// The folder of blocks in one that was named.
fn folder_in(given: &Path) -> io::Result<PathBuf> {
    let folder = given.join(FOLDER);
    fs::create_dir_all(&folder)?;
    if !names::is_folder(&folder) {
        return Err(io::Error::other(format!(
            "{FOLDER} in it is no folder, but a link"
        )));
    }
    // What is there stays; a folder that is not ours to write to can be read all the same.
    let tag = File::options()
        .write(true)
        .create_new(true)
        .open(folder.join(TAG.0));
    let _ = tag.and_then(|mut tag| tag.write_all(TAG.1.as_bytes()));
    Ok(folder)
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
        let place = self.place(number);
        let len = place.end.checked_sub(place.start)?;
        if !names::is_folder(&self.folder()) {
            return None;
        }
        let name = self.name(number);
        let file = names::open_file(&self.cache.folder.join(&name), block::file_len(len)).ok()?;
        let mut bytes = Vec::new();
        // It may grow meanwhile.
        (&file)
            .take(block::file_len(len) + 1)
            .read_to_end(&mut bytes)
            .ok()?;
        let block = block::decode(name.as_bytes(), bytes.into(), len as usize)?;
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

    /// Removes the blocks of a range that is not what was written: it was damaged on its way here.
    pub(crate) fn forget(&self, range: &Range<u64>) {
        for number in Self::numbers(range) {
            if names::is_folder(&self.folder()) {
                let _ = fs::remove_file(self.cache.folder.join(self.name(number)));
            }
        }
    }

    fn put(&self, number: u64, bytes: &[u8]) -> io::Result<()> {
        let name = self.name(number);
        let folder = self.folder();
        fs::create_dir_all(&folder)?;
        if !names::is_folder(&folder) {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&folder)?;
        let content = block::encode(name.as_bytes(), bytes);
        file.write_all(&content)?;
        file.persist(self.cache.folder.join(&name))
            .map_err(|error| error.error)?;
        self.cache.note_written(content.len() as u64);
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        self.cache.folder.join(&self.folder)
    }

    fn name(&self, number: u64) -> String {
        let name: &Path = Path::new(&self.folder);
        name.join(names::of_block(number)).to_string_lossy().into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::{RunInTime, in_time};
    use std::time::Duration;

    fn blocks(cache: &BlockCache, e_tag: &str, len: u64) -> ObjectBlocks {
        let address = Address::parse("https://host.org/x.agc?sig=1").unwrap();
        cache
            .of_object(&address, &Identity::of_test(len, Some(e_tag)))
            .unwrap()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let objects = fs::read_dir(folder.join(FOLDER)).unwrap();
        let objects = objects.map(|object| object.unwrap().path());
        for object in objects.filter(|object| object.is_dir()) {
            let found = fs::read_dir(object).unwrap();
            files.extend(found.map(|file| file.unwrap().path()));
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
                .open(folder.path().join(FOLDER).join(object.name(number)))
                .unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        }
        assert!(object.get(1).is_some());
        let left = object.folder().join(format!("{UNFINISHED}aB3dE9"));
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

    /// All files below a folder, without what links lead to, and what is in them.
    fn all_below(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => {
                    all.push((entry.path(), None));
                    all.extend(all_below(&entry.path()));
                }
                kind if kind.is_file() => all.push((entry.path(), Some(fs::read(entry.path()).unwrap()))),
                _ => all.push((entry.path(), None)),
            }
        }
        all.sort();
        all
    }

    #[test]
    fn nothing_of_others_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let others = folder.path().join("others");
        let named_like_ours = "0123456789abcdef0123456789abcdef";
        let own = folder.path().join("cache");
        let object = own.join(FOLDER).join("00".repeat(16));
        for place in [
            others.clone(),
            own.join("project"),
            own.join(named_like_ours),
            own.join(FOLDER).join("project"),
            own.join(FOLDER).join("empty"),
            object.clone(),
        ] {
            fs::create_dir_all(&place).unwrap();
            if place.ends_with("empty") {
                continue;
            }
            for name in ["thesis.txt", "00", "unfinished-thesis.txt"] {
                fs::write(place.join(name), vec![1; 1000]).unwrap();
            }
            if place != object {
                for name in ["0", "unfinished-aB3dE9"] {
                    fs::write(place.join(name), vec![1; 1000]).unwrap();
                }
            }
        }
        #[cfg(unix)]
        {
            let linked = own.join(FOLDER).join("11".repeat(16));
            std::os::unix::fs::symlink(&others, linked).unwrap();
            std::os::unix::fs::symlink(others.join("0"), object.join("1")).unwrap();
        }
        fs::create_dir(object.join("2")).unwrap();
        let age = SystemTime::now() - Duration::from_secs(10_000);
        let before = all_below(folder.path());
        for (path, content) in &before {
            if content.is_some() {
                File::options()
                    .append(true)
                    .open(path)
                    .unwrap()
                    .set_modified(age)
                    .unwrap();
            }
        }
        fs::write(object.join("3"), "a block").unwrap();
        BlockCache::open(&own, 1).unwrap();
        assert!(!object.join("3").exists());
        let mut after = all_below(folder.path());
        after.retain(|(path, _)| !path.ends_with(TAG.0));
        assert_eq!(after, before);
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_of_a_block_is_read_anew_and_nothing_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let cache = BlockCache::open(folder.path(), 1 << 30).unwrap();
        let object = blocks(&cache, "one", 4 * BLOCK_LEN);
        let content = Bytes::from(vec![7; 4 * BLOCK_LEN as usize]);
        object.keep(&(0..4 * BLOCK_LEN), &content);
        let path = |number| cache.folder.join(object.name(number));
        let whole = fs::read(path(0)).unwrap();
        for number in 0..4 {
            fs::remove_file(path(number)).unwrap();
        }
        let made = std::process::Command::new("mkfifo").arg(path(0)).status_in_time();
        assert!(made.success());
        fs::create_dir(path(1)).unwrap();
        fs::write(folder.path().join("file"), &whole).unwrap();
        std::os::unix::fs::symlink(folder.path().join("file"), path(2)).unwrap();
        // Longer than any memory, if it were read.
        File::create(path(3)).unwrap().set_len(1 << 40).unwrap();
        let reader = object.clone();
        let is_none = move |number| reader.get(number).is_none();
        assert!(in_time("nothing is waited for", move || (0..4).all(is_none)));
        // A folder that is a link is not followed, for writing neither.
        let elsewhere = tempfile::tempdir().unwrap();
        fs::remove_dir_all(object.folder()).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), object.folder()).unwrap();
        object.keep(&(0..4 * BLOCK_LEN), &content);
        assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        let linked = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), linked.path().join(FOLDER)).unwrap();
        assert!(BlockCache::open(linked.path(), 1).is_err());
    }
}
