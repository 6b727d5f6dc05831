//! Every contig of every sample, put together and compared with what was stored.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::alphabet::{Codes, LETTERS};
use crate::collection::SampleNames;
use crate::container::names;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::assembly::{Joiner, check_overlaps};
use crate::extract::scan::Scan;
use crate::extract::store::{LengthCode, LoadedSample, Overlays, Store, Upcoming};
use crate::extract::verify::ahead::StepsAhead;
use crate::extract::verify::report::{Report, no_answer};
use crate::extract::{ContigId, Spelling};
use crate::lock::lock;
use crate::memory;
use crate::observe::{Observer, check_wanted};
use crate::printable;
use crate::threads;
use crate::track::{ContigNotes, HeardStretch, Listeners, Mismatch, Old, Verifiers};

/// Contigs, samples and symbols whose answers are waited for together: the threads are rarely left without work, and little
/// is held.
const ROUND_CONTIGS: usize = 1 << 14;
const ROUND_SAMPLES: usize = 1 << 10;
const ROUND_LEN: u64 = 1 << 32;

/// A sample whose contigs are known.
struct SampleAtWork {
    sample: usize,
    loaded: LoadedSample,
    /// How lengths are coded; `None` if the segment that would tell is damaged.
    lengths: Option<LengthCode>,
    /// Contigs that no thread has come to the end of.
    n_left: AtomicUsize,
}

/// Goes through all samples in archive order.
pub(super) fn verify(store: &Store, n_threads: usize, observer: &dyn Observer, report: &mut Report) {
    let samples = match store.catalogue().samples() {
        Ok(samples) => samples,
        Err(error) => return note_once(report, error),
    };
    let n_samples = samples.len();
    report.n_samples = Some(n_samples);
    note_line_ends_of_samples(samples, report);
    if let Err(error) = store.catalogue().command_lines() {
        note_once(report, error);
    }
    let archive = Old {
        container: store.container(),
        samples,
        last_lens: &[],
        path: None,
        adds_checksums: false,
        adds_digests: false,
        is_renamed_in_place: false,
    };
    let mut tracks = Verifiers::open(&archive, |error| note_once(report, error));
    report.has_sequence_sums = tracks.compare_stream(names::SEQUENCE_SUMS);
    report.has_digests = tracks.compare_stream(names::DIGESTS);
    let all: Vec<usize> = (0..n_samples).collect();
    let mut scan = Scan::new(store, &all);
    let mut next = 0;
    while next < n_samples {
        let round = load_round(store, &mut scan, report);
        let answers = match decode_round(store, &round, &tracks, n_threads, observer) {
            Ok(answers) => answers,
            // There is none to tell of each contig that it could not be decoded.
            Err(error) => return report.add_damage(error),
        };
        for (sample, answers) in round.iter().zip(answers) {
            let contigs = sample
                .as_ref()
                .map(|sample| take_answers(store, sample, answers, report));
            for (stream, mismatch) in tracks.compare(next, contigs.as_deref()) {
                note_mismatch(store, stream, mismatch, report);
            }
            next += 1;
        }
    }
}

fn note_line_ends_of_samples(samples: &SampleNames, report: &mut Report) {
    for name in samples.iter().filter(|name| has_line_end(name)) {
        let error = Error::corrupt("the name of the sample holds a line end");
        report.add_damage(error.in_sample(&printable::text_of(name)));
    }
}

/// Loads the names and segments of the next samples; `None` for those that are lost.
fn load_round(store: &Store, scan: &mut Scan<'_>, report: &mut Report) -> Vec<Option<SampleAtWork>> {
    let mut round = Vec::new();
    let (mut n_contigs, mut len) = (0, 0u64);
    while round.len() < ROUND_SAMPLES && n_contigs < ROUND_CONTIGS && len < ROUND_LEN {
        let Some((sample, loaded)) = scan.next_sample() else {
            break;
        };
        match loaded {
            Ok(loaded) => {
                note_line_ends(store, sample, &loaded, report);
                let sample = SampleAtWork::new(store, sample, loaded);
                n_contigs += sample.n_contigs();
                len = len.saturating_add(sample.len());
                round.push(Some(sample));
            }
            Err(error) => {
                lose_sample(store, sample, error, report);
                round.push(None);
            }
        }
    }
    round
}

/// Notes names that would be more than one line. What they are the names of is not lost.
fn note_line_ends(store: &Store, sample: usize, loaded: &LoadedSample, report: &mut Report) {
    let names = (0..loaded.n_contigs()).map(|contig| loaded.name(contig));
    for name in names.filter(|name| has_line_end(name)) {
        let error = Error::corrupt("the name of the contig holds a line end");
        report.add_damage(in_contig(store, sample, name, error));
    }
}

fn has_line_end(name: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', name).is_some()
}

/// What became of a contig: what tracks heard of it, an error, or no answer from a thread that panicked.
type Verdict = Option<Result<Heard>>;

/// A contig that could be decoded.
struct Heard {
    n_bases: u64,
    notes: ContigNotes,
}

/// Decodes all contigs of some samples; the answers by sample. Where one lacks memory, the others are left.
fn decode_round<'a>(
    store: &Store,
    round: &'a [Option<SampleAtWork>],
    tracks: &Verifiers,
    n_threads: usize,
    observer: &dyn Observer,
) -> Result<Vec<Vec<Verdict>>> {
    let of_sample = |sample: &'a SampleAtWork| (0..sample.n_contigs()).map(move |contig| (sample, contig));
    let all = || round.iter().flatten();
    let mut contigs: Vec<(&SampleAtWork, usize)> = memory::room(all().map(SampleAtWork::n_contigs).sum())?;
    contigs.extend(all().flat_map(of_sample));
    let lacking = Mutex::new(None);
    let ahead = StepsAhead::new(store, contigs.len(), |demand, i| {
        let (sample, contig) = contigs[i];
        store
            .items()
            .demand_segments(demand, sample.loaded.segments(contig), sample.loaded.needs());
    });
    let answers = threads::map("verify", contigs.len(), n_threads, |i| {
        let (sample, contig) = contigs[i];
        if lock(&lacking).is_some() {
            return Err(Error::new(ErrorKind::Cancelled));
        }
        ahead.come_to(i);
        let answer = check_wanted(observer).and_then(|()| decode(store, sample, contig, tracks.listeners()));
        if let Some(needs) = sample.loaded.needs() {
            store.items().done(needs, sample.loaded.segments(contig));
        }
        if sample.n_left.fetch_sub(1, Ordering::Relaxed) == 1 {
            store.texts().forget_overlays(sample.sample);
            observer.verified(1);
        }
        answer.inspect_err(|error| {
            if matches!(error.kind(), ErrorKind::NoMemory(_)) {
                let told = store
                    .catalogue()
                    .in_sample(sample.sample, Error::new(error.kind().clone()));
                lock(&lacking).get_or_insert(told);
            }
        })
    })?;
    if let Some(error) = lock(&lacking).take() {
        return Err(error);
    }
    let mut answers = answers.into_iter();
    let mut take = |n| answers.by_ref().take(n).collect();
    let n_contigs = round
        .iter()
        .map(|sample| sample.as_ref().map_or(0, SampleAtWork::n_contigs));
    Ok(n_contigs.map(&mut take).collect())
}

impl SampleAtWork {
    fn new(store: &Store, sample: usize, loaded: LoadedSample) -> Self {
        Self {
            sample,
            lengths: store.length_code(&loaded).ok(),
            n_left: AtomicUsize::new(loaded.n_contigs()),
            loaded,
        }
    }

    fn n_contigs(&self) -> usize {
        self.loaded.n_contigs()
    }

    /// Symbols of all segments, as far as the collection tells.
    fn len(&self) -> u64 {
        let segments = self.loaded.all_segments();
        segments.iter().map(|segment| u64::from(segment.raw_len)).sum()
    }
}

/// Notes a sample of which the collection tells nothing: damage to a part, which costs the whole batch, is told once.
fn lose_sample(store: &Store, sample: usize, error: Error, report: &mut Report) {
    let n_contigs = store.catalogue().names_of(sample).map_or(0, |names| names.len());
    report.n_contigs += n_contigs as u64;
    report.lose_sample(sample, n_contigs, store.catalogue().in_sample(sample, error));
}

/// Decodes a contig segment by segment, and lets tracks hear it.
fn decode(store: &Store, sample: &SampleAtWork, contig: usize, listeners: Listeners) -> Result<Heard> {
    let segments = sample.loaded.segments(contig);
    let k = store.params().k;
    let mut joiner = Joiner::new(k);
    let mut hearing = HeardContig::new(store, sample, contig, listeners);
    let mut codes = Vec::new();
    for (i, segment) in segments.iter().enumerate() {
        codes.clear();
        let upcoming = Upcoming {
            needs: sample.loaded.needs(),
            segments: &segments[i..],
        };
        let len = store
            .items()
            .append_segment::<Codes>(segment, upcoming, &mut codes)?;
        if let Some(declared) = sample
            .lengths
            .map(|code| code.len_of(segment))
            .filter(|declared| *declared != len)
        {
            return Err(Error::corrupt(format!(
                "item {} of group {} holds {len} symbols, {declared} declared",
                segment.in_group_id, segment.group
            )));
        }
        if segments.len() > 1 {
            check_overlaps(len, k)?;
        }
        hearing.push(joiner.join(&codes)?);
    }
    Ok(hearing.finish())
}

/// A contig that tracks are hearing.
struct HeardContig {
    n_bases: u64,
    listeners: Listeners,
    /// Of the contig, if someone hears its letters.
    overlays: Option<Overlays>,
    letters: Vec<u8>,
}

impl HeardContig {
    fn new(store: &Store, sample: &SampleAtWork, contig: usize, mut listeners: Listeners) -> Self {
        let id = ContigId {
            sample: sample.sample,
            contig,
        };
        let overlays = listeners.hear_text().then(|| {
            store
                .texts()
                .overlays(id, None, Spelling::Residues, &|| Ok(sample.n_contigs()))
        });
        let overlays = overlays.and_then(Result::ok);
        // Why residues are lost is noted with the texts.
        if overlays.is_none() {
            listeners.lose_text();
        }
        Self {
            n_bases: 0,
            listeners,
            overlays,
            letters: Vec::new(),
        }
    }

    fn push(&mut self, codes: &[u8]) {
        self.letters.clear();
        if let Some(overlays) = &mut self.overlays {
            self.letters
                .extend(codes.iter().map(|code| LETTERS[usize::from(*code)]));
            if overlays.apply(self.n_bases, &mut self.letters).is_err() {
                self.overlays = None;
                self.letters.clear();
                self.listeners.lose_text();
            }
        }
        self.n_bases += codes.len() as u64;
        let text = &self.letters;
        self.listeners.push(HeardStretch { codes, text });
    }

    fn finish(mut self) -> Heard {
        Heard {
            n_bases: self.n_bases,
            notes: self.listeners.take(),
        }
    }
}

/// Notes what became of the contigs of a sample, and gives what tracks heard of those that are intact.
fn take_answers(
    store: &Store,
    sample: &SampleAtWork,
    answers: Vec<Verdict>,
    report: &mut Report,
) -> Vec<Option<ContigNotes>> {
    let n_contigs = sample.n_contigs();
    report.n_contigs += n_contigs as u64;
    let mut heard = Vec::with_capacity(n_contigs);
    for (contig, answer) in answers.into_iter().enumerate() {
        let answer = answer.unwrap_or_else(|| Err(no_answer()));
        heard.push(match answer {
            Ok(contig) => {
                report.n_bases += contig.n_bases;
                Some(contig.notes)
            }
            Err(error) => {
                let error = in_contig(store, sample.sample, sample.loaded.name(contig), error);
                report.lose_contig(sample.sample, n_contigs, contig, error);
                None
            }
        });
    }
    heard
}

/// Notes contigs that can be decoded and are not what a track tells. Where sequences have checksums, those tell of the sequence, and what
/// differs from another track is damage to that. Without, the sequence may be what is damaged.
fn note_mismatch(store: &Store, stream: &'static str, mismatch: Mismatch, report: &mut Report) {
    match stream == names::SEQUENCE_SUMS {
        true => lose(store, mismatch, report),
        false if report.has_sequence_sums => note_damage(store, stream, mismatch, report),
        false => lose(store, mismatch, report),
    }
}

/// Notes a track that does not tell of the contigs that there are.
fn note_damage(store: &Store, stream: &str, mismatch: Mismatch, report: &mut Report) {
    for sample in mismatch.samples {
        let error = || Error::new(mismatch.kind.clone()).in_stream(stream);
        let (Some(contigs), Ok(names)) = (mismatch.contigs.clone(), store.catalogue().names_of(sample))
        else {
            report.add_damage(store.catalogue().in_sample(sample, error()));
            continue;
        };
        for contig in contigs {
            report.add_damage(in_contig(store, sample, names.name(contig), error()));
        }
    }
}

/// Notes contigs that can be decoded and are not what was stored.
fn lose(store: &Store, mismatch: Mismatch, report: &mut Report) {
    for sample in mismatch.samples {
        let Ok(names) = store.catalogue().names_of(sample) else {
            continue;
        };
        let n_contigs = names.len();
        let contigs = mismatch.contigs.clone().unwrap_or(0..n_contigs);
        for contig in contigs {
            let error = Error::new(mismatch.kind.clone());
            let error = in_contig(store, sample, names.name(contig), error);
            report.lose_contig(sample, n_contigs, contig, error);
        }
    }
}

/// Adds sample and contig to an error.
fn in_contig(store: &Store, sample: usize, contig: &[u8], error: Error) -> Error {
    store
        .catalogue()
        .in_sample(sample, error.in_contig(&String::from_utf8_lossy(contig)))
}

fn note_once(report: &mut Report, error: Error) {
    if !report.knows(&error) {
        report.add_damage(error);
    }
}
