//! What leads to servers, which one of the programs has.

use std::fmt::Debug;
use std::io::{self, Write};
use std::sync::OnceLock;

use ragc_core::ReadAt;
use ragc_core::fasta::Source;

use crate::remote::CacheFolder;
use crate::remote::handing_over::{check_caller, hand_over, other_program};

/// Opens what is on servers. URLs come as the user has written them; no error holds one.
pub trait Servers: Sync {
    /// What may be told of a URL: nothing that may be a password, no query.
    fn printable(&self, url: &str) -> String;

    /// Opens an archive, of which the folder keeps what is read.
    ///
    /// # Errors
    /// When the URL, the server, or the folder will not do.
    fn archive(&self, url: &str, cache: Option<&CacheFolder>) -> io::Result<Box<dyn ReadAt>>;

    /// A FASTA file, which is opened when its turn comes.
    ///
    /// # Errors
    /// When the URL will not do, which is told with what may be told of it.
    fn fasta(&self, url: &str) -> anyhow::Result<Source>;

    /// Whether there is an object of this name in its bucket.
    ///
    /// # Errors
    /// When the URL or the server will not do.
    fn has_object(&self, url: &str) -> io::Result<bool>;

    /// Begins an object in a bucket. If it `replaces` nothing, another one of this name is an error.
    ///
    /// # Errors
    /// When the URL or the server will not do.
    fn create(&self, url: &str, replaces: bool) -> io::Result<Box<dyn ObjectInMaking>>;

    /// Gives up all objects that are not finished, before the program ends.
    fn give_up(&self);
}

/// An object that is written to a bucket. Dropped before it is finished it leaves nothing behind.
pub trait ObjectInMaking: Write + Debug + Send {
    /// Sends what is left, and gives it its name.
    ///
    /// # Errors
    /// When the server refuses it.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Those that this program has, if it has some.
static SERVERS: OnceLock<&'static dyn Servers> = OnceLock::new();

/// From here on this program has these.
///
/// # Errors
/// When a program of another version has handed over to this one.
pub(crate) fn begin(servers: Option<&'static dyn Servers>) -> io::Result<()> {
    let Some(servers) = servers else {
        return Ok(());
    };
    SERVERS.get_or_init(|| servers);
    check_caller()
}

/// Those that this program has.
pub(super) fn own_servers() -> Option<&'static dyn Servers> {
    SERVERS.get().copied()
}

/// The servers. Another program takes the place of one that has none, so this is called before anything is locked, written or read from standard
/// input: it does not come back then.
///
/// # Errors
/// When there is no such program.
pub(crate) fn servers() -> io::Result<&'static dyn Servers> {
    own_servers().ok_or_else(hand_over)
}

/// Whether there are servers, in this program or in another one.
pub(super) fn are_at_hand() -> bool {
    own_servers().is_some() || other_program().is_some()
}

/// Gives up all objects that are not finished, before the program ends.
pub(crate) fn give_up() {
    if let Some(servers) = own_servers() {
        servers.give_up();
    }
}
