"""What README and docs/python.md show runs."""

import gzip
import re
import shutil

import pytest
from conftest import ROOT

CELL = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


def run_cells(text, name):
    """Runs them in one name space, as a notebook; errors tell the line of the document."""
    names = {}
    cells = list(CELL.finditer(text))
    assert cells, f"{name} has no cells"
    for cell in cells:
        lines_before = text.count("\n", 0, cell.start(1))
        exec(compile("\n" * lines_before + cell[1], name, "exec"), names)


@pytest.fixture
def here(tmp_path, monkeypatch, path, fasta):
    """A folder with what the documents name."""
    shutil.copy(path, tmp_path / "yeast.agc")
    for sample, text in fasta.items():
        (tmp_path / f"{sample}.fa.gz").write_bytes(gzip.compress(text.read_bytes()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tutorial(here):
    pytest.importorskip("numpy")
    run_cells((ROOT / "docs" / "python.md").read_text(encoding="utf-8"), "docs/python.md")


def test_the_readme(here):
    pytest.importorskip("numpy")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    start = text.index("## From Python\n")
    end = text.index("\n## ", start + 1)
    run_cells("\n" * text.count("\n", 0, start) + text[start:end], "README.md")
    run_cells((ROOT / "ragc-py" / "README.md").read_text(encoding="utf-8"), "ragc-py/README.md")
