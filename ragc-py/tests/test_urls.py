"""Archives on a server: nginx, where it is installed, or one of this process."""

import contextlib
import grp
import http.server
import multiprocessing
import os
import pickle
import pwd
import shutil
import socket
import subprocess
import threading
import time

import pytest
import ragc
from children import DEADLINE, answer_of_child

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

CONFIGURATION = """
user {user} {group};
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory, path):
    """A server of the folder of the archive: its address."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # Folders of tests are read by their owner alone.
    configuration = CONFIGURATION.format(
        folder=folder,
        port=port,
        root=path.parent,
        user=pwd.getpwuid(os.getuid()).pw_name,
        group=grp.getgrgid(os.getgid()).gr_name,
    )
    (folder / "conf").write_text(configuration)
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "conf"], stderr=subprocess.DEVNULL)
    end = time.monotonic() + DEADLINE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None and time.monotonic() < end, "the server does not start"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(DEADLINE)


def letters_of(archive):
    return str(archive["SK1"]["chrII"][4990:5010])


def send(archive, answers):
    answers.put(letters_of(archive))


def test_an_archive_is_read_at_its_url(server, genomes):
    with ragc.open(f"{server}/yeast.agc") as archive:
        assert letters_of(archive) == genomes["SK1"]["chrII"][4990:5010]
        assert archive.path == f"{server}/yeast.agc"
        again = pickle.loads(pickle.dumps(archive))
        assert letters_of(again) == letters_of(archive)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_open_it_again(server, genomes, method):
    context = multiprocessing.get_context(method)
    with ragc.open(f"{server}/yeast.agc") as archive:
        letters_of(archive)
        answers = context.Queue()
        child = context.Process(target=send, args=(archive, answers))
        child.start()
        assert answers.get(timeout=DEADLINE) == genomes["SK1"]["chrII"][4990:5010]
        child.join(DEADLINE)
        assert child.exitcode == 0
        assert letters_of(archive) == genomes["SK1"]["chrII"][4990:5010]


def test_what_is_not_there_is_told_without_secrets(server):
    url = server.replace("http://", "http://user:secret@")
    with pytest.raises(ragc.Error, match="404") as raised:
        ragc.open(f"{url}/absent.agc?signature=secret")
    assert "secret" not in str(raised.value)


class Answer(http.server.BaseHTTPRequestHandler):
    """A range of the object of the server, with the headers that it has."""

    def do_GET(self):
        body, headers = self.server.served
        first, last = self.headers["Range"].removeprefix("bytes=").split("-")
        start = int(first) if first else max(len(body) - int(last), 0)
        end = min(int(last) + 1, len(body)) if first else len(body)
        self.send_response_only(206)
        self.send_header("Content-Length", str(end - start))
        self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(body)}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[start:end])


@contextlib.contextmanager
def serving(body, headers):
    """A server of one object, which another may replace (`served`)."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.served = body, headers
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(DEADLINE)


ONE = {"ETag": '"1"', "Last-Modified": "Fri, 01 May 2026 08:00:00 GMT"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.parametrize(
    ("of_one", "of_other", "is_longer"),
    [
        (ONE, {**ONE, "ETag": '"2"'}, False),
        ({}, {}, True),
        (
            {"Last-Modified": "Fri, 01 May 2026 08:00:00 GMT"},
            {"Last-Modified": "Fri, 01 May 2026 08:00:01 GMT"},
            False,
        ),
    ],
    ids=["ETag", "length", "time"],
)
def test_an_object_that_was_replaced_is_no_mixture(tmp_path, of_one, of_other, is_longer):
    one = tmp_path / "one.agc"
    ragc.create(one, {"a": b">c\nACGTACGTAC\n"})
    other = tmp_path / "other.agc"
    ragc.create(other, {"a": b">c\nGGGGGCCCCC" + b"ACGTTGCAAT" * 9 * is_longer + b"\n"})
    one, other = one.read_bytes(), other.read_bytes()
    # What a server tells beside the length is compared where the length is the same.
    assert is_longer == (len(one) != len(other))
    with serving(one, of_one) as server:
        with ragc.open(f"http://127.0.0.1:{server.server_port}/x.agc?signature=secret") as archive:
            def ask():
                try:
                    return str(archive["a"]["c"])
                except ragc.Error as error:
                    return f"{type(error).__name__} {error}"

            assert ask() == "ACGTACGTAC" and answer_of_child(ask) == "ACGTACGTAC"
            server.served = other, of_other
            # This process keeps what it has opened.
            assert ask() == "ACGTACGTAC"
            told = answer_of_child(ask)
            assert told.startswith("FileError ") and "/x.agc: the archive was changed after it was opened" in told
            assert "secret" not in told
