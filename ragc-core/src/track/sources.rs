//! Where samples came from, see [`crate::provenance`].

use std::convert::Infallible;
use std::io::Write;

use crate::container::{ContainerReader, ContainerWriter, names};
use crate::error::{Error, Result};
use crate::provenance::{Columns, SampleSource, Sources};
use crate::track::kept::{KeptContigs, KeptSample, KeptSamples};
use crate::track::traits::{HearSample, Old, Track, Wanted, WrittenContig};
use crate::zstd::{self, Compressor};

/// Bytes of a part before it is compressed, about.
const PART_LEN: usize = 1 << 20;

/// Bytes of a part that is read: one sample may come behind what is a part.
const MAX_PART_LEN: u64 = 64 << 20;

/// Paths of a collection have much in common, and little is there of them.
const LEVEL: i32 = 19;

/// Bytes that they may take in any archive, and for so many bytes of a larger one a byte: digests cannot be compressed, and many small
/// genomes that are alike would take a third more with them (docs/measurements.md, "Constants").
const ANY_LEN: u64 = 1 << 10;
const SHARE: u64 = 1000;

/// Writes them at the end, if they are wanted in any case or take little.
#[derive(Debug, Default)]
pub(crate) struct SourcesTrack {
    /// Place of the first sample of the part.
    first_sample: usize,
    part: Columns,
    /// Parts that are complete, each with the place of its first sample.
    parts: Vec<(usize, Vec<u8>)>,
    insists: bool,
}

impl Track for SourcesTrack {
    const STREAM: &'static str = names::SOURCES;
    /// A contig of another name is not what the file holds.
    const KNOWS_NAMES: bool = true;
    type Listener = Infallible;
    type Verifier = Infallible;

    fn is_wanted(wanted: Wanted) -> bool {
        wanted.has_sources
    }

    fn begin() -> Self {
        Self::default()
    }

    fn go_on<W: Write>(old: &Old<'_>, container: &mut ContainerWriter<W>) -> Result<Self> {
        let stream = old.container.footer().find(Self::STREAM);
        if let Some(stream) = stream {
            old.copy_parts(stream, Self::STREAM, old.container.n_parts(stream), container)?;
        }
        Ok(Self {
            insists: stream.is_some(),
            ..Self::default()
        })
    }

    /// A sample that has lost or renamed contigs is not what its file holds any more.
    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        _hear: &HearSample<'_, Infallible>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let sources = old.placed(|| read_sources(old.container))?;
        self.insists |= sources.is_some();
        let sources = sources.unwrap_or_default();
        for (place, sample) in kept.0 {
            let source = sources.of(sample.sample);
            self.add(*place, source.map(|source| carried(source, sample)).as_ref())?;
        }
        Ok(())
    }

    fn add_sample<'c, W: Write>(
        &mut self,
        _sample: usize,
        _contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c Infallible>)>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        Ok(())
    }

    fn add_source<W: Write>(
        &mut self,
        sample: usize,
        source: Option<&SampleSource>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        self.add(sample, source)
    }

    fn insist(&mut self) {
        self.insists = true;
    }

    fn finish<W: Write>(mut self, container: &mut ContainerWriter<W>) -> Result<()> {
        let limit = ANY_LEN.max(container.data_len() / SHARE);
        // No time is spent to compress them (docs/measurements.md, "Details of making archives") where digests alone are too long.
        if !self.insists && self.part.incompressible_len() > limit {
            return Ok(());
        }
        self.flush()?;
        let len: u64 = self.parts.iter().map(|(_, part)| part.len() as u64).sum();
        if !self.insists && len > limit {
            return Ok(());
        }
        for (first_sample, part) in self.parts {
            let stream = container.register(Self::STREAM);
            container.add_part(stream, first_sample as u64, &part)?;
        }
        Ok(())
    }

    fn check(old: &Old<'_>, n_contigs: &[u64]) -> Result<()> {
        check(old.container, n_contigs.len())
    }

    /// There is nothing that decoded contigs could be compared with.
    fn verifier(old: &Old<'_>) -> Result<Option<Infallible>> {
        check(old.container, old.samples.len()).map(|()| None)
    }
}

/// Whether what an archive tells can be read, and is of samples that it has.
fn check(container: &ContainerReader, n_samples: usize) -> Result<()> {
    let last = read_sources(container)?.and_then(|sources| sources.last());
    match last.filter(|last| *last >= n_samples) {
        Some(last) => {
            let why = format!("the source of sample #{last}, and there are {n_samples}");
            Err(Error::corrupt(why).in_stream(SourcesTrack::STREAM))
        }
        None => Ok(()),
    }
}

fn carried(source: &SampleSource, kept: &KeptSample) -> SampleSource {
    let mut source = source.clone();
    if kept.contigs != KeptContigs::All {
        source.files = source.files.iter().map(|file| file.of_other_content()).collect();
    }
    source
}

impl SourcesTrack {
    /// Takes the source of a sample by its place, if that is known.
    fn add(&mut self, sample: usize, source: Option<&SampleSource>) -> Result<()> {
        let Some(source) = source else {
            return self.flush();
        };
        if self.part.len() == 0 {
            self.first_sample = sample;
        }
        self.part.push(source);
        match self.part.len() >= PART_LEN {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<()> {
        if self.part.len() == 0 {
            return Ok(());
        }
        let mut compressor = Compressor::new();
        let payload = compressor.compress(&self.part.take(), LEVEL)?.to_vec();
        self.parts.push((self.first_sample, payload));
        Ok(())
    }
}

/// Where the samples of an archive came from, if it tells.
///
/// # Errors
/// `Corrupt` when that is damaged.
pub(crate) fn read_sources(container: &ContainerReader) -> Result<Option<Sources>> {
    let name = SourcesTrack::STREAM;
    let Some(stream) = container.footer().find(name) else {
        return Ok(None);
    };
    let mut sources = Sources::default();
    for part in 0..container.n_parts(stream) {
        let stored = container.read_part(stream, part)?;
        zstd::decompress_at_most(stored.payload(), container.max_unit_len().min(MAX_PART_LEN))
            .and_then(|text| sources.add_part(stored.metadata, &text))
            .map_err(|error| error.in_part(part as u64).in_stream(name))?;
    }
    Ok(Some(sources))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Archive;
    use crate::compress::{AppendOptions, CreateOptions, Input, InputRules, SamplesBy};
    use crate::container::changed;
    use crate::observe::Silent;
    use crate::provenance::Provenance;
    use crate::rewrite::Renames;

    /// A file for each of these samples, with a contig `x` and one `y`.
    fn inputs(dir: &tempfile::TempDir, names: &[&str]) -> Vec<Input> {
        let write = |name: &&str| {
            let path = dir.path().join(format!("{name}.fa"));
            std::fs::write(&path, format!(">x\nACGTACGT\n>y {name}\nGGCC\n")).unwrap();
            Input::file(path)
        };
        names.iter().map(write).collect()
    }

    fn created(inputs: &[Input], provenance: Option<Provenance>) -> Vec<u8> {
        let mut archive = Vec::new();
        let options = CreateOptions::default().with_provenance(provenance);
        options.create(inputs, &mut archive, Arc::new(Silent)).unwrap();
        archive
    }

    fn appended(old: Vec<u8>, inputs: &[Input], provenance: Option<Provenance>) -> Vec<u8> {
        let mut archive = Vec::new();
        let options = AppendOptions::default().with_provenance(provenance);
        options
            .append(&open(old), inputs, &mut archive, Arc::new(Silent))
            .unwrap();
        archive
    }

    fn open(archive: Vec<u8>) -> Archive {
        Archive::from_reader(archive).unwrap()
    }

    /// Of each sample when it was stored, the name of its file, and whether it has a digest.
    fn told(archive: &Archive) -> Vec<Option<(u64, String, bool)>> {
        let sources = archive.sources().unwrap().unwrap_or_default();
        let told = |sample| {
            let source = sources.of(sample)?;
            let [file] = source.files.as_slice() else {
                panic!("{source:?}");
            };
            let path = String::from_utf8(file.path.clone()).unwrap();
            let name = path.rsplit('/').next().unwrap_or_default();
            assert_eq!(file.xxh3.is_some(), file.size.is_some());
            Some((source.stored, name.to_owned(), file.xxh3.is_some()))
        };
        (0..archive.samples().unwrap().len()).map(told).collect()
    }

    fn known(stored: u64, name: &str) -> Option<(u64, String, bool)> {
        Some((stored, name.to_owned(), true))
    }

    #[test]
    fn sources_are_written_and_gone_on_with() {
        let dir = tempfile::tempdir().unwrap();
        let archive = created(&inputs(&dir, &["a", "b"]), Some(Provenance::at(5)));
        let archive = appended(archive, &inputs(&dir, &["c"]), None);
        let archive = appended(archive, &inputs(&dir, &["d"]), Some(Provenance::at(7)));
        let archive = open(archive);
        assert_eq!(
            told(&archive),
            [known(5, "a.fa"), known(5, "b.fa"), None, known(7, "d.fa")]
        );
        assert!(archive.verify(1, &Silent).is_intact());
        let sources = archive.sources().unwrap().unwrap();
        let file = &sources.of(1).unwrap().files[0];
        assert_eq!(file.size, Some(22));
        assert!(file.modified.is_some());
        // Nothing is told unless it is asked for.
        let archive = open(created(&inputs(&dir, &["a"]), None));
        assert_eq!(archive.sources().unwrap(), None);
    }

    #[test]
    fn a_fixed_time_makes_the_same_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let first = created(&inputs(&dir, &["a"]), Some(Provenance::fixed(9)));
        let later = std::time::UNIX_EPOCH + std::time::Duration::from_secs(77);
        let files = inputs(&dir, &["a"]);
        let file = std::fs::File::options()
            .append(true)
            .open(files[0].source.path().unwrap())
            .unwrap();
        file.set_modified(later).unwrap();
        assert_eq!(created(&files, Some(Provenance::fixed(9))), first);
        assert_ne!(created(&files, Some(Provenance::at(9))), first);
    }

    #[test]
    fn what_is_kept_of_samples_keeps_what_is_true_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let archive = created(&inputs(&dir, &["a", "b", "c"]), Some(Provenance::at(5)));
        let archive = open(archive);
        let mut removed = Vec::new();
        crate::rewrite::RewriteOptions::default()
            .remove(&archive, [&b"a"[..]], &crate::observe::Silent, &mut removed)
            .unwrap();
        assert_eq!(told(&open(removed)), [known(5, "b.fa"), known(5, "c.fa")]);

        let mut names = Renames::default();
        names.add_sample("a", "z");
        names.add_contig("b", "x", "new");
        let mut renamed = Vec::new();
        crate::rewrite::RewriteOptions::default()
            .rename(&archive, &names, &crate::observe::Silent, &mut renamed)
            .unwrap();
        let without_digest = Some((5, "b.fa".to_owned(), false));
        assert_eq!(
            told(&open(renamed)),
            [known(5, "a.fa"), without_digest.clone(), known(5, "c.fa")]
        );

        let mut less = Vec::new();
        let keeps = |sample: &[u8], contig: &[u8]| sample != b"b" || contig == b"x";
        crate::rewrite::RewriteOptions::default()
            .subset(
                &archive,
                [&b"b"[..], b"c"],
                keeps,
                &crate::observe::Silent,
                &mut less,
            )
            .unwrap();
        assert_eq!(told(&open(less)), [without_digest, known(5, "c.fa")]);
    }

    #[test]
    fn samples_of_records_have_their_file_without_its_digest() {
        let dir = tempfile::tempdir().unwrap();
        let rules = InputRules::default().with_samples_by(SamplesBy::ShortName);
        let options = CreateOptions::default()
            .with_rules(rules)
            .with_provenance(Some(Provenance::at(5)));
        let mut archive = Vec::new();
        options
            .create(&inputs(&dir, &["a"]), &mut archive, Arc::new(Silent))
            .unwrap();
        let sources = open(archive).sources().unwrap().unwrap();
        for sample in [0, 1] {
            let file = &sources.of(sample).unwrap().files[0];
            assert!(file.path.ends_with(b"a.fa") && file.xxh3.is_none() && file.size == Some(22));
        }
    }

    #[test]
    fn damage_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let archive = created(&inputs(&dir, &["a"]), Some(Provenance::at(5)));
        let with = |change: &dyn Fn(&mut u64, &mut Vec<u8>)| {
            open(changed(&archive, |name, metadata, payload| {
                if name == names::SOURCES {
                    change(metadata, payload);
                }
                true
            }))
        };
        assert!(with(&|_, _| {}).verify(1, &Silent).is_intact());
        for damaged in [
            with(&|_, payload| payload.truncate(5)),
            with(&|first, _| *first = 1),
        ] {
            let report = damaged.verify(1, &Silent);
            let told: Vec<String> = report.damages.iter().map(ToString::to_string).collect();
            assert!(told.len() == 1 && told[0].contains("ragc.sources"), "{told:?}");
        }
    }
}
