//! How a stage ends whose work is not done.

use crate::error::{Error, ErrorKind};
use crate::queue::Disconnected;
use crossbeam_channel as channel;
use std::path::Path;

/// Why a stage ends early. Only those who join all stages make an error of it, by [`reason`].
#[derive(Debug)]
pub(super) enum Ended {
    /// It knows why.
    Failed(Error),
    /// A neighbour is gone: nobody takes what it sends, or sends what it takes. The neighbour knows why, or has enough.
    CutOff,
}

impl Ended {
    /// Adds the file to an error that names none.
    pub(super) fn in_file(self, path: &Path) -> Self {
        match self {
            Self::Failed(error) => Self::Failed(error.in_file(path)),
            Self::CutOff => Self::CutOff,
        }
    }

    fn error(self) -> Option<Error> {
        match self {
            Self::Failed(error) => Some(error),
            Self::CutOff => None,
        }
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Disconnected> for Ended {
    fn from(_: Disconnected) -> Self {
        Self::CutOff
    }
}

impl From<channel::RecvError> for Ended {
    fn from(_: channel::RecvError) -> Self {
        Self::CutOff
    }
}

impl<T> From<channel::SendError<T>> for Ended {
    fn from(_: channel::SendError<T>) -> Self {
        Self::CutOff
    }
}

/// The error that tells most: a stage that failed knows why, of a thread that was lost nobody does.
pub(super) fn reason(ends: impl IntoIterator<Item = Ended>) -> Error {
    ends.into_iter()
        .filter_map(Ended::error)
        .min_by_key(|error| *error.kind() == ErrorKind::WorkerLost)
        .unwrap_or_else(|| {
            Error::new(ErrorKind::Internal(
                "all stages were cut off, and none of them failed",
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_off() -> Ended {
        Ended::CutOff
    }

    fn lost() -> Ended {
        Error::new(ErrorKind::WorkerLost).into()
    }

    fn full() -> Ended {
        Error::bad_input("made for a test").into()
    }

    /// What is told where stages end so, in any order.
    fn told(ends: [fn() -> Ended; 3]) -> ErrorKind {
        let orders = [[0, 1, 2], [2, 0, 1], [1, 2, 0]].map(|order| order.map(|place| ends[place]()));
        let kinds = orders.map(|ends| reason(ends).kind().clone());
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{kinds:?}");
        kinds[0].clone()
    }

    #[test]
    fn a_reason_is_heard_before_a_lost_thread_and_who_is_cut_off_is_never_heard() {
        assert_eq!(
            told([cut_off, lost, full]),
            ErrorKind::BadInput("made for a test".into())
        );
        assert_eq!(
            told([cut_off, cut_off, full]),
            ErrorKind::BadInput("made for a test".into())
        );
        assert_eq!(told([cut_off, lost, cut_off]), ErrorKind::WorkerLost);
        // That cannot be, and is no lost thread.
        assert!(matches!(told([cut_off; 3]), ErrorKind::Internal(_)));
    }

    #[test]
    fn only_errors_have_a_file() {
        let Ended::Failed(error) = full().in_file(Path::new("a.fa")) else {
            panic!("it failed");
        };
        assert_eq!(error.location().path.as_deref(), Some(Path::new("a.fa")));
        assert!(matches!(cut_off().in_file(Path::new("a.fa")), Ended::CutOff));
    }
}
