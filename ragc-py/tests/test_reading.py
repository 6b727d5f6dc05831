"""Names, slices, letters and codes."""

import io
import os

import pytest
import ragc
from conftest import CONTIGS, GOLDEN, SAMPLES, reverse_complement


def test_a_slice_is_what_it_is_of_a_string(archive, genomes):
    contig, letters = archive["SK1"]["chrIV"], genomes["SK1"]["chrIV"]
    assert len(contig) == len(letters) and str(contig) == letters
    places = [None, 0, 1, 90, 130, 5990, 19_999, 20_000, 30_000, -1, -20_000, -30_000]
    for start in places:
        for stop in places:
            assert str(contig[start:stop]) == letters[start:stop], (start, stop)
            backwards = letters[start:stop:-1]
            assert str(contig[start:stop:-1]) == reverse_complement(backwards[::-1]), (start, stop)


def test_slices_of_slices_are_on_the_strand_that_is_shown(archive, genomes):
    letters = reverse_complement(genomes["Y12"]["chrII"][4000:6500])
    stretch = archive["Y12"]["chrII"][4000:6500][::-1]
    assert (stretch.start, stretch.end, stretch.strand) == (4000, 6500, "-")
    assert str(stretch[10:700]) == letters[10:700]
    assert str(stretch[-700:]) == letters[-700:]
    part = stretch[10:700]
    assert (part.start, part.end, part.strand) == (5800, 6490, "-")
    back = part[::-1]
    assert (back.start, back.end, back.strand) == (5800, 6490, "+")
    assert str(-back) == str(part) == str(back.reverse_complement())


def test_letters_by_their_places(archive, genomes):
    contig, letters = archive["SK1"]["chrI"], genomes["SK1"]["chrI"]
    for place in (0, 110, -1, -20_000):
        assert str(contig[place]) == letters[place] and len(contig[place]) == 1
    for place in (20_000, -20_001):
        with pytest.raises(IndexError, match="20000 bases"):
            contig[place]
    assert "".join(contig[95:125]) == letters[95:125]
    assert letters[200:220] in contig and "X" not in contig


@pytest.mark.parametrize("step", [2, -2, 0])
def test_other_steps_are_refused(archive, step):
    with pytest.raises(ValueError, match="step"):
        archive["SK1"]["chrI"][0:10:step]


def test_what_is_no_index_is_told(archive):
    with pytest.raises(TypeError, match="integers and slices"):
        archive["SK1"]["chrI"]["x"]
    with pytest.raises(TypeError, match="a name is a str"):
        archive[1.5]


def test_bytes_and_case(path, archive, genomes):
    letters = genomes["S288C"]["chrIII"][4990:5010]
    stretch = archive["S288C"]["chrIII"][4990:5010]
    assert bytes(stretch) == letters.encode() == stretch.seq.encode()
    assert stretch == letters and stretch == letters.encode() and stretch != letters.upper()
    assert stretch == archive["S288C"]["chrIII"][4990:5010] and stretch != 7
    with ragc.open(path, upper=True) as upper:
        assert upper["S288C"]["chrIII"][4990:5010] == letters.upper()


def test_names_in_order(archive):
    assert archive.keys() == SAMPLES and len(archive) == 3
    assert [sample.name for sample in archive] == SAMPLES
    assert [name for name, _ in archive.items()] == [sample.name for sample in archive.values()]
    sample = archive["SK1"]
    assert sample.keys() == CONTIGS and len(sample) == 4
    assert [contig.name for contig in sample] == [name for name, _ in sample.items()] == CONTIGS
    assert sample.lengths() == [20_000] * 4
    assert archive.reference_sample == "S288C"
    assert archive[1].name == "SK1" and archive[-1].name == "Y12"
    assert sample[0].name == "chrI" and sample[-1].name == "chrIV"
    assert sample["chrI"].long_name == "chrI of SK1" and sample["chrI of SK1"].name == "chrI"
    assert sample["chrI"].sample == "SK1"
    assert "SK1" in archive and "SK2" not in archive and "chrI" in sample and "chr9" not in sample
    for wrong in (3, -4):
        with pytest.raises(IndexError):
            archive[wrong]
    with pytest.raises(IndexError):
        sample[4]
    assert archive.params["k"] == 31
    assert "SK1" in repr(sample) and "chrI [5:9] +" in repr(sample["chrI"][5:9]) and "yeast.agc" in repr(archive)


def test_absent_names_are_key_errors_with_near_ones(archive):
    with pytest.raises(KeyError) as told:
        archive["SK2"]
    error = told.value
    assert isinstance(error, ragc.NotFoundError) and isinstance(error, ragc.Error)
    assert (error.code, error.near[0], error.sample) == ("not-found", "SK1", None)
    assert 'there is no sample "SK2"; near: "SK1"' in str(error)
    with pytest.raises(KeyError) as told:
        archive["SK1"]["chr4"]
    assert told.value.near[0] == "chrIV" and told.value.sample == "SK1"


def test_a_contig_without_its_sample(archive):
    assert archive.contig("chrI", "Y12").sample == "Y12"
    with pytest.raises(ragc.AmbiguousError, match="3 samples"):
        archive.contig("chrI")
    with pytest.raises(KeyError):
        archive.contig("chrX")
    with ragc.open(GOLDEN / "archives" / "tiny.agc") as tiny:
        assert tiny.contig("tiny").sample == "s"


def test_a_closed_archive_says_so(path):
    with ragc.open(path) as archive:
        sample, contig = archive["SK1"], archive["SK1"]["chrI"]
        assert not archive.closed
    assert archive.closed and "closed" in repr(archive)
    for use in (lambda: archive["SK1"], lambda: sample["chrI"], lambda: str(contig), lambda: len(archive)):
        with pytest.raises(ValueError, match="closed") as told:
            use()
        assert told.value.code == "closed"
    archive.close()


def test_what_cannot_be_opened(tmp_path, fasta):
    with pytest.raises(FileNotFoundError) as told:
        ragc.open(tmp_path / "absent.agc")
    assert isinstance(told.value, ragc.FileError) and told.value.code == "io" and told.value.errno == 2
    assert told.value.path == str(tmp_path / "absent.agc")
    with pytest.raises(ragc.NotArchiveError, match="FASTA"):
        ragc.open(fasta["SK1"])
    with pytest.raises(ragc.FileError, match="ftp"):
        ragc.open("ftp://somewhere/x.agc")


def test_damage_is_told(path, tmp_path):
    damaged = tmp_path / "damaged.agc"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x55
    damaged.write_bytes(content)
    report = ragc.verify(damaged)
    assert not report and not report.is_intact and report.damages
    with pytest.raises(ragc.DamageError) as told:
        with ragc.open(damaged) as archive:
            for record in archive.records():
                pass
    assert told.value.code in ("checksum", "corrupt", "truncated", "too-large")


@pytest.mark.parametrize("threads", [1, 3, None])
def test_records_come_one_after_the_other(archive, genomes, threads):
    records = list(archive.records(threads=threads))
    told = [(record.sample, record.name, str(record)) for record in records]
    assert told == [(sample, contig, letters) for sample in SAMPLES for contig, letters in genomes[sample].items()]
    # What is held is sliced without the archive.
    assert str(records[0][100:130][::-1]) == reverse_complement(genomes["S288C"]["chrI"][100:130])
    assert [record.sample for record in archive.records(["Y12"], threads=threads)] == ["Y12"] * 4
    records = archive.records(threads=threads)
    assert next(records).name == "chrI"
    del records


def test_fasta_of_samples(archive, genomes, tmp_path, fasta):
    target = tmp_path / "all.fa"
    archive.to_fasta(target)
    whole = target.read_text()
    assert whole.count(">") == 12 and max(map(len, whole.splitlines())) == 80
    archive.to_fasta(target, ["SK1"], width=60)
    assert target.read_text() == fasta["SK1"].read_text()
    text = io.BytesIO()
    archive.to_fasta(text, ["Y12"], width=60, with_sample=True, threads=1)
    assert text.getvalue().decode() == fasta["Y12"].read_text().replace(">", ">Y12#")
    with pytest.raises(ValueError, match="gzip.open"):
        archive.to_fasta(tmp_path / "x.fa.gz")
    with pytest.raises(ValueError, match="archive"):
        archive.to_fasta(archive.path)
    with pytest.raises(KeyError):
        archive.to_fasta(target, ["SK2"])
    assert os.listdir(tmp_path) == ["all.fa"]


def test_what_a_file_object_raises_is_raised(archive):
    class Full:
        def write(self, piece):
            raise RuntimeError("it is full")

    with pytest.raises(RuntimeError, match="it is full"):
        archive.to_fasta(Full())


def test_many_regions(archive, genomes):
    regions = [(sample, contig, at, at + 100) for sample in SAMPLES for contig in CONTIGS for at in range(0, 20_000, 900)]
    expected = [genomes[sample][contig][at:end] for sample, contig, at, end in regions]
    assert archive.fetch_many(regions) == [letters.encode() for letters in expected]
    assert [str(stretch) for stretch in archive.regions(regions, threads=2)] == expected
    assert archive.fetch_many([]) == []
    backwards = [(*region, "-") for region in regions]
    assert archive.fetch_many(backwards, threads=1) == [reverse_complement(letters).encode() for letters in expected]
    assert archive.fetch_many([archive["SK1"]["chrI"][7:9], ("SK1", "chrI", -5, None), ("SK1", "chrI")]) == [
        genomes["SK1"]["chrI"][part].encode() for part in (slice(7, 9), slice(-5, None), slice(None))
    ]
    assert archive.fetch_many([("SK1", "chrI", 100, 108)], codes=True) == [bytes([4, 5, 6, 7, 8, 9, 10, 11])]


def test_regions_that_are_none(path, archive):
    with pytest.raises(KeyError) as told:
        archive.regions([("SK1", "chrI", 0, 9), ("SK1", "chr2", 0, 9)])
    assert told.value.near[0] == "chrII"
    for wrong in (("SK1",), "SK1:chrI", ["SK1", "chrI"]):
        with pytest.raises(TypeError, match="a region is"):
            archive.regions([wrong])
    with pytest.raises(ValueError, match="strand"):
        archive.regions([("SK1", "chrI", 0, 9, "x")])
    with ragc.open(path) as other:
        with pytest.raises(ValueError, match="another archive"):
            archive.regions([other["SK1"]["chrI"]])


def test_archives_of_agc_are_read():
    with ragc.open(GOLDEN / "archives" / "v3_default.agc") as archive:
        assert all(len(str(contig)) == len(contig) for sample in archive for contig in sample)


def test_names_that_are_no_utf8(tmp_path):
    path = tmp_path / "odd.agc"
    ragc.create(path, {"caf\u00e9": b">caf\xe9 x\nACGTACGT\n>\xc3\xa9\nGGGGCCCC\n"})
    with ragc.open(path) as archive:
        names = archive["caf\u00e9"].keys()
        assert names == ["caf\udce9", "\u00e9"]
        assert archive["caf\u00e9"][names[0]] == "ACGTACGT" == archive["caf\u00e9"][b"caf\xe9"]
        assert len(archive.contigs_table()) == 2


@pytest.mark.parametrize("n_told", [1 << 40, -1])
def test_a_target_that_miscounts_is_told(archive, n_told):
    class Target:
        def write(self, piece):
            return n_told

    with pytest.raises(ragc.FileError, match="says that it took"):
        archive.to_fasta(Target())


def test_held_letters_that_are_turned_twice_are_the_same(tmp_path):
    ragc.create(tmp_path / "u.agc", {"s": b">c\nACGUacgu\n"})
    with ragc.open(tmp_path / "u.agc") as archive:
        lazy = archive["s"]["c"]
        for held in (archive.regions([("s", "c")])[0], next(archive.records()), archive.regions([("s", "c", 0, 8, "-")])[0][::-1]):
            assert str(held[::-1][::-1]) == str(held) == str(lazy) == "ACGUacgu"
            assert str(held[1:5][::-1]) == str(lazy[1:5][::-1]) and held[::-1] == lazy[::-1]


def test_numbers_beyond_all_contigs(archive):
    contig = archive["SK1"]["chrI"]
    for place in (10**30, -(10**30)):
        for of in (contig, archive, archive["SK1"]):
            with pytest.raises(IndexError):
                of[place]
    assert archive.fetch_many([("SK1", "chrI", -(10**30), 10**30)]) == [bytes(contig)]
    for wrong in (0, -1):
        with pytest.raises(ragc.OptionError, match="threads"):
            archive.fetch_many([], threads=wrong)
    with pytest.raises(ragc.OptionError, match="cache"):
        ragc.open(archive.path, cache=-1)


def test_options_of_another_kind_are_told_by_their_names(archive):
    contig, regions = archive["SK1"]["chrI"], [("SK1", "chrI", 0, 9)]
    for asked, message in [
        (lambda: contig.numpy(codes="x"), "codes is True or False, not 'x'"),
        (lambda: archive.fetch_many(regions, codes=1), "codes is True or False, not 1"),
        (lambda: archive.fetch_many(regions, threads="x"), "threads is a whole number, not 'x'"),
        (lambda: archive.matrix(regions, fill=7), "fill is a letter, not 7"),
        (lambda: archive.to_fasta(io.BytesIO(), width=1.5), "width is a whole number, not 1.5"),
        (lambda: archive.to_fasta(io.BytesIO(), with_sample=None), "with_sample is True or False, not None"),
    ]:
        with pytest.raises(TypeError, match=message):
            asked()
