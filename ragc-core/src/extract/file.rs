//! The file of an archive.

use std::fs::{self, File, FileType};
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::journal::{Window, open_window};

/// Opens a file that can be read at any place. What cannot is not opened: a pipe would wait for its writer.
pub(super) fn open_file(path: &Path) -> Result<Window> {
    let what = match fs::metadata(path) {
        Ok(found) if found.is_file() => {
            let file = File::open(path).and_then(|file| open_window(file, path));
            return file.map_err(|error| Error::io("cannot open", error));
        }
        Ok(found) if found.is_dir() => "a directory",
        Ok(found) if is_pipe(found.file_type()) => {
            "a pipe: archives are read from their end, so save it to a file first"
        }
        Ok(_) => "a device: archives are read from their end, so save it to a file first",
        Err(_) if is_url(path) => "a URL: download it first",
        Err(_) if path.as_os_str() == "-" => {
            "standard input: archives are read from their end, so save it to a file first"
        }
        Err(error) => return Err(Error::io("cannot open", error)),
    };
    Err(Error::new(ErrorKind::NotArchive(what.to_owned())))
}

#[cfg(unix)]
fn is_pipe(file: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&file)
}

/// Pipes have paths of their own there, and no metadata.
#[cfg(not(unix))]
fn is_pipe(_file: FileType) -> bool {
    false
}

fn is_url(path: &Path) -> bool {
    let scheme = path.to_str().and_then(|text| text.split_once(":/"));
    scheme.is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
