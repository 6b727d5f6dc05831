//! What can go wrong with objects on servers, told without what must not be printed.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::iter;

use object_store::client::{HttpError, HttpErrorKind};

/// Result of what is done with objects.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an object cannot be read or written. The text has one line, and neither credentials nor queries of URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
}

/// Kinds of [`Error`].
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is no URL of an object, for this reason.
    BadUrl(String),
    /// The settings of the environment do not do, for this reason.
    BadSettings(String),
    /// There is no such object; what the server said.
    NotFound(String),
    /// The server does not give it to this user; what it said.
    Denied(String),
    /// There are no credentials, and the machine has none to ask for.
    NoCredentials,
    /// The server gives no parts of objects.
    NoRanges,
    /// The object is not the one that was opened any more.
    Changed,
    /// There is such an object, and it was not to be replaced.
    Exists,
    /// No connection to the server, for this reason.
    Unreachable(String),
    /// The server did not answer in time.
    TimedOut,
    /// The connection ended, or gave something else than was asked for.
    Broken(String),
    /// Any other answer; what the server said.
    Refused(String),
    /// The machine gives no threads or no memory, for this reason.
    System(String),
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadUrl(why) => write!(f, "not a URL that will do: {why}"),
            Self::BadSettings(why) => write!(f, "the settings for it do not do: {why}"),
            Self::NotFound(said) => write!(f, "there is no such object ({said})"),
            Self::Denied(said) => write!(f, "the server refuses it to this user ({said})"),
            Self::NoCredentials => f.write_str(
                "no credentials: for S3 set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for a public bucket; for Google GOOGLE_SERVICE_ACCOUNT, or GOOGLE_SKIP_SIGNATURE=true; for Azure AZURE_STORAGE_ACCOUNT_KEY, or AZURE_SKIP_SIGNATURE=true",
            ),
            Self::NoRanges => f.write_str("the server gives no parts of files (range requests): download it first"),
            Self::Changed => f.write_str("it has changed since it was opened"),
            Self::Exists => f.write_str("it exists already"),
            Self::Unreachable(why) => write!(f, "cannot connect: {why}"),
            Self::TimedOut => f.write_str("the server does not answer in time"),
            Self::Broken(why) => write!(f, "the answer is incomplete: {why}"),
            Self::Refused(said) => write!(f, "the server answers {said}"),
            Self::System(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl StdError for Error {}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self { kind }
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    fn io_kind(&self) -> io::ErrorKind {
        match self.kind {
            ErrorKind::BadUrl(_) | ErrorKind::BadSettings(_) => io::ErrorKind::InvalidInput,
            ErrorKind::NotFound(_) => io::ErrorKind::NotFound,
            ErrorKind::Denied(_) | ErrorKind::NoCredentials => io::ErrorKind::PermissionDenied,
            ErrorKind::NoRanges => io::ErrorKind::Unsupported,
            ErrorKind::Exists => io::ErrorKind::AlreadyExists,
            ErrorKind::TimedOut => io::ErrorKind::TimedOut,
            _ => io::ErrorKind::Other,
        }
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::new(error.io_kind(), error)
    }
}

impl From<Error> for ragc_core::Error {
    fn from(error: Error) -> Self {
        Self::new(ragc_core::ErrorKind::Io(error.to_string()))
    }
}

/// What of these a service for the credentials of machines is addressed by: nothing else than missing credentials leads there.
const METADATA_SERVICES: [&str; 4] = [
    "169.254.169.254",
    "169.254.170.2",
    "metadata.google.internal",
    "/latest/api/token",
];

/// What the client says of a URL without encryption that settings have named.
const NOT_ENCRYPTED: &str = "URL scheme is not allowed";

/// What the client says of an answer without a length.
const NO_LENGTH: &str = "Content-Length Header missing";

/// Whether an answer was refused only because it tells no length.
pub(crate) fn is_without_length(error: &object_store::Error) -> bool {
    causes(error).any(|cause| cause.to_string().contains(NO_LENGTH))
}

/// An error and what has caused it, the innermost last.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |cause| (*cause).source())
}

/// The innermost error of the crate: where the rest of an answer that broke off was refused, that has a kind, and the one around it has none.
fn of_last_request(error: &object_store::Error) -> &object_store::Error {
    let errors = causes(error).filter_map(|cause| cause.downcast_ref());
    errors.last().unwrap_or(error)
}

/// What the innermost cause says, without the URLs in it.
fn said_innermost(error: &(dyn StdError + 'static)) -> String {
    let innermost = causes(error).last();
    innermost
        .map(|cause| without_url(&cause.to_string()))
        .unwrap_or_default()
}

/// Errors of a plain request print URLs, as those of the crate.
impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::new(match error.status() {
            Some(status) => ErrorKind::Refused(status.to_string()),
            None if error.is_timeout() => ErrorKind::TimedOut,
            None if error.is_connect() => ErrorKind::Unreachable(said_innermost(&error)),
            None => ErrorKind::Broken(said_innermost(&error)),
        })
    }
}

/// Errors of the crate print URLs, and bodies of answers. So what is needed of them is picked out, and nothing else printed.
impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        let text = error.to_string();
        if METADATA_SERVICES.iter().any(|service| text.contains(service)) {
            return Self::new(ErrorKind::NoCredentials);
        }
        if let Some(ours) = causes(&error).find_map(|cause| cause.downcast_ref::<Self>()) {
            return ours.clone();
        }
        let innermost = said_innermost(&error);
        if innermost.contains(NOT_ENCRYPTED) {
            let why = "they name a server by http://, which AWS_ALLOW_HTTP=true allows (of Azure AZURE_ALLOW_HTTP, of Google GOOGLE_ALLOW_HTTP)";
            return Self::new(ErrorKind::BadSettings(why.to_owned()));
        }
        if innermost.contains(NO_LENGTH) {
            let why = "the server does not tell how long it is: download it first";
            return Self::new(ErrorKind::Broken(why.to_owned()));
        }
        let said = said(&text);
        Self::new(match (of_last_request(&error), said) {
            (object_store::Error::NotFound { .. }, said) => {
                ErrorKind::NotFound(said.unwrap_or_else(|| "not found".to_owned()))
            }
            (
                object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. },
                said,
            ) => ErrorKind::Denied(said.unwrap_or_else(|| "access denied".to_owned())),
            (object_store::Error::NotSupported { .. }, None) => ErrorKind::NoRanges,
            (object_store::Error::Precondition { .. }, _) => ErrorKind::Changed,
            (object_store::Error::AlreadyExists { .. }, _) => ErrorKind::Exists,
            (_, Some(said)) => ErrorKind::Refused(said),
            _ if text.contains("Received non-partial response") => ErrorKind::NoRanges,
            _ => match causes(&error).find_map(|cause| cause.downcast_ref::<HttpError>()) {
                Some(http) => match http.kind() {
                    HttpErrorKind::Timeout => ErrorKind::TimedOut,
                    HttpErrorKind::Connect => ErrorKind::Unreachable(innermost),
                    _ => ErrorKind::Broken(innermost),
                },
                None => ErrorKind::Broken(innermost),
            },
        })
    }
}

impl Error {
    /// One of settings, before anything was asked for.
    pub(crate) fn of_settings(error: object_store::Error) -> Self {
        match Self::from(error).kind {
            ErrorKind::Broken(why) => Self::new(ErrorKind::BadSettings(why)),
            kind => Self::new(kind),
        }
    }
}

/// The status of an answer, and the word for it of those servers that have one: `403 Forbidden, SignatureDoesNotMatch`.
fn said(text: &str) -> Option<String> {
    const BEFORE_STATUS: &str = "status code: ";
    let status = text.split(BEFORE_STATUS).nth(1)?;
    let status = status.split([':', '\n', '<']).next()?.trim();
    let word = text
        .split("<Code>")
        .nth(1)
        .and_then(|rest| rest.split("</Code>").next());
    let word = word.filter(|word| word.len() < 64 && word.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    Some(match word {
        Some(word) => format!("{status}, {word}"),
        None => status.to_owned(),
    })
}

/// A text of one line, up to a URL in it.
fn without_url(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.find("://") {
        Some(end) => {
            let start = line[..end]
                .rfind(|c: char| !c.is_ascii_alphanumeric())
                .map_or(0, |place| place + 1);
            format!("{}a URL", &line[..start])
        }
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_the_status_and_the_word_are_told() {
        let text = "Error performing GET http://h/k?sig=1 - Server returned non-2xx status code: 403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>";
        assert_eq!(said(text).unwrap(), "403 Forbidden, SignatureDoesNotMatch");
        assert_eq!(
            said("x status code: 503 Service Unavailable: <html>").unwrap(),
            "503 Service Unavailable"
        );
        assert_eq!(said("nothing of the kind"), None);
        assert_eq!(
            without_url("cannot parse http://u:p@h/x now\nmore"),
            "cannot parse a URL"
        );
    }
}
