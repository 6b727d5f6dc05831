"""Type stubs tell what is there, and the package is typed."""

import subprocess
import sys
import textwrap

import pytest

pytest.importorskip("mypy")
pytest.importorskip("numpy")


def run(*arguments, cwd):
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    assert done.returncode == 0, done.stdout.decode()


def test_stubs_are_what_the_module_is(tmp_path):
    # What has its types in its own text is checked below.
    run("mypy.stubtest", "ragc._ragc", cwd=tmp_path)


def test_the_package_is_typed_and_its_use_is_checked(tmp_path):
    run("mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "-p", "ragc", cwd=tmp_path)
    use = tmp_path / "use.py"
    use.write_text(
        textwrap.dedent(
            """
            import ragc
            import ragc.agc_compat as py_agc_api

            def of(path: str) -> str:
                with ragc.open(path, upper=True) as archive:
                    letters: str = str(archive["SK1"]["chrIV"][1000:2000:-1])
                    parts: list[bytes] = archive.fetch_many([("SK1", "chrI", 0, None), ("SK1", "chrI")])
                    n: int = archive["SK1"]["chrIV"].numpy(codes=True).shape[0]
                    summary: ragc.Summary = ragc.create("x.agc", {"a": b"", "b": ["x.fa", "y.fa"]}, keep="case", verify=True)
                    agc = py_agc_api.CAGCFile()
                    return letters + agc.GetCtgSeq("chrI", 0, 9) + str((parts, n, summary.n_bases))
            """
        )
    )
    run("mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), "use.py", cwd=tmp_path)
