//! Streamable archives that are damaged, read by the index in front while they come in, as from a pipe. What is read so and found to agree with
//! the end is what the footer gives.
#![no_main]

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use ragc_core::compress::{CreateOptions, Input as File, InputRules};
use ragc_core::extract::{SampleSink, Spelling};
use ragc_core::internals::bytes::put_container_int;
use ragc_core::internals::checksum::Checksum;
use ragc_core::internals::container::check_end;
use ragc_core::internals::container::{ContainerReader, Footer, PartMeta, names};
use ragc_core::internals::streamable::make_streamable;
use ragc_core::internals::zstd::decompress;
use ragc_core::observe::Silent;
use ragc_core::{Archive, Error, Keep, ReadAt, Result, Spool};
use ragc_fuzz::{ask_everything, frame};

/// Bytes of the header in front: mark, state, bytes of the part and of the file.
const HEADER_LEN: usize = 11 + 1 + 8 + 8;

/// Letters of a sample that are read.
const MAX_LEN: usize = 1 << 20;
/// Bytes that a spool keeps in memory.
const MEMORY: u64 = 1000;

#[derive(Debug, Arbitrary)]
struct Input {
    has_sums: bool,
    /// Through a spool, whose end may be there when the archive is opened.
    is_spooled: bool,
    /// Of the index as it decodes. It is stored as if it had been written so, and a footer of the same shape with it.
    index: Vec<Change>,
    /// Of the file.
    file: Vec<Change>,
    /// Bytes that are missing at the end.
    n_missing: u16,
    /// Bytes that come behind it.
    more: Vec<u8>,
}

/// Another byte at a place, counted from the end as well.
#[derive(Debug, Arbitrary)]
struct Change {
    place: i16,
    flipped: u8,
}

impl Change {
    fn apply(&self, bytes: &mut [u8]) {
        let place = i64::from(self.place).rem_euclid(bytes.len() as i64);
        bytes[place as usize] ^= self.flipped;
    }
}

/// An archive of some relatives, with what is kept of texts.
fn archive(has_sums: bool) -> &'static [u8] {
    static ARCHIVES: [OnceLock<Vec<u8>>; 2] = [const { OnceLock::new() }; 2];
    ARCHIVES[usize::from(has_sums)].get_or_init(|| {
        let mut state = 7u32;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"ACGT"[(state >> 30) as usize]
        };
        let ancestor: Vec<u8> = (0..900).map(|_| letter()).collect();
        let inputs = [0usize, 1, 2].map(|sample| {
            let mut letters = ancestor.clone();
            (sample..letters.len())
                .step_by(170)
                .for_each(|place| letters[place] = b"acn"[sample]);
            letters.rotate_left(sample * 40);
            let (one, two) = letters.split_at(600);
            let text = [b">one\n", one, b"\n>two of it\n", two, b"\n"].concat();
            File::bytes(format!("s{sample}"), text)
        });
        let options = CreateOptions::default()
            .with_segment_size(Some(100))
            .with_pack_cardinality(Some(2))
            .with_checksums(has_sums)
            .with_rules(InputRules::default().with_keep(Keep::ALL));
        let (mut plain, mut streamable) = (Vec::new(), Vec::new());
        options
            .create(&inputs, &mut plain, Arc::new(Silent))
            .expect("is FASTA");
        let plain = Archive::from_reader(plain).expect("was written here");
        make_streamable(&plain, &mut streamable).expect("was written here");
        check_is_read_as_it_comes(with_index(&streamable, &[]).expect("was written here"));
        streamable
    })
}

/// An index that is stored anew and was not changed is one that is gone by: otherwise nothing here would be tried.
fn check_is_read_as_it_comes(file: Vec<u8>) {
    let coming = Arc::new(Coming {
        file,
        is_complete: AtomicBool::new(false),
    });
    let archive = Archive::from_reader(Arc::clone(&coming)).expect("has an index");
    let samples = read(&archive).expect("has names");
    assert!(samples.len() == 3 && samples.iter().all(|(_, contigs)| contigs.is_some()));
    assert!(!coming.is_complete());
    check_end(&coming).expect("agrees with its end");
}

/// The same archive with another index, which is intact, and a footer whose parts lie behind that. Checksums of the parts stay.
fn with_index(file: &[u8], changes: &[Change]) -> Result<Vec<u8>> {
    let old = ContainerReader::open(file.to_vec())?;
    let stream = old.stream(names::FRONT_INDEX)?;
    let part = old.read_part(stream, 0)?;
    let (payload, _own_sum) = part
        .payload()
        .split_last_chunk::<4>()
        .expect("ends with its checksum");
    let mut index = decompress(payload, part.metadata)?;
    changes.iter().for_each(|change| change.apply(&mut index));

    let frame = frame(&index);
    let mut new = Vec::new();
    put_container_int(&mut new, index.len() as u64);
    new.extend_from_slice(&frame);
    let place = old.footer().parts(stream)[0];
    // The number in front of its payload takes as many bytes as before.
    let old_end = place.offset + (new.len() - frame.len()) as u64 + place.len;
    let new_end = (HEADER_LEN + new.len() + 4) as u64;
    let moved = |part: &PartMeta| match part.offset < old_end {
        true => PartMeta {
            len: part.len + new_end - old_end,
            ..*part
        },
        false => PartMeta {
            offset: part.offset + new_end - old_end,
            ..*part
        },
    };
    let streams: Vec<(String, Vec<PartMeta>)> = old
        .footer()
        .streams()
        .map(|id| {
            let name = String::from_utf8_lossy(old.footer().name(id)).into_owned();
            (name, old.footer().parts(id).iter().map(moved).collect())
        })
        .collect();
    let mut footer = Vec::new();
    Footer::write(
        streams
            .iter()
            .map(|(name, parts)| (name.as_str(), parts.as_slice())),
        &mut footer,
    );

    let data = &file[old_end as usize..old.data_len() as usize];
    let file_len = new_end + (data.len() + footer.len()) as u64;
    let sizes = [new.len() as u64 + 4, file_len].map(u64::to_le_bytes).concat();
    let mut sum = Checksum::of(&sizes);
    sum.add(&new);
    let header = &file[..HEADER_LEN - sizes.len()];
    Ok([header, &sizes, &new, &sum.crc.to_le_bytes(), data, &footer].concat())
}

/// A file whose end is there when somebody asks for it.
struct Coming {
    file: Vec<u8>,
    is_complete: AtomicBool,
}

impl ReadAt for Coming {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(offset, buf)
    }

    fn len(&self) -> io::Result<u64> {
        self.is_complete.store(true, Ordering::Relaxed);
        ReadAt::len(&self.file)
    }

    fn is_complete(&self) -> bool {
        self.is_complete.load(Ordering::Relaxed)
    }
}

/// The contigs of a sample: names and letters.
#[derive(Debug, Default, PartialEq)]
struct Contigs {
    names: Vec<Vec<u8>>,
    letters: Vec<u8>,
}

impl SampleSink for Contigs {
    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.names.push(name.to_vec());
        self.letters.push(b'\n');
        Ok(())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.letters.extend_from_slice(letters);
        match self.letters.len() <= MAX_LEN {
            true => Ok(()),
            // A few bytes can describe a gigabase of N.
            false => Err(Error::bad_input("too long for a test")),
        }
    }
}

/// All samples, with what those give that can be read.
fn read(archive: &Archive) -> Result<Vec<(Vec<u8>, Option<Contigs>)>> {
    let contigs = |sample| {
        let mut contigs = Contigs::default();
        let streamed = archive.stream_samples_once(&[sample], Spelling::Cased, 1, &mut contigs);
        streamed.is_ok().then_some(contigs)
    };
    let samples = archive.samples()?.iter().enumerate();
    Ok(samples
        .map(|(place, name)| (name.to_vec(), contigs(place)))
        .collect())
}

fn source(file: Vec<u8>, is_spooled: bool) -> Arc<dyn ReadAt> {
    match is_spooled {
        true => {
            Arc::new(Spool::new(io::Cursor::new(file), MEMORY, tempfile::tempfile).expect("starts a thread"))
        }
        false => Arc::new(Coming {
            file,
            is_complete: AtomicBool::new(false),
        }),
    }
}

fuzz_target!(|input: Input| {
    let base = archive(input.has_sums);
    let mut file = match input.index.is_empty() {
        true => base.to_vec(),
        false => with_index(base, &input.index).expect("was written here"),
    };
    input.file.iter().for_each(|change| change.apply(&mut file));
    file.truncate(file.len() - usize::from(input.n_missing) % file.len());
    file.extend_from_slice(&input.more);

    let source = source(file.clone(), input.is_spooled);
    let Ok(archive) = Archive::from_reader(Arc::clone(&source)) else {
        return;
    };
    let streamed = read(&archive);
    let _ = ask_everything(&archive);
    let Ok(whole) = Archive::from_reader(file).and_then(|archive| read(&archive)) else {
        return;
    };
    // Before the end agrees, nothing counts.
    let (Ok(streamed), Ok(())) = (streamed, check_end(&*source)) else {
        return;
    };
    assert_eq!(streamed.len(), whole.len());
    for (streamed, whole) in streamed.iter().zip(&whole) {
        assert_eq!(streamed.0, whole.0);
        if let (Some(streamed), Some(whole)) = (&streamed.1, &whole.1) {
            assert_eq!(streamed, whole);
        }
    }
});
