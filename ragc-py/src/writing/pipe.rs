//! Files that are read, also such as are pipes: what these give may come late, or never, and who waits for it hears that the run is to end.

use std::path::PathBuf;
use std::sync::Arc;

use ragc_core::fasta::Source;

use crate::watched::Watch;

/// What a path leads to.
#[cfg(target_os = "linux")]
pub(super) fn source(path: PathBuf, watch: &Arc<Watch>) -> Source {
    use std::os::unix::fs::FileTypeExt;

    let is_pipe = std::fs::metadata(&path).is_ok_and(|metadata| metadata.file_type().is_fifo());
    if !is_pipe {
        return Source::file(path);
    }
    let (name, watch) = (path.clone(), Arc::clone(watch));
    Source::reopened(path, name.clone(), move || {
        Ok(Box::new(patient::Pipe::open(&name, &watch)?) as _)
    })
}

/// What a path leads to. Other systems do not tell whether a pipe has ended or nobody has begun to write to it.
#[cfg(not(target_os = "linux"))]
pub(super) fn source(path: PathBuf, _watch: &Arc<Watch>) -> Source {
    Source::file(path)
}

#[cfg(target_os = "linux")]
mod patient {
    use std::fs::File;
    use std::io::{self, Read};
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::Path;
    use std::sync::Arc;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::OFlags;

    use crate::watched::{TICK, Watch};

    /// A pipe that is open for reading, whether or not somebody writes to it.
    pub(super) struct Pipe {
        file: File,
        watch: Arc<Watch>,
    }

    impl Pipe {
        /// Does not wait for who writes: reading does.
        pub(super) fn open(path: &Path, watch: &Arc<Watch>) -> io::Result<Self> {
            let at_once = OFlags::NONBLOCK.bits().cast_signed();
            let file = File::options().read(true).custom_flags(at_once).open(path)?;
            let watch = Arc::clone(watch);
            Ok(Self { file, watch })
        }
    }

    impl Read for Pipe {
        /// Until somebody has written to it and gone, nothing is not the end.
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let tick = Timespec::try_from(TICK).map_err(io::Error::other)?;
            loop {
                self.watch.check()?;
                let mut waited = [PollFd::new(&self.file, PollFlags::IN)];
                if poll(&mut waited, Some(&tick))? == 0 {
                    continue;
                }
                match self.file.read(buffer) {
                    // Another one has been faster.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    read => return read,
                }
            }
        }
    }
}
