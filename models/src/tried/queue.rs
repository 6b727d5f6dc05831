//! The channel whose capacity is counted in bytes.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::queue::{Disconnected, bounded};
use crate::sync::thread;

/// Two senders, whose items are in their order, and a third item that is larger than the whole channel.
pub fn items_arrive_and_the_end_is_seen() {
    let (sender, receiver) = bounded(3);
    let other = sender.clone();
    let mut received = Vec::new();
    thread::scope(|scope| {
        scope.spawn(move || (0..3).try_for_each(|item| sender.send(item, 2)).unwrap());
        scope.spawn(move || (10..13).try_for_each(|item| other.send(item, item - 7)).unwrap());
        while let Ok(item) = receiver.recv() {
            received.push(item);
        }
    });
    let (ones, tens): (Vec<usize>, Vec<usize>) = received.into_iter().partition(|item| *item < 10);
    assert_eq!((&ones[..], &tens[..]), (&[0, 1, 2][..], &[10, 11, 12][..]));
}

/// No more is on its way than the channel may hold.
pub fn a_full_channel_holds_the_sender_back() {
    const CAPACITY: usize = 2;
    let (sender, receiver) = bounded(CAPACITY);
    let n_asked = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let sender = sender;
            for n_sent in 1..=5 {
                sender.send(n_sent, 1).unwrap();
                assert!(n_sent <= n_asked.load(Ordering::SeqCst) + CAPACITY);
            }
        });
        for item in 1..=5 {
            n_asked.fetch_add(1, Ordering::SeqCst);
            assert_eq!(receiver.recv(), Ok(item));
        }
        assert_eq!(receiver.recv(), Err(Disconnected));
    });
}

/// Senders that wait learn that nobody will receive any more.
pub fn waiting_senders_learn_that_the_receiver_is_gone() {
    let (sender, receiver) = bounded(1);
    thread::scope(|scope| {
        for _ in 0..3 {
            let sender = sender.clone();
            scope.spawn(move || while sender.send((), 1).is_ok() {});
        }
        receiver.recv().unwrap();
        drop(receiver);
    });
    assert_eq!(sender.send((), 1), Err(Disconnected));
}
