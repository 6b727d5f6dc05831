//! Where the processor time of a run goes: by stage, and by what its threads are for.
//!
//! A thread that is counted is in one stage at any moment; a stage within another takes over until it ends. So the times of the
//! stages add up to those of the threads. They are taken from the clock of the thread, which stands still while it waits, so
//! each change of stage is a system call. On threads that are not counted nothing is taken.

use crate::lock::lock;
use std::cell::RefCell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a thread is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Choosing parameters by a look at the inputs. Trials with some of them count for the thread that asks for them only.
    Choose,
    /// Reading the reference sample to choose splitters.
    FindSplitters,
    /// Reading files and cutting contigs; an item is a file.
    Read,
    /// Comparing segments with all references; an item is a segment.
    Compare,
    /// Adding the seeds of new references to the index; an item is a reference or a portion of the index.
    Index,
    /// Gathering rounds, deciding, and sending segments to their groups.
    Place,
    /// Coding deltas that the comparison did not, and gathering them in packs; an item is a segment.
    Encode,
    /// Compressing references; an item is one.
    References,
    /// Compressing packs; an item is one.
    Packs,
    /// Putting the archive together and writing it.
    Write,
}

impl Stage {
    /// All stages, in the order of the pipeline.
    pub const ALL: [Self; 10] = [
        Self::Choose,
        Self::FindSplitters,
        Self::Read,
        Self::Compare,
        Self::Index,
        Self::Place,
        Self::Encode,
        Self::References,
        Self::Packs,
        Self::Write,
    ];
}

/// What a thread is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Reads files.
    Reader,
    /// The one that decides where segments go.
    Placement,
    /// Does the heavy work.
    Worker,
    /// The one that writes the archive.
    Writer,
}

impl Role {
    /// All roles, in the order of the pipeline.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Placement, Self::Worker, Self::Writer];
}

/// Processor time of one stage on all threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StageTime {
    /// How often it was entered.
    pub n_items: u64,
    /// Processor time.
    pub time: Duration,
}

/// Processor time of all threads of one role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RoleTime {
    /// How many threads there were.
    pub n_threads: u64,
    /// Of all of them.
    pub time: Duration,
    /// Of the one that took most.
    pub busiest: Duration,
}

/// The processor time of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    stages: [StageTime; Stage::ALL.len()],
    roles: [RoleTime; Role::ALL.len()],
}

impl Times {
    /// That of a stage.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> StageTime {
        self.stages[stage as usize]
    }

    /// That of a role.
    #[must_use]
    pub fn role(&self, role: Role) -> RoleTime {
        self.roles[role as usize]
    }

    /// That of all threads.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.roles.iter().map(|role| role.time).sum()
    }
}

/// Adds up what the threads of a run take.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<Times>>);

impl Tally {
    /// Counts this thread for as long as `work` goes on, which begins in `stage`.
    pub(crate) fn count_thread<T>(&self, role: Role, stage: Stage, work: impl FnOnce() -> T) -> T {
        let outer = CLOCK.replace(Some(Clock::start(stage)));
        let result = work();
        if let Some(mut clock) = CLOCK.replace(outer) {
            clock.switch(stage);
            self.add(role, &clock.stages);
        }
        result
    }

    fn add(&self, role: Role, stages: &[StageTime]) {
        let mut times = lock(&self.0);
        for (sum, stage) in times.stages.iter_mut().zip(stages) {
            sum.n_items += stage.n_items;
            sum.time += stage.time;
        }
        let time = stages.iter().map(|stage| stage.time).sum();
        let sum = &mut times.roles[role as usize];
        sum.n_threads += 1;
        sum.time += time;
        sum.busiest = sum.busiest.max(time);
    }

    /// What the threads took that have ended.
    pub(crate) fn times(&self) -> Times {
        *lock(&self.0)
    }
}

thread_local! {
    /// Of a thread that is counted.
    static CLOCK: RefCell<Option<Clock>> = const { RefCell::new(None) };
}

struct Clock {
    stage: Stage,
    /// When the thread entered it.
    since: Duration,
    stages: [StageTime; Stage::ALL.len()],
}

impl Clock {
    fn start(stage: Stage) -> Self {
        Self {
            stage,
            since: thread_time(),
            stages: Default::default(),
        }
    }

    /// Enters another stage and gives the one that it was in.
    fn switch(&mut self, stage: Stage) -> Stage {
        let now = thread_time();
        self.stages[self.stage as usize].time += now.saturating_sub(self.since);
        self.since = now;
        std::mem::replace(&mut self.stage, stage)
    }
}

/// Does work that belongs to a stage: one item of it.
pub(crate) fn within<T>(stage: Stage, work: impl FnOnce() -> T) -> T {
    let before = CLOCK.with_borrow_mut(|clock| {
        let clock = clock.as_mut()?;
        clock.stages[stage as usize].n_items += 1;
        (clock.stage != stage).then(|| clock.switch(stage))
    });
    let result = work();
    if let Some(before) = before {
        CLOCK.with_borrow_mut(|clock| clock.as_mut().map(|clock| clock.switch(before)));
    }
    result
}

/// Processor time of this thread so far.
#[cfg(unix)]
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// Nobody tells.
#[cfg(not(unix))]
fn thread_time() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work_for(time: Duration) {
        let end = thread_time() + time;
        while thread_time() < end {}
    }

    #[test]
    fn a_stage_takes_over_from_the_one_around_it() {
        let tally = Tally::default();
        let millis = Duration::from_millis;
        for _ in 0..2 {
            tally.count_thread(Role::Worker, Stage::Encode, || {
                work_for(millis(2));
                within(Stage::Packs, || work_for(millis(8)));
                within(Stage::Packs, || within(Stage::References, || work_for(millis(1))));
            });
        }
        within(Stage::Packs, || work_for(millis(1)));
        let times = tally.times();
        let stage = |stage| times.stage(stage);
        assert_eq!(
            (stage(Stage::Packs).n_items, stage(Stage::Encode).n_items),
            (4, 0)
        );
        assert!(stage(Stage::Packs).time >= millis(16) && stage(Stage::Encode).time >= millis(4));
        assert!(stage(Stage::Encode).time < stage(Stage::Packs).time);
        let workers = times.role(Role::Worker);
        assert_eq!((workers.n_threads, workers.time), (2, times.total()));
        let sum: Duration = Stage::ALL.iter().map(|stage| times.stage(*stage).time).sum();
        assert_eq!(sum, times.total());
        assert!(workers.busiest < workers.time && workers.busiest >= workers.time / 2);
    }
}
