//! Second stage, back half: takes round after round, has it placed, and sends every piece to the owner of its group.

use super::encode::Job;
use super::ended::Ended;
use super::item::RoundItem;
use super::memory::{Counted, Memory};
use super::messages::{ContigLayout, Message, SampleLayout, SegmentSlot};
use super::notes::Notes;
use super::place::{Founded, KeyedGroups, Placed, Placer};
use super::pool::Pool;
use super::record::RecordEnd;
use super::registry::Duplicates;
use super::rename::{Renaming, Renamings, rename_contigs};
use super::round::{OddReport, Rounds};
use super::substitute::{Substitutes, substitute_names};
use crate::error::{Error, Result};
use crate::observe::{Observer, Phase, SampleReport, check_wanted, unless_cancelled};
use crate::original::Keep;
use crate::params::Params;
use crate::provenance::SampleSource;
use crate::queue;
use crate::splitter::Splitters;
use crate::times::{Role, Stage, Tally, Times};
use crate::visibility::internal;
use std::collections::BTreeMap;

/// What was stored, beside what an archive that was appended to held already.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Parameters of the archive.
    pub params: Params,
    /// Number of samples.
    pub n_samples: u32,
    /// Number of contigs.
    pub n_contigs: u64,
    /// Number of bases.
    pub n_bases: u64,
    /// Number of segments.
    pub n_segments: u64,
    /// Number of groups in the archive, the 16 raw ones and those of an archive that was appended to counted.
    pub n_groups: u32,
    /// Residues that the format has no code for, which other programs read as `N`; `None` if there were none.
    pub(super) odd: Option<OddReport>,
    /// What of the inputs is kept beside the sequences.
    pub keep: Keep,
    /// Letters that were lower case, whether or not that is kept.
    pub n_lower: u64,
    /// Samples and contigs whose names were taken.
    pub(super) renamed: Renamings,
    /// What was noticed in inputs that are stored all the same.
    pub(super) notes: Notes,
    /// Contigs whose names the format cannot hold. They are kept, and other programs read others.
    pub(super) substitutes: Substitutes,
    /// Samples and contigs that were left out because their names were taken.
    pub(super) duplicates: Duplicates,
    /// Name of the first sample.
    pub first_sample: Option<Vec<u8>>,
    /// Streams of an archive that was appended to which are in no version of the format. They are left out of the new
    /// archive: what they tell about the old one need not hold for it.
    pub dropped_streams: Vec<String>,
    /// Bytes of the archive by what they are for: `"references"`, `"deltas"` and `"raw"` of all groups together, the other streams by
    /// name, and the `"footer"`. Of an archive that was changed in place, what was written.
    pub stream_lens: BTreeMap<String, u64>,
    /// Processor time that it took.
    pub(super) times: Times,
}

impl Summary {
    fn new(params: Params) -> Self {
        Self {
            params,
            n_samples: 0,
            n_contigs: 0,
            n_bases: 0,
            n_segments: 0,
            n_groups: 0,
            odd: None,
            keep: Keep::default(),
            n_lower: 0,
            renamed: Renamings::default(),
            notes: Notes::default(),
            substitutes: Substitutes::default(),
            duplicates: Duplicates::default(),
            first_sample: None,
            dropped_streams: Vec::new(),
            stream_lens: BTreeMap::new(),
            times: Times::default(),
        }
    }

    /// Number of residues that the format has no code for, which other programs read as `N`.
    #[must_use]
    pub fn n_odd(&self) -> u64 {
        self.odd.as_ref().map_or(0, |odd| odd.count)
    }

    /// Number of samples, and of contigs of others, that were left out because their names were taken.
    #[must_use]
    pub fn n_left_out(&self) -> u64 {
        self.duplicates.n_samples + self.duplicates.n_contigs
    }

    /// Number of samples and contigs that have other names in the archive because theirs were taken.
    #[must_use]
    pub fn n_renamed(&self) -> u64 {
        self.renamed.count
    }

    /// The first twenty of these.
    #[must_use]
    pub fn renamed(&self) -> &[Renaming] {
        &self.renamed.first
    }

    internal! {
        /// Residues that the format has no code for, which other programs read as `N`; `None` if there were none.
        #[must_use]
        fn odd(&self) -> Option<&OddReport> {
            self.odd.as_ref()
        }
    }

    internal! {
        /// What was noticed in inputs that are stored all the same.
        #[must_use]
        fn notes(&self) -> &Notes {
            &self.notes
        }
    }

    internal! {
        /// Contigs whose names the format cannot hold. They are kept, and other programs read others.
        #[must_use]
        fn substitutes(&self) -> &Substitutes {
            &self.substitutes
        }
    }

    internal! {
        /// Samples and contigs that were left out because their names were taken.
        #[must_use]
        fn duplicates(&self) -> &Duplicates {
            &self.duplicates
        }
    }

    internal! {
        /// Processor time that it took.
        #[must_use]
        fn times(&self) -> &Times {
            &self.times
        }
    }

    /// What `run` stores, and the processor time that this takes.
    pub(super) fn timed(observer: &dyn Observer, run: impl FnOnce(&Tally) -> Result<Self>) -> Result<Self> {
        let tally = Tally::default();
        let summary = tally.count_thread(Role::Placement, Stage::Choose, || run(&tally));
        let summary = unless_cancelled(observer, summary)?;
        Ok(Self {
            times: tally.times(),
            ..summary
        })
    }
}

/// What the placement stage leaves behind.
pub(super) struct Outcome {
    pub(super) groups: KeyedGroups,
    /// Those chosen in adaptive mode.
    pub(super) more_splitters: Option<Splitters>,
    pub(super) summary: Summary,
}

/// The one thread that decides where segments go.
pub(super) struct PlacementStage<'a> {
    rounds: Rounds<'a>,
    placer: Placer<'a>,
    pool: Pool<Job>,
    to_writer: queue::Sender<Message>,
    observer: &'a dyn Observer,
    memory: Memory,
    k: u32,
    n_rounds: u64,
    sample: OpenSample,
    contigs_renamed: Renamings,
    summary: Summary,
}

/// What is known of the sample that is being placed.
struct OpenSample {
    contigs: Vec<ContigLayout>,
    held: Counted,
    to_write: Counted,
    n_segments: u32,
    n_bases: u64,
}

impl OpenSample {
    fn new(memory: &Memory) -> Self {
        Self {
            contigs: Vec::new(),
            held: memory.held(),
            to_write: memory.to_write(),
            n_segments: 0,
            n_bases: 0,
        }
    }
}

impl<'a> PlacementStage<'a> {
    pub(super) fn new(
        params: Params,
        rounds: Rounds<'a>,
        placer: Placer<'a>,
        pool: Pool<Job>,
        to_writer: queue::Sender<Message>,
        observer: &'a dyn Observer,
        memory: Memory,
    ) -> Self {
        Self {
            rounds,
            k: params.k,
            placer,
            pool,
            to_writer,
            observer,
            n_rounds: 0,
            sample: OpenSample::new(&memory),
            memory,
            contigs_renamed: Renamings::default(),
            summary: Summary::new(params),
        }
    }

    /// Places everything. On an error the channels close, and the stages behind stop without finishing.
    pub(super) fn run(mut self) -> Result<Outcome, Ended> {
        loop {
            let round = self.rounds.next_round()?;
            if round.is_empty() {
                break;
            }
            self.place_round(round)?;
        }
        self.placer.close_pool();
        self.send_founded()?;
        self.summary.duplicates = self.rounds.duplicates().clone();
        if self.summary.n_samples == 0 && self.summary.duplicates.is_empty() {
            return Err(Error::bad_input("the input files hold no sample").into());
        }
        self.observer.phase_begins(Phase::ClosePacks, None);
        // The open packs make up one more round.
        let n_rounds = self.n_rounds + 1;
        self.tell_writer(Message::Finish { n_rounds }, 0)?;
        let groups = self.placer.finish();
        self.summary.n_groups = groups.n_groups;
        let n_bases = self.summary.n_bases;
        self.pool.send_to_all(|| Job::Finish { n_bases })?;
        let (told, adaptive) = self.rounds.finish();
        self.summary.odd = told.odd;
        self.summary.renamed = told.samples_renamed;
        self.summary.notes = told.notes;
        self.summary.renamed.extend(self.contigs_renamed);
        Ok(Outcome {
            groups,
            more_splitters: adaptive.map(|adaptive| adaptive.chosen().clone()),
            summary: self.summary,
        })
    }

    fn place_round(&mut self, round: Vec<RoundItem>) -> Result<(), Ended> {
        let findings = self.placer.look(&round, &self.pool)?;
        for (item, finding) in round.into_iter().zip(findings) {
            match item {
                RoundItem::Segment(segment) => {
                    for placed in self.placer.place(&segment, finding, &self.pool)? {
                        self.send(placed)?;
                    }
                    self.send_founded()?;
                }
                RoundItem::EndContig { name, record } => self.end_contig(name, *record),
                RoundItem::EndSample { name, source } => self.end_sample(name, source)?,
            }
        }
        self.placer.end_round(&self.pool)?;
        self.observer.round_placed();
        check_wanted(self.observer)?;
        self.send_founded()?;
        self.n_rounds += 1;
        self.pool.send_to_all(|| Job::EndRound)
    }

    fn send_founded(&mut self) -> Result<(), Ended> {
        for Founded { group, reference } in self.placer.take_founded() {
            let job = Job::Found { group, reference };
            self.pool.send_to_owner(group, job, size_of::<Job>())?;
        }
        Ok(())
    }

    fn send(&mut self, placed: Placed) -> Result<(), Ended> {
        let slot = SegmentSlot {
            sample: self.summary.n_samples,
            contig: self.sample.contigs.len() as u32,
            segment: self.sample.n_segments,
        };
        let is_first = self.sample.n_segments == 0;
        let overlap = if is_first { 0 } else { self.k };
        self.sample.n_bases += u64::from(placed.raw_len - overlap);
        self.sample.n_segments += 1;
        self.summary.n_segments += 1;
        let cost = placed.content.cost() + size_of::<Job>();
        self.pool
            .send_to_owner(placed.group, Job::Store { slot, placed }, cost)
    }

    fn end_contig(&mut self, name: Vec<u8>, mut record: RecordEnd) {
        let n_segments = std::mem::take(&mut self.sample.n_segments);
        self.summary.n_lower += record.original.n_lower;
        let contig = ContigLayout {
            name,
            original_name: record.header.take(),
            substitute: None,
            n_segments,
            record,
        };
        self.sample.held.add(contig.held_bytes());
        self.sample.to_write.add(contig.write_bytes());
        self.sample.contigs.push(contig);
    }

    fn end_sample(&mut self, name: Vec<u8>, source: Option<SampleSource>) -> Result<(), Ended> {
        self.placer.end_sample();
        let mut sample = std::mem::replace(&mut self.sample, OpenSample::new(&self.memory));
        if self.rounds.renames_duplicates() {
            self.contigs_renamed
                .extend(rename_contigs(&name, &mut sample.contigs));
        }
        self.summary
            .substitutes
            .extend(substitute_names(&mut sample.contigs));
        self.observer.sample_placed(&SampleReport {
            name: &name,
            n_contigs: sample.contigs.len(),
            n_bases: sample.n_bases,
        });
        self.summary.n_samples += 1;
        self.summary.n_contigs += sample.contigs.len() as u64;
        self.summary.n_bases += sample.n_bases;
        let cost = sample.contigs.iter().map(ContigLayout::cost).sum();
        let layout = SampleLayout {
            name,
            source: source.map(Box::new),
            contigs: sample.contigs.into_boxed_slice(),
            held: sample.held,
            to_write: sample.to_write,
        };
        if self.summary.first_sample.is_none() {
            self.summary.first_sample = Some(layout.name.clone());
        }
        let round = self.n_rounds;
        self.tell_writer(Message::Sample { round, layout }, cost)
    }

    fn tell_writer(&self, message: Message, cost: usize) -> Result<(), Ended> {
        Ok(self.to_writer.send(message, cost)?)
    }
}
