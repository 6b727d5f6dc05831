"""Archives on a server: nginx, where it is installed."""

import grp
import multiprocessing
import os
import pickle
import pwd
import shutil
import socket
import subprocess
import time

import pytest
import ragc

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
DEADLINE = 60

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
