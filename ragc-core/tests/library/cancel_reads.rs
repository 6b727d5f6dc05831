//! Runs that whoever watches them ends while they read or verify.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ragc_core::compress::{AppendOptions, CreateOptions, Input};
use ragc_core::observe::Observer;
use ragc_core::{Archive, ErrorKind};

use crate::deadline::in_time;

/// Ends the run when so many bytes have been read, or so many steps been verified.
#[derive(Default)]
struct EndsAt {
    limit: u64,
    n_seen: AtomicU64,
    was_asked: AtomicBool,
}

impl EndsAt {
    fn new(limit: u64) -> Arc<Self> {
        Arc::new(Self {
            limit,
            ..Self::default()
        })
    }
}

impl Observer for EndsAt {
    fn bytes_read(&self, n: u64) {
        self.n_seen.fetch_add(n, Ordering::Relaxed);
    }

    fn verified(&self, n_steps: u64) {
        self.n_seen.fetch_add(n_steps, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.was_asked.store(true, Ordering::Relaxed);
        self.n_seen.load(Ordering::Relaxed) >= self.limit
    }
}

/// A genome of some hundred kilobases, so that it is read in several pieces.
fn genome() -> Vec<u8> {
    let mut state = 1_u64;
    let mut text = b">a\n".to_vec();
    for _ in 0..400_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        text.push(b"ACGT"[(state >> 62) as usize]);
    }
    text.push(b'\n');
    text
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn create_ends_at_its_next_read_and_says_so() {
    in_time("the run ends", || {
        for text in [genome(), gzipped(&genome())] {
            for limit in [0, 1] {
                let inputs = [Input::bytes("a", text.clone())];
                let observer = EndsAt::new(limit);
                let error = CreateOptions::default()
                    .create(&inputs, Vec::new(), observer.clone())
                    .unwrap_err();
                assert_eq!(*error.kind(), ErrorKind::Cancelled, "{error}");
                assert_eq!(error.kind().code(), "cancelled");
                assert!(observer.was_asked.load(Ordering::Relaxed));
            }
        }
    });
}

#[test]
fn a_plan_of_sync_ends() {
    in_time("the run ends", || {
        let observer: Arc<dyn Observer> = EndsAt::new(0);
        let inputs = [Input::bytes("a", genome())];
        let mut archive = Vec::new();
        let silent = Arc::new(ragc_core::observe::Silent);
        CreateOptions::default()
            .create(&inputs, &mut archive, silent)
            .unwrap();
        let archive = Archive::from_reader(archive).unwrap();
        let error = AppendOptions::default()
            .plan_sync(Some(&archive), &inputs, false, &observer)
            .unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Cancelled, "{error}");
    });
}

#[test]
fn a_verification_that_was_ended_says_nothing_of_the_archive() {
    in_time("the run ends", || {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../data/golden/archives/v3_default.agc"
        );
        for limit in [0, 2, u64::MAX] {
            let archive = Archive::open(path).unwrap();
            let observer = EndsAt::new(limit);
            let report = archive.verify(2, &*observer);
            assert_eq!(report.is_cancelled, limit < u64::MAX);
            assert_eq!(report.is_intact(), limit == u64::MAX);
            assert!(observer.was_asked.load(Ordering::Relaxed));
        }
    });
}
