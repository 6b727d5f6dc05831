"""What programs for `py_agc_api` rely on."""

import pytest
import ragc
import ragc.agc_compat as py_agc_api
from conftest import CONTIGS, GOLDEN, SAMPLES


@pytest.fixture
def agc(path):
    agc = py_agc_api.CAGCFile()
    assert agc.Open(str(path), True) is True
    return agc


def test_opening_and_closing(path, tmp_path):
    agc = py_agc_api.CAGCFile()
    names = py_agc_api.StringVector()
    closed = (agc.NSample(), agc.NCtg("SK1"), agc.GetReferenceSample(), agc.GetCtgLen("SK1", "chrI"), agc.GetCtgSeq("SK1", "chrI", 0, 1))
    assert closed == (-1, -1, "", -1, "")
    assert agc.ListSample(names) == -1 and agc.ListCtg("SK1", names) == -1 and agc.Close() is False
    # One whose opening has failed can be used again.
    assert agc.Open(str(tmp_path / "absent.agc"), False) is False
    assert agc.Open(str(path), False) is True and agc.Open(str(path), False) is False
    assert agc.Close() is True and agc.Close() is False
    assert agc.Open(str(path), True) is True and agc.NSample() == 3
    with pytest.raises(TypeError):
        agc.Open(str(path))


def test_names(agc):
    names = py_agc_api.StringVector()
    names.append("what was there")
    assert agc.ListSample(names) == 0 and list(names) == sorted(SAMPLES)
    assert agc.NCtg("SK1") == 4 and agc.NCtg("SK2") == -1 and agc.GetReferenceSample() == "S288C"
    assert agc.ListCtg("SK1", names) == 0 and list(names) == [f"{contig} of SK1" for contig in CONTIGS]
    assert agc.ListCtg("SK2", names) == 0 and len(names) == 4
    for call in (lambda: agc.ListSample([]), lambda: agc.ListCtg("SK1", []), lambda: agc.NCtg(1)):
        with pytest.raises(TypeError):
            call()


def test_sequences(agc, genomes):
    letters = genomes["SK1"]["chrI"].upper()
    assert agc.GetCtgLen("SK1", "chrI") == len(letters)
    assert (agc.GetCtgLen("SK1", "chrX"), agc.GetCtgLen("SK2", "chrI"), agc.GetCtgLen("", "chrI")) == (-1, -1, -2)
    for start, end, expected in [
        (0, 9, letters[:10]),
        (5000, 5009, letters[5000:5010]),
        (-1, -1, letters),
        (-5, 3, letters[:4]),
        (19_990, -1, letters[19_990:]),
        (19_990, 99_999, letters[19_990:]),
        (20_000, 20_010, ""),
        (7, 7, letters[7]),
        (9, 7, ""),
    ]:
        assert agc.GetCtgSeq("SK1", "chrI", start, end) == expected, (start, end)
    assert agc.GetCtgSeq("chrI", 0, 9) == "" == agc.GetCtgSeq("SK1", "chrX", 0, 9)
    with pytest.raises(TypeError):
        agc.GetCtgSeq("SK1", "chrI")
    with pytest.raises(TypeError):
        agc.GetCtgSeq("SK1", "chrI", "0", "9")
    tiny = py_agc_api.CAGCFile()
    tiny.Open(str(GOLDEN / "archives" / "tiny.agc"), True)
    assert tiny.GetCtgSeq("tiny", 0, 4) == "ACGTN" == tiny.GetCtgSeq("", "tiny", -1, -1)


def test_letters_are_those_that_agc_knows(tmp_path):
    path = tmp_path / "x.agc"
    ragc.create(path, {"a": b">c\nACGTacgt-*NRYSWKMBDHVuACGTACGTACGTACGT\n"})
    agc = py_agc_api.CAGCFile()
    agc.Open(str(path), True)
    assert agc.GetCtgSeq("a", "c", -1, -1) == "ACGTACGTNNNRYSWKMBDHVUACGTACGTACGTACGT"


def test_string_vectors():
    vector = py_agc_api.StringVector()
    assert not vector and len(vector) == 0 and repr(vector) == "StringVector[]"
    vector.append("a")
    vector.extend(["b", "c"])
    vector.insert(0, "z")
    assert repr(vector) == "StringVector[z, a, b, c]" and vector and len(vector) == 4
    assert vector[0] == "z" and vector[-1] == "c" and list(vector[1:3]) == ["a", "b"]
    vector[0] = "y"
    del vector[1]
    assert list(vector) == ["y", "b", "c"] and "b" in vector and "z" not in vector and vector.count("b") == 1
    assert vector.pop() == "c" and vector.pop(0) == "y"
    vector.remove("b")
    assert vector == py_agc_api.StringVector() and vector != [] and py_agc_api.StringVector(["a"]) != vector
    vector.append("x")
    vector.pop_back()
    vector.append("x")
    vector.clear()
    assert len(vector) == 0
    for wrong, error in [(lambda: vector[0], IndexError), (vector.pop, IndexError), (lambda: vector.remove("x"), ValueError), (lambda: vector.append(1), TypeError), (lambda: vector.insert(5, "x"), IndexError), (lambda: hash(vector), TypeError)]:
        with pytest.raises(error):
            wrong()


def test_what_else_stands_for_names_and_numbers(agc, path):
    class Number:
        def __index__(self):
            return 4

    assert agc.GetCtgSeq(b"SK1", b"chrI", Number(), Number()) == agc.GetCtgSeq("SK1", "chrI", 4, 4) != ""
    assert agc.GetCtgLen(b"SK1", b"chrI") == 20_000 and py_agc_api.CAGCFile().Open(str(path).encode(), True)
    vector = py_agc_api.StringVector([b"a", "b"])
    vector[0:1] = py_agc_api.StringVector(["z"])
    assert list(vector) == ["z", "b"]
