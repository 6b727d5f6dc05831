"""Listings as columns."""

import gc

import pytest
from conftest import CONTIGS, SAMPLES

SAMPLE_COLUMNS = {"sample": SAMPLES, "contigs": [4, 4, 4], "bases": [80_000] * 3}


def test_columns_need_nothing_else(archive):
    table = archive.table()
    assert table.to_dict() == SAMPLE_COLUMNS == {name: table[name] for name in table.keys()}
    assert dict(table.to_dict()) == SAMPLE_COLUMNS and len(table) == 3 and "bases" in repr(table)
    with pytest.raises(KeyError):
        table["length"]
    contigs = archive.contigs_table()
    assert contigs.keys() == ["sample", "contig", "header", "length"] and len(contigs) == 12
    assert contigs["contig"] == CONTIGS * 3 and contigs["length"] == [20_000] * 12
    assert archive.contigs_table(["Y12"])["header"] == [f"{name} of Y12" for name in CONTIGS]
    assert len(archive.contigs_table([])) == 0
    with pytest.raises(KeyError):
        archive.contigs_table(["Y13"])


def test_pyarrow(archive):
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.table(archive.table())
    assert table.to_pydict() == SAMPLE_COLUMNS
    assert [field.type for field in table.schema] == [pyarrow.string(), pyarrow.uint64(), pyarrow.uint64()]
    contigs = archive.contigs_table()
    tables = [pyarrow.table(contigs) for _ in range(3)]
    del contigs
    gc.collect()
    assert all(table.column("length").to_pylist() == [20_000] * 12 for table in tables)
    assert pyarrow.table(archive.contigs_table([])).num_rows == 0


def test_a_stream_that_nobody_takes_is_freed(archive):
    for _ in range(100):
        archive.contigs_table().__arrow_c_stream__()
    gc.collect()


def test_pandas(archive):
    pandas = pytest.importorskip("pandas")
    table = archive.contigs_table()
    if hasattr(pandas.DataFrame, "from_arrow"):
        frame = pandas.DataFrame.from_arrow(table)
    else:
        frame = pandas.DataFrame(table.to_dict())
    assert frame.groupby("sample")["length"].sum().to_dict() == dict.fromkeys(SAMPLES, 80_000)


def test_polars(archive):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(archive.contigs_table())
    assert frame.filter(polars.col("sample") == "SK1")["length"].sum() == 80_000
    assert polars.DataFrame(archive.table()).to_dict(as_series=False) == SAMPLE_COLUMNS
