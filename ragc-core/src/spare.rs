//! Memory of our own for what is small and must not fail: nobody can take it but who is given it here.
//!
//! It is in slots, and an allocation has neighbouring ones, whose number its layout tells. Taking and giving back change a word of marks at
//! once, so any threads may do so at any time, and neither takes memory.

use std::alloc::Layout;
use std::cell::UnsafeCell;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a slot, to a multiple of which its address is aligned.
const SLOT: usize = 256;
const SLOTS_PER_WORD: usize = u64::BITS as usize;
const N_WORDS: usize = 16;
const LEN: usize = SLOT * SLOTS_PER_WORD * N_WORDS;

#[repr(align(256))]
struct Area(UnsafeCell<[u8; LEN]>);

const _: () = assert!(align_of::<Area>() == SLOT);

/// A quarter of a megabyte; what was never used is addresses only.
pub(crate) struct Spare {
    area: Area,
    /// A mark for each slot that is taken.
    marks: [AtomicU64; N_WORDS],
}

#[expect(unsafe_code, reason = "memory that is given away")]
// SAFETY: bytes of a slot are reached by who has taken it only, and one at a time has.
unsafe impl Sync for Spare {}

impl Spare {
    pub(crate) const fn new() -> Self {
        Self {
            area: Area(UnsafeCell::new([0; LEN])),
            marks: [const { AtomicU64::new(0) }; N_WORDS],
        }
    }

    /// Memory that is zero, or null: what has no room in a word, or is aligned to more than a slot, gets none.
    pub(crate) fn take(&self, layout: Layout) -> *mut u8 {
        let n = n_slots(layout);
        if n > SLOTS_PER_WORD || layout.align() > SLOT {
            return ptr::null_mut();
        }
        let mut places = self.marks.iter().enumerate();
        let place = places.find_map(|(word, marks)| Some(word * SLOTS_PER_WORD + take_run(marks, n)?));
        let Some(place) = place else {
            return ptr::null_mut();
        };
        let memory = self.start().wrapping_add(place * SLOT);
        #[expect(unsafe_code, reason = "memory that is given away")]
        // SAFETY: these slots are within the area, and marked by this thread just now.
        unsafe {
            memory.write_bytes(0, n * SLOT);
        }
        memory
    }

    /// Whether this is an address of it.
    pub(crate) fn has(&self, memory: *mut u8) -> bool {
        self.offset(memory) < LEN
    }

    /// Takes back what was given.
    #[expect(unsafe_code, reason = "memory that is given away")]
    ///
    /// # Safety
    /// `take` has given it for this layout, and nobody uses it any more.
    pub(crate) unsafe fn give_back(&self, memory: *mut u8, layout: Layout) {
        let place = self.offset(memory) / SLOT;
        let (word, at) = (place / SLOTS_PER_WORD, place % SLOTS_PER_WORD);
        self.marks[word].fetch_and(!(run(n_slots(layout)) << at), Ordering::Release);
    }

    /// Whether nobody has any of it.
    pub(crate) fn is_whole(&self) -> bool {
        self.marks.iter().all(|marks| marks.load(Ordering::Relaxed) == 0)
    }

    fn start(&self) -> *mut u8 {
        self.area.0.get().cast()
    }

    fn offset(&self, memory: *mut u8) -> usize {
        memory.addr().wrapping_sub(self.start().addr())
    }
}

/// Area of an allocation; none has no bytes.
fn n_slots(layout: Layout) -> usize {
    layout.size().div_ceil(SLOT)
}

/// Marks of the first so many slots, of 1 up to a word.
fn run(n: usize) -> u64 {
    u64::MAX >> (SLOTS_PER_WORD - n)
}

/// Marks so many slots in a row that are free, if there are; the place of the first.
fn take_run(marks: &AtomicU64, n: usize) -> Option<usize> {
    let mut seen = marks.load(Ordering::Relaxed);
    loop {
        let at = (0..=SLOTS_PER_WORD - n).find(|&at| seen & (run(n) << at) == 0)?;
        let taken = seen | (run(n) << at);
        match marks.compare_exchange_weak(seen, taken, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => return Some(at),
            Err(now) => seen = now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deadline::in_time;
    use std::slice;
    use std::thread;

    fn layout(len: usize) -> Layout {
        Layout::from_size_align(len, 8).unwrap()
    }

    #[expect(unsafe_code, reason = "memory that was given")]
    fn give_back(spare: &Spare, memory: *mut u8, len: usize) {
        // SAFETY: tests give back what they were given, once.
        unsafe { spare.give_back(memory, layout(len)) }
    }

    #[test]
    fn what_is_given_lies_apart_and_comes_back() {
        let spare = Box::new(Spare::new());
        let lens = [1, 8, SLOT, SLOT + 1, 5 * SLOT, SLOT * SLOTS_PER_WORD];
        let given = lens.map(|len| spare.take(layout(len)));
        let mut bounds: Vec<_> = given
            .iter()
            .zip(lens)
            .map(|(start, len)| (start.addr(), start.addr() + len))
            .collect();
        bounds.sort_unstable();
        assert!(bounds.is_sorted_by(|one, next| one.1 <= next.0), "{bounds:?}");
        assert!(
            given
                .iter()
                .all(|&start| spare.has(start) && start.addr() % SLOT == 0)
        );
        let last = given.len() - 1;
        for (&start, len) in given[..last].iter().zip(lens) {
            give_back(&spare, start, len);
        }
        assert!(!spare.is_whole());
        give_back(&spare, given[last], lens[last]);
        assert!(spare.is_whole());
    }

    #[test]
    fn what_has_no_room_is_not_given_and_what_came_back_is() {
        let spare = Box::new(Spare::new());
        assert!(spare.take(layout(SLOT * SLOTS_PER_WORD + 1)).is_null());
        assert!(
            spare
                .take(Layout::from_size_align(8, 2 * SLOT).unwrap())
                .is_null()
        );
        assert!(spare.is_whole());
        let all: Vec<_> = (0..N_WORDS * SLOTS_PER_WORD)
            .map(|_| spare.take(layout(24)))
            .collect();
        assert!(all.iter().all(|&start| spare.has(start)));
        assert!(spare.take(layout(1)).is_null());
        give_back(&spare, all[77], 24);
        give_back(&spare, all[79], 24);
        assert!(spare.take(layout(SLOT + 1)).is_null(), "they are no neighbours");
        give_back(&spare, all[78], 24);
        assert_eq!(spare.take(layout(3 * SLOT)), all[77]);
    }

    #[test]
    fn what_is_outside_is_not_of_it() {
        let spare = Box::new(Spare::new());
        let start = spare.start();
        assert!(spare.has(start) && spare.has(start.wrapping_add(LEN - 1)));
        assert!(
            !spare.has(start.wrapping_sub(1))
                && !spare.has(start.wrapping_add(LEN))
                && !spare.has(ptr::null_mut())
        );
    }

    #[test]
    #[expect(unsafe_code, reason = "memory that was given")]
    fn threads_have_each_their_own_and_it_is_zero() {
        in_time("the threads end", || {
            let spare = Box::new(Spare::new());
            let work = |number: u8| {
                for round in 0..2_000 {
                    let len = 1 + (round * 37 + usize::from(number) * 101) % (4 * SLOT);
                    let memory = spare.take(layout(len));
                    // SAFETY: it has given so many bytes, to this thread.
                    let bytes = unsafe { slice::from_raw_parts_mut(memory, len) };
                    assert!(bytes.iter().all(|&byte| byte == 0));
                    bytes.fill(number);
                    thread::yield_now();
                    assert!(bytes.iter().all(|&byte| byte == number));
                    give_back(&spare, memory, len);
                }
            };
            thread::scope(|scope| (1..=4).for_each(|number| drop(scope.spawn(move || work(number)))));
            assert!(spare.is_whole());
        });
    }
}
