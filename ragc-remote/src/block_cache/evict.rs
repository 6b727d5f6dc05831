//! What goes when there are too many blocks: what was not used for longest.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::block_cache::names::{is_block, is_folder, is_object, is_unfinished};

/// Who writes a file takes no hour for it.
const UNFINISHED_TIME: Duration = Duration::from_secs(3600);

/// The file of a block, and when it was used.
struct BlockFile {
    used: SystemTime,
    len: u64,
    path: PathBuf,
}

/// Removes blocks, those first that were not used for longest, until what is left has no more than `most` bytes. What others remove
/// meanwhile is gone as well. What no cache makes, and whatever is behind a link, is neither counted nor removed.
pub(super) fn evict(folder: &Path, most: u64) -> io::Result<()> {
    let mut found = Vec::new();
    for object in objects_in(folder)? {
        // Another program may have removed it.
        let _ = list(&object, &mut found);
    }
    let mut len: u64 = found.iter().map(|file| file.len).sum();
    if len <= most {
        return Ok(());
    }
    found.sort_unstable_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
    for file in found {
        if len <= most {
            break;
        }
        let _ = fs::remove_file(&file.path);
        // Only one that is empty goes.
        let _ = file.path.parent().map(fs::remove_dir);
        len -= file.len;
    }
    Ok(())
}

fn objects_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.filter_map(Result::ok);
    Ok(entries
        .filter(|entry| is_object(&entry.file_name()))
        .map(|entry| entry.path())
        .filter(|path| is_folder(path))
        .collect())
}

/// Blocks in the folder of an object; what a crash has left unfinished goes.
fn list(object: &Path, found: &mut Vec<BlockFile>) -> io::Result<()> {
    for entry in fs::read_dir(object)?.filter_map(Result::ok) {
        // Of a link its own, so that it is no file.
        let Some(file) = entry.metadata().ok().filter(fs::Metadata::is_file) else {
            continue;
        };
        let used = file.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let is_old = used.elapsed().is_ok_and(|age| age > UNFINISHED_TIME);
        let name = entry.file_name();
        if is_unfinished(&name) && is_old {
            let _ = fs::remove_file(entry.path());
        } else if is_block(&name) {
            found.push(BlockFile {
                used,
                len: file.len(),
                path: entry.path(),
            });
        }
    }
    Ok(())
}
