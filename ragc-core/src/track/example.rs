//! A track to copy from, which only tests have: how many `N` each sample has.
//!
//! Its stream has one part. Metadata is the number of samples, payload a prefix integer for each: 0 if nothing is known of it, or
//! 1 + the number of `N`.

use std::io::Write;

use crate::bytes::{Cursor, put_prefix_int};
use crate::container::{ContainerReader, ContainerWriter};
use crate::error::{Error, ErrorKind, Result};
use crate::track::kept::{KeptContigs, KeptSamples};
use crate::track::traits::{
    HearSample, HeardStretch, Listener, Mismatch, Old, Track, Verifier, Wanted, WrittenContig,
};

const N: u8 = 4;

/// The numbers of samples, as far as they are known.
#[derive(Debug, Default)]
pub(crate) struct NCounts(Vec<Option<u32>>);

impl Track for NCounts {
    const STREAM: &'static str = "ragc.n-counts";
    type Listener = NCounter;
    type Verifier = Self;

    fn is_wanted(_wanted: Wanted) -> bool {
        true
    }

    fn begin() -> Self {
        Self::default()
    }

    fn go_on<W: Write>(old: &Old<'_>, _container: &mut ContainerWriter<W>) -> Result<Self> {
        let n_samples = old.samples.len();
        let counts = old.placed(|| Self::read(old.container, n_samples))?;
        Ok(counts.unwrap_or_else(|| Self(vec![None; n_samples])))
    }

    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        hear: &HearSample<'_, u32>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let counts = old.placed(|| Self::read(old.container, old.samples.len()))?;
        for (_, sample) in kept.0 {
            let count = counts.as_ref().and_then(|counts| counts.0[sample.sample]);
            self.0.push(match (count, &sample.contigs) {
                (Some(_), KeptContigs::Listed(_)) => {
                    Some(sample.contigs.pick(hear(sample.sample)?).iter().sum())
                }
                (count, _) => count,
            });
        }
        Ok(())
    }

    fn add_sample<'c, W: Write>(
        &mut self,
        _sample: usize,
        contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c u32>)>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        self.0.push(contigs.map(|(_, count)| count.copied()).sum());
        Ok(())
    }

    fn finish<W: Write>(self, container: &mut ContainerWriter<W>) -> Result<()> {
        let mut payload = Vec::new();
        for count in &self.0 {
            put_prefix_int(&mut payload, count.map_or(0, |count| count + 1));
        }
        let stream = container.register(Self::STREAM);
        container.add_part(stream, self.0.len() as u64, &payload)
    }

    fn verifier(old: &Old<'_>) -> Result<Option<Self>> {
        Self::read(old.container, old.samples.len())
    }
}

impl NCounts {
    fn read(container: &ContainerReader, n_samples: usize) -> Result<Option<Self>> {
        if container.footer().find(Self::STREAM).is_none() {
            return Ok(None);
        }
        let part = container.read_only_part(Self::STREAM)?;
        let decode = || {
            if part.metadata != n_samples as u64 {
                return Err(Error::corrupt(format!(
                    "numbers of N of {} samples, {n_samples} there",
                    part.metadata
                )));
            }
            let mut cursor = Cursor::new(part.payload(), "numbers of N");
            let counts = (0..n_samples).map(|_| Ok(cursor.prefix_int()?.checked_sub(1)));
            let counts = counts.collect::<Result<_>>()?;
            cursor.finish().map(|()| Self(counts))
        };
        let counts = decode().map_err(|error| error.in_part(0).in_stream(Self::STREAM))?;
        Ok(Some(counts))
    }
}

/// Counts the `N` of a contig.
#[derive(Debug, Default)]
pub(crate) struct NCounter(u32);

impl Listener for NCounter {
    type Note = u32;
    const HEARS_TEXT: bool = false;

    fn begin() -> Option<Self> {
        Some(Self::default())
    }

    fn push(&mut self, piece: HeardStretch<'_>) {
        self.0 += memchr::memchr_iter(N, piece.codes).count() as u32;
    }

    fn take(&mut self) -> u32 {
        std::mem::take(&mut self.0)
    }
}

impl Verifier<u32> for NCounts {
    fn compare(&mut self, sample: usize, contigs: Option<&[Option<&u32>]>) -> Vec<Mismatch> {
        let found: Option<u32> = contigs.and_then(|contigs| contigs.iter().map(|count| count.copied()).sum());
        let (Some(stored), Some(found)) = (self.0[sample], found) else {
            return Vec::new();
        };
        let mismatch = || Mismatch {
            samples: sample..sample + 1,
            contigs: None,
            kind: ErrorKind::Corrupt(format!("{stored} N are told, {found} there")),
        };
        Vec::from_iter((stored != found).then(mismatch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Archive;
    use crate::compress::{AppendOptions, CreateOptions, Input, MergeOptions};
    use crate::container::changed;
    use crate::observe::Silent;
    use crate::rewrite::{Renames, RewriteOptions, Rewritten};
    use std::fs;
    use std::sync::Arc;

    fn input(dir: &tempfile::TempDir, name: &str, text: &str) -> Input {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        Input::file(&path)
    }

    fn created(input: Input) -> Vec<u8> {
        let mut archive = Vec::new();
        CreateOptions::default()
            .create(&[input], &mut archive, Arc::new(Silent))
            .unwrap();
        archive
    }

    fn appended(old: Vec<u8>, input: Input) -> Vec<u8> {
        let old = Archive::from_reader(old).unwrap();
        let mut archive = Vec::new();
        AppendOptions::default()
            .append(&old, &[input], &mut archive, Arc::new(Silent))
            .unwrap();
        archive
    }

    /// An archive again; `change` may change the part of the example, and tells whether it stays.
    fn with_example(archive: &[u8], change: impl Fn(&mut Vec<u8>) -> bool) -> Vec<u8> {
        changed(archive, |name, _, payload| {
            name != NCounts::STREAM || change(payload)
        })
    }

    fn counts(archive: &[u8]) -> Option<Vec<Option<u32>>> {
        let archive = ContainerReader::open(archive.to_vec()).unwrap();
        let stream = archive.footer().find(NCounts::STREAM)?;
        let n_samples = archive.read_part(stream, 0).unwrap().metadata;
        let counts = NCounts::read(&archive, n_samples as usize).unwrap()?;
        Some(counts.0)
    }

    fn damages(archive: Vec<u8>) -> Vec<String> {
        let archive = Archive::from_reader(archive).unwrap();
        let report = archive.verify(2, &Silent);
        assert_eq!(report.n_lost_contigs(), 0);
        report.damages.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_track_is_written_gone_on_with_and_verified() {
        let dir = tempfile::tempdir().unwrap();
        let [a, b] = [("a.fa", ">x\nACGTNnNACG\n>y\nN\n"), ("b.fa", ">x\nACGT\n")]
            .map(|(name, text)| input(&dir, name, text));
        let archive = created(a);
        assert_eq!(counts(&archive), Some(vec![Some(4)]));
        let without = with_example(&archive, |_| false);
        let archive = appended(archive, b.clone());
        assert_eq!(counts(&archive), Some(vec![Some(4), Some(0)]));
        assert_eq!(damages(archive.clone()), Vec::<String>::new());

        let other = with_example(&archive, |payload| {
            payload[1] += 1;
            true
        });
        let told = damages(other);
        assert_eq!(told.len(), 1);
        assert!(
            told[0].contains("ragc.n-counts") && told[0].contains("1 N are told, 0 there"),
            "{told:?}"
        );
        let cut = with_example(&archive, |payload| payload.pop().is_some());
        let told = damages(cut);
        assert!(told.len() == 1 && told[0].contains("ragc.n-counts"), "{told:?}");

        // Of samples that came without it nothing is known.
        let archive = appended(without, b);
        assert_eq!(counts(&archive), Some(vec![None, Some(0)]));
        assert_eq!(damages(archive), Vec::<String>::new());
    }

    /// An archive of three samples with four, none and two `N`.
    fn three_samples(dir: &tempfile::TempDir) -> Vec<u8> {
        let texts = [
            ("a.fa", ">x\nACGTNnNACG\n>y\nN\n"),
            ("b.fa", ">x\nACGT\n"),
            ("c.fa", ">z\nNACGTN\n"),
        ];
        let [a, b, c] = texts.map(|(name, text)| input(dir, name, text));
        appended(appended(created(a), b), c)
    }

    /// The counts of an archive that is written anew, which are those of what it holds.
    fn carried(
        old: &[u8],
        rewrite: impl FnOnce(&RewriteOptions, &Archive, &mut Vec<u8>) -> Result<Rewritten>,
    ) -> Vec<Option<u32>> {
        let old = Archive::from_reader(old.to_vec()).unwrap();
        let mut new = Vec::new();
        rewrite(&RewriteOptions::default(), &old, &mut new).unwrap();
        assert_eq!(damages(new.clone()), Vec::<String>::new());
        counts(&new).unwrap()
    }

    fn merged(archives: [&[u8]; 2]) -> Vec<Option<u32>> {
        let archives = archives.map(|archive| Arc::new(Archive::from_reader(archive.to_vec()).unwrap()));
        let mut new = Vec::new();
        MergeOptions::default()
            .merge(&archives, &mut new, Arc::new(Silent))
            .unwrap();
        assert_eq!(damages(new.clone()), Vec::<String>::new());
        counts(&new).unwrap()
    }

    #[test]
    fn what_is_known_of_kept_samples_goes_with_them() {
        let dir = tempfile::tempdir().unwrap();
        let old = three_samples(&dir);
        assert_eq!(counts(&old), Some(vec![Some(4), Some(0), Some(2)]));

        let without_first = carried(&old, |options, old, new| {
            options.remove(old, [&b"a"[..]], &Silent, new)
        });
        assert_eq!(without_first, [Some(0), Some(2)]);
        let only = |kept: &'static [u8]| {
            carried(&old, |options, old, new| {
                let names = [&b"a"[..], b"c"];
                let keeps = |sample: &[u8], contig: &[u8]| sample != b"a" || contig == kept;
                options.subset(old, names, keeps, &Silent, new)
            })
        };
        assert_eq!(only(b"x"), [Some(3), Some(2)]);
        assert_eq!(only(b"y"), [Some(1), Some(2)]);
        let renamed = carried(&old, |options, old, new| {
            let mut names = Renames::default();
            names.add_sample("a", "first");
            names.add_contig("c", "z", "last");
            options.rename(old, &names, &Silent, new)
        });
        assert_eq!(renamed, [Some(4), Some(0), Some(2)]);
    }

    #[test]
    fn what_is_known_of_merged_samples_goes_with_them() {
        let dir = tempfile::tempdir().unwrap();
        let three = three_samples(&dir);
        let one = created(input(&dir, "d.fa", ">x\nACGNNNNN\n"));
        assert_eq!(merged([&three, &one]), [Some(4), Some(0), Some(2), Some(5)]);
        assert_eq!(merged([&one, &three]), [Some(5), Some(4), Some(0), Some(2)]);

        // Of samples that came without it nothing is known afterwards either; what is known of the others stays.
        let without = with_example(&one, |_| false);
        assert_eq!(merged([&three, &without]), [Some(4), Some(0), Some(2), None]);
        assert_eq!(merged([&without, &three]), [None, Some(4), Some(0), Some(2)]);
        let mixed = appended(without, input(&dir, "e.fa", ">x\nNN\n>y\nNAC\n"));
        let kept = carried(&mixed, |options, old, new| {
            let keeps = |_: &[u8], contig: &[u8]| contig == b"x";
            options.subset(old, [&b"d"[..], b"e"], keeps, &Silent, new)
        });
        assert_eq!(kept, [None, Some(2)]);
    }
}
