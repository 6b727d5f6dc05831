//! Names of the folders and files of a cache, by which they are told from those of others.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// The folder of all blocks, in the one that was named: that may be anybody's, and hold anything.
pub(super) const FOLDER: &str = "ragc-blocks";

/// How files begin that have not their name yet.
pub(super) const UNFINISHED: &str = "unfinished-";
/// Letters that [`tempfile`] puts behind it.
const UNFINISHED_LEN: usize = 6;

/// Letters of a folder of an object.
pub(super) const OBJECT_LEN: usize = 32;

/// The name of a block's file.
pub(super) fn of_block(number: u64) -> String {
    format!("{number:x}")
}

/// Whether a folder may be that of an object.
pub(super) fn is_object(name: &OsStr) -> bool {
    name.to_str()
        .is_some_and(|name| name.len() == OBJECT_LEN && name.bytes().all(is_digit))
}

/// Whether a file may be that of a block.
pub(super) fn is_block(name: &OsStr) -> bool {
    let number = name.to_str().and_then(|name| u64::from_str_radix(name, 16).ok());
    number.is_some_and(|number| name == of_block(number).as_str())
}

/// Whether a file may be one that has no name yet.
pub(super) fn is_unfinished(name: &OsStr) -> bool {
    let rest = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED));
    rest.is_some_and(|rest| {
        rest.len() == UNFINISHED_LEN && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Whether it is a folder, and no link to one.
pub(super) fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

/// Opens a file of this length, and nothing else: to open a pipe would be to wait for its other end.
pub(super) fn open_file(path: &Path, len: u64) -> io::Result<File> {
    let is_it = |found: &fs::Metadata| found.is_file() && found.len() == len;
    let refused = || io::Error::from(io::ErrorKind::InvalidData);
    if !is_it(&fs::symlink_metadata(path)?) {
        return Err(refused());
    }
    let file = File::open(path)?;
    match is_it(&file.metadata()?) {
        true => Ok(file),
        false => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_told_from_those_of_a_cache() {
        let object = "0123456789abcdef0123456789abcdef";
        assert!(is_object(object.as_ref()));
        for other in [
            &object[1..],
            "0123456789ABCDEF0123456789ABCDEF",
            "thesis",
            "",
            "..",
        ] {
            assert!(!is_object(other.as_ref()), "{other}");
        }
        for block in ["0", "1", "a0", "ffffffffffffffff"] {
            assert!(is_block(block.as_ref()), "{block}");
        }
        for other in [
            "",
            "00",
            "A",
            "+1",
            "10000000000000000",
            "data.fa",
            "unfinished-x",
        ] {
            assert!(!is_block(other.as_ref()), "{other}");
        }
        assert!(is_unfinished("unfinished-aB3dE9".as_ref()));
        for other in [
            "unfinished-",
            "unfinished-thesis.txt",
            "unfinished-aB3dE",
            "unfinished-aB3d.9",
        ] {
            assert!(!is_unfinished(other.as_ref()), "{other}");
        }
    }
}
