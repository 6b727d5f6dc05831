//! Work that is no longer wanted ends soon, and says so.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ragc_core::compress::{AppendOptions, CreateOptions, Input, InputRules};
use ragc_core::internals::inputs::sift;
use ragc_core::observe::Observer;
use ragc_core::{Archive, ErrorKind};

use crate::deadline::in_time;

/// Wants the work until it has heard so many events.
struct Patience(AtomicU64);

impl Patience {
    fn of(n_events: u64) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(n_events)))
    }

    fn hear(&self) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    }
}

impl Observer for Patience {
    fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    fn bytes_read(&self, _n: u64) {
        self.hear();
    }

    fn round_placed(&self) {
        self.hear();
    }

    fn packs_closed(&self, _n_bytes: u64) {
        self.hear();
    }

    fn verified(&self, _n_steps: u64) {
        self.hear();
    }
}

/// Samples of one contig that all differ a little.
fn inputs() -> Vec<Input> {
    let text = |sample: usize| {
        let bases = (0..4_000usize).map(|i| b"ACGT"[(i * i / 7 + i / (90 + sample)) % 4]);
        [b">c\n".to_vec(), bases.collect(), b"\n".to_vec()].concat()
    };
    (0..6)
        .map(|sample| Input::bytes(format!("s{sample}"), text(sample)))
        .collect()
}

fn archive() -> Archive {
    let mut bytes = Vec::new();
    let inputs = &inputs()[..2];
    CreateOptions::default()
        .create(inputs, &mut bytes, Patience::of(u64::MAX))
        .unwrap();
    Archive::from_reader(bytes).unwrap()
}

#[test]
fn a_run_is_cancelled_at_whatever_event() {
    in_time("the run ends", || {
        let old = archive();
        let mut n_cancelled = [0, 0];
        // Until it has heard everything before the patience ends.
        for n_events in (0..).step_by(3) {
            let created = CreateOptions::default().create(&inputs(), io::sink(), Patience::of(n_events));
            let options = AppendOptions::default();
            let appended = options.append(&old, &inputs()[2..], io::sink(), Patience::of(n_events));
            let results = [created, appended];
            for (n, result) in n_cancelled.iter_mut().zip(&results) {
                if let Err(error) = result {
                    assert_eq!(*error.kind(), ErrorKind::Cancelled, "{error}");
                    *n += 1;
                }
            }
            if results.iter().all(Result::is_ok) {
                break;
            }
        }
        assert!(n_cancelled.iter().all(|n| *n > 2), "{n_cancelled:?}");
    });
}

#[test]
fn inputs_are_not_called_bad_because_nobody_wants_them() {
    in_time("the run ends", || {
        for n_events in [0, 3] {
            let error = sift(&inputs(), InputRules::default(), None, 2, Patience::of(n_events));
            assert_eq!(*error.unwrap_err().kind(), ErrorKind::Cancelled);
        }
    });
}

#[test]
fn a_verification_that_was_cancelled_does_not_call_an_archive_intact() {
    in_time("the run ends", || {
        let archive = archive();
        assert!(archive.verify(2, &*Patience::of(1000)).is_intact());
        for n_events in [0, 1] {
            let report = archive.verify(2, &*Patience::of(n_events));
            assert!(report.is_cancelled && !report.is_intact());
        }
    });
}

#[test]
fn an_input_without_end_is_left() {
    in_time("the run ends", || {
        let endless = io::Read::chain(&b">c\n"[..], io::repeat(b'A'));
        let more = [inputs().remove(0), Input::reader("endless", endless)];
        let error = CreateOptions::default()
            .create(&more, io::sink(), Patience::of(50))
            .unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Cancelled);
    });
}
