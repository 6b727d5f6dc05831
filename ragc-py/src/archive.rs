//! `Archive`: samples by name, contigs, and many regions at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString};
use ragc_core::internals::threads;
use ragc_core::{Error, ErrorKind};

use crate::array::array;
use crate::errors::Raised;
use crate::fasta;
use crate::handle::{ForkSafeHandle, OpenArgs, handle_of_pickle};
use crate::memory::{check_objects, collected, room, room_for_rows, to_bytes};
use crate::names::{self, NameArg};
use crate::numbers::{clamped, codes_of, typed, whole, yes_or_no};
use crate::records::Records;
use crate::region::{self, RegionArg};
use crate::sample::{Sample, is_found, place_of};
use crate::sequence::Sequence;
use crate::source;
use crate::stretch::{StrandedStretch, code_of_letter};
use crate::table::{self, Table};
use crate::threads::{Threads, n_threads};
use crate::verify;
use crate::watched::{self, Watch};

/// An open archive: samples by name, in their order.
///
/// One handle serves all threads. It is pickled by its path, and works in the child of a fork.
#[pyclass(frozen, module = "ragc")]
pub(crate) struct Archive {
    handle: Arc<ForkSafeHandle>,
}

/// What is told of a stretch.
#[derive(Clone, Copy)]
enum Symbols {
    Letters,
    /// Those of the forward strand, whatever the strand of the stretch.
    ForwardLetters,
    Codes,
}

impl Symbols {
    fn new(codes: bool) -> Self {
        if codes { Self::Codes } else { Self::Letters }
    }
}

/// Which samples: all, or those of these names.
type SampleSelection = Option<Vec<NameArg>>;

impl Archive {
    pub(crate) fn new(handle: Arc<ForkSafeHandle>) -> Self {
        Self { handle }
    }

    fn archive(&self) -> PyResult<Arc<ragc_core::Archive>> {
        self.handle.archive()
    }

    /// The places of samples.
    fn places(&self, samples: SampleSelection) -> PyResult<Vec<usize>> {
        let archive = self.archive()?;
        let Some(samples) = samples else {
            return Ok((0..archive.samples().raised()?.len()).collect());
        };
        let find = |name: NameArg| archive.find_sample(name.0).raised_near(&archive);
        samples.into_iter().map(find).collect()
    }

    fn places_of(&self, py: Python<'_>, regions: Vec<RegionArg>) -> PyResult<Vec<StrandedStretch>> {
        region::resolve(py, &self.handle, &*self.archive()?, regions)
    }

    /// Symbols of many stretches, on all threads.
    fn fetch(
        &self,
        py: Python<'_>,
        stretches: &[StrandedStretch],
        symbols: Symbols,
        n_threads: usize,
    ) -> PyResult<Vec<Vec<u8>>> {
        let archive = self.archive()?;
        let spelling = self.handle.spelling();
        let decode = |watch: &Watch, stretch: &StrandedStretch| {
            watch.check()?;
            match symbols {
                Symbols::Codes => stretch.codes_of(&archive),
                Symbols::Letters => stretch.letters_of(&archive, spelling),
                Symbols::ForwardLetters => stretch.forward_letters_of(&archive, spelling),
            }
        };
        let has_failed = AtomicBool::new(false);
        watched::run(py, None, |watch| {
            // Where one fails those behind it are left: without memory there is none for an error of each.
            let answers = threads::map("fetch", stretches.len(), n_threads, |i| {
                let decode = || decode(watch, &stretches[i]);
                let failed = |_: &Error| has_failed.store(true, Ordering::Relaxed);
                (!has_failed.load(Ordering::Relaxed)).then(|| decode().inspect_err(failed))
            })?;
            let mut all = room(answers.len())?;
            let mut is_complete = true;
            for answer in answers {
                match answer {
                    Some(Some(answer)) => all.push(answer?),
                    // What was left may stand before the one that failed, which tells why.
                    Some(None) | None => is_complete = false,
                }
            }
            match is_complete {
                true => Ok(all),
                false => Err(Error::new(ErrorKind::WorkerLost)),
            }
        })
    }
}

#[pymethods]
impl Archive {
    #[new]
    #[pyo3(signature = (location, *, cache = None, upper = false))]
    fn open(
        py: Python<'_>,
        location: std::ffi::OsString,
        #[pyo3(from_py_with = cache_of)] cache: Option<u64>,
        #[pyo3(from_py_with = upper_of)] upper: bool,
    ) -> PyResult<Self> {
        let location = location.into_string();
        let location =
            location.map_err(|_| PyValueError::new_err("the path of an archive has to be text"))?;
        let how = OpenArgs {
            location: source::lasting(location),
            cache,
            is_upper: upper,
        };
        Ok(Self::new(ForkSafeHandle::open(py, how)?))
    }

    /// The absolute path by which it was opened, or the URL without a password or a query.
    #[getter]
    fn path(&self) -> String {
        source::printable(&self.handle.how().location)
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.handle.is_closed()
    }

    /// Name of the reference sample, the first one.
    #[getter]
    fn reference_sample<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        names::to_str(py, self.archive()?.reference_sample().raised()?)
    }

    /// Parameters: `k`, `min_match`, `segment_size`, `pack_cardinality`.
    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let archive = self.archive()?;
        let params = archive.params();
        let told = PyDict::new(py);
        told.set_item("k", params.k)?;
        told.set_item("min_match", params.min_match_len)?;
        told.set_item("segment_size", params.segment_size)?;
        told.set_item("pack_cardinality", params.pack_cardinality)?;
        Ok(told)
    }

    /// Closes the file and forgets what was decoded. What is running goes on; everything else of the archive is an error afterwards.
    fn close(&self) {
        self.handle.close();
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyAny>) {
        self.close();
    }

    /// Names of the samples, in order.
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyString>>> {
        let archive = self.archive()?;
        let samples = archive.samples().raised()?;
        names::to_strs(py, samples.iter())
    }

    /// All samples, in order.
    fn values(&self) -> PyResult<Vec<Sample>> {
        let n_samples = self.__len__()?;
        let samples = collected((0..n_samples).map(|place| Sample::new(&self.handle, place))).raised()?;
        check_objects::<Sample>(n_samples).raised()?;
        Ok(samples)
    }

    /// Pairs of name and sample, in order.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Vec<(Bound<'py, PyString>, Sample)>> {
        let items = collected(self.keys(py)?.into_iter().zip(self.values()?)).raised()?;
        check_objects::<Sample>(items.len()).raised()?;
        Ok(items)
    }

    fn __len__(&self) -> PyResult<usize> {
        Ok(self.archive()?.samples().raised()?.len())
    }

    /// A sample by its name, or by its place.
    fn __getitem__(&self, sample: &Bound<'_, PyAny>) -> PyResult<Sample> {
        let archive = self.archive()?;
        let Some(place) = clamped(sample)? else {
            let name = sample.extract::<NameArg>()?.0;
            let place = archive.find_sample(name).raised_near(&archive)?;
            return Ok(Sample::new(&self.handle, place));
        };
        let n_samples = archive.samples().raised()?.len();
        match place_of(place, n_samples) {
            Some(place) => Ok(Sample::new(&self.handle, place)),
            None => Err(PyIndexError::new_err(format!("sample {sample} of {n_samples}"))),
        }
    }

    fn __contains__(&self, name: NameArg) -> PyResult<bool> {
        is_found(self.archive()?.find_sample(name.0))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.values()?)?.try_iter()?.into_any())
    }

    /// A contig by its name, which without `sample` must be in one sample only.
    #[pyo3(signature = (name, sample = None))]
    fn contig(&self, py: Python<'_>, name: NameArg, sample: Option<NameArg>) -> PyResult<Sequence> {
        let archive = self.archive()?;
        let sample = sample.as_ref().map(|sample| &sample.0[..]);
        let stretch = py.detach(|| {
            let id = archive.find_contig(sample, &name.0)?;
            StrandedStretch::whole(&self.handle, &archive, id)
        });
        Ok(Sequence::new(stretch.raised_near(&archive)?))
    }

    /// Regions with their letters, decoded on all cores, or on so many `threads`.
    #[pyo3(signature = (regions, *, threads = None))]
    fn regions(
        &self,
        py: Python<'_>,
        regions: Vec<RegionArg>,
        threads: Option<Threads>,
    ) -> PyResult<Vec<Sequence>> {
        let stretches = self.places_of(py, regions)?;
        let letters = self.fetch(py, &stretches, Symbols::ForwardLetters, n_threads(threads))?;
        let sequences = stretches.into_iter().zip(letters);
        Ok(sequences
            .map(|(stretch, letters)| Sequence::holding(stretch, letters))
            .collect())
    }

    /// The letters of regions, or with `codes=True` their codes, as `bytes`: what `regions` does, without objects for the regions.
    #[pyo3(signature = (regions, *, codes = false, threads = None))]
    fn fetch_many<'py>(
        &self,
        py: Python<'py>,
        regions: Vec<RegionArg>,
        #[pyo3(from_py_with = codes_of)] codes: bool,
        threads: Option<Threads>,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let stretches = self.places_of(py, regions)?;
        let symbols = self.fetch(py, &stretches, Symbols::new(codes), n_threads(threads))?;
        symbols.iter().map(|symbols| to_bytes(py, symbols)).collect()
    }

    /// Regions of one length as the rows of an array of shape `(len(regions), length)` and type `uint8`: letters, or with `codes=True`
    /// symbol codes. With `fill`, a letter, shorter ones are filled up at their ends; else they are a `ValueError`.
    #[pyo3(signature = (regions, *, codes = false, fill = None, threads = None))]
    fn matrix<'py>(
        &self,
        py: Python<'py>,
        regions: Vec<RegionArg>,
        #[pyo3(from_py_with = codes_of)] codes: bool,
        #[pyo3(from_py_with = fill_of)] fill: Option<char>,
        threads: Option<Threads>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let stretches = self.places_of(py, regions)?;
        let width = stretches.iter().map(StrandedStretch::len).max().unwrap_or(0);
        let filler = filler(fill, codes)?;
        if let (None, Some(short)) = (filler, stretches.iter().find(|stretch| stretch.len() < width)) {
            let len = short.len();
            let why = format!(
                "regions of {len} and of {width} bases have no matrix unless they are filled up: fill=\"N\""
            );
            return Err(PyValueError::new_err(why));
        }
        let mut cells = room_for_rows(stretches.len(), width).raised()?;
        let rows = self.fetch(py, &stretches, Symbols::new(codes), n_threads(threads))?;
        let width = usize::try_from(width)?;
        for (i, row) in rows.iter().enumerate() {
            cells.extend_from_slice(row);
            cells.resize((i + 1) * width, filler.unwrap_or_default());
        }
        array(py, cells, vec![rows.len(), width])
    }

    /// Contigs of all samples, or of some, with their letters, as an iterator that pulls; threads decode some megabases ahead.
    #[pyo3(signature = (samples = None, *, threads = None))]
    fn records(&self, samples: SampleSelection, threads: Option<Threads>) -> PyResult<Records> {
        let samples = self.places(samples)?;
        let records = self
            .archive()?
            .records(&samples, self.handle.spelling(), n_threads(threads));
        Ok(Records::new(&self.handle, records))
    }

    /// Writes samples as FASTA to a path, where the file appears when it is complete, or to a binary file object.
    #[pyo3(signature = (target, samples = None, *, width = 80, with_sample = false, threads = None))]
    fn to_fasta(
        &self,
        py: Python<'_>,
        target: &Bound<'_, PyAny>,
        samples: SampleSelection,
        #[pyo3(from_py_with = width_of)] width: usize,
        #[pyo3(from_py_with = with_sample_of)] with_sample: bool,
        threads: Option<Threads>,
    ) -> PyResult<()> {
        let wanted = fasta::FastaOptions {
            samples: self.places(samples)?,
            width,
            with_sample,
            spelling: self.handle.spelling(),
            n_threads: n_threads(threads),
        };
        fasta::write(py, &*self.archive()?, &wanted, target)
    }

    /// The samples as a table: `sample`, `contigs` (their number), `bases`.
    fn table(&self, py: Python<'_>) -> PyResult<Table> {
        let archive = self.archive()?;
        py.detach(|| table::of_samples(&archive)).raised()
    }

    /// The contigs as a table: `sample`, `contig` (the first word of the header), `header`, `length` in bases.
    #[pyo3(signature = (samples = None))]
    fn contigs_table(&self, py: Python<'_>, samples: SampleSelection) -> PyResult<Table> {
        let samples = self.places(samples)?;
        let archive = self.archive()?;
        py.detach(|| table::of_contigs(&archive, &samples)).raised()
    }

    #[pyo3(signature = (*, threads = None, progress = None))]
    fn _verify<'py>(
        &self,
        py: Python<'py>,
        threads: Option<Threads>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        verify::verify(py, &*self.archive()?, n_threads(threads), progress.as_ref())
    }

    fn __repr__(&self) -> String {
        let state = if self.closed() { ", closed" } else { "" };
        format!("<ragc.Archive {:?}{state}>", self.path())
    }

    /// It is opened again by its path.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let reopen = py.import("ragc._ragc")?.getattr("_reopen")?;
        let parts = self.handle.how().into_pyobject(py)?;
        Ok((reopen, parts.into_any()))
    }
}

/// What a pickled archive is made of again.
#[pyfunction(name = "_reopen")]
pub(crate) fn reopen(py: Python<'_>, location: String, cache: Option<u64>, upper: bool) -> PyResult<Archive> {
    let how = OpenArgs {
        location,
        cache,
        is_upper: upper,
    };
    Ok(Archive::new(handle_of_pickle(py, how)?))
}

/// What a matrix is filled up with.
fn filler(fill: Option<char>, codes: bool) -> PyResult<Option<u8>> {
    let Some(fill) = fill else { return Ok(None) };
    match u8::try_from(fill) {
        Ok(letter) if codes && letter.is_ascii() => Ok(Some(code_of_letter(letter))),
        Ok(letter) if letter.is_ascii() => Ok(Some(letter)),
        _ => Err(PyValueError::new_err(
            "what a matrix is filled up with is a letter of ASCII",
        )),
    }
}

fn cache_of(given: &Bound<'_, PyAny>) -> PyResult<Option<u64>> {
    whole("cache", given)
}

fn width_of(given: &Bound<'_, PyAny>) -> PyResult<usize> {
    whole("width", given)
}

fn upper_of(given: &Bound<'_, PyAny>) -> PyResult<bool> {
    yes_or_no("upper", given)
}

fn with_sample_of(given: &Bound<'_, PyAny>) -> PyResult<bool> {
    yes_or_no("with_sample", given)
}

fn fill_of(given: &Bound<'_, PyAny>) -> PyResult<Option<char>> {
    typed("fill", "a letter", given)
}
