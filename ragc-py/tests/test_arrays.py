"""Arrays of numpy."""

import gc

import pytest
from conftest import SAMPLES, reverse_complement

numpy = pytest.importorskip("numpy")


def test_letters_and_codes(archive, genomes):
    letters = genomes["SK1"]["chrI"][90:130]
    stretch = archive["SK1"]["chrI"][90:130]
    array = stretch.numpy()
    assert array.dtype == numpy.uint8 and array.shape == (40,) and array.tobytes().decode() == letters
    codes = stretch.numpy(codes=True)
    assert codes.tobytes() == bytes("ACGTNRYSWKMBDHVU".index(letter) for letter in letters.upper())
    back = stretch[::-1]
    assert back.numpy().tobytes().decode() == reverse_complement(letters)
    of_back = bytes("ACGTNRYSWKMBDHVU".index(letter) for letter in reverse_complement(letters).upper())
    assert back.numpy(codes=True).tobytes() == of_back
    held = next(archive.records(["SK1"]))[90:130]
    assert held.numpy().tobytes().decode() == letters and (held.numpy(codes=True) == codes).all()
    assert (held[::-1].numpy(codes=True) == back.numpy(codes=True)).all()


def test_an_array_has_its_memory_for_itself(archive, genomes):
    array = archive["SK1"]["chrI"].numpy()
    # It refers to what the library has filled, which is not there a second time.
    assert not array.flags.owndata and array.flags.writeable
    view = array[10:20]
    del array
    gc.collect()
    [archive["SK1"]["chrI"].numpy() for _ in range(10)]
    assert view.tobytes().decode() == genomes["SK1"]["chrI"][10:20]
    view[:] = 0
    assert str(archive["SK1"]["chrI"][10:20]) == genomes["SK1"]["chrI"][10:20]
    assert archive["SK1"]["chrI"][5:5].numpy().shape == (0,)


def test_a_matrix_has_a_row_for_each_region(archive, genomes):
    regions = [(sample, "chrII", 4990, 5090) for sample in SAMPLES]
    matrix = archive.matrix(regions)
    assert matrix.shape == (3, 100) and matrix.dtype == numpy.uint8
    assert [row.tobytes().decode() for row in matrix] == [genomes[sample]["chrII"][4990:5090] for sample in SAMPLES]
    codes = archive.matrix(regions, codes=True, threads=1)
    assert codes.max() < 4 and (codes[0] == archive["S288C"]["chrII"][4990:5090].numpy(codes=True)).all()
    short = [("SK1", "chrII", 0, 4), ("SK1", "chrII", 0, 6)]
    with pytest.raises(ValueError, match="4 and of 6 bases"):
        archive.matrix(short)
    assert archive.matrix(short, fill="-")[0].tobytes().decode() == genomes["SK1"]["chrII"][:4] + "--"
    assert archive.matrix(short, fill="N", codes=True)[0, 4:].tolist() == [4, 4]
    with pytest.raises(ValueError, match="ASCII"):
        archive.matrix(short, fill="\u00e9")
    with pytest.raises(ValueError, match="ASCII"):
        archive.matrix(short, fill="\u20ac")
    assert archive.matrix([]).shape == (0, 0)
