"""S3 servers for the tests: two that others wrote, and small ones that misbehave as a test says."""
import contextlib
import http.server
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import boto3
from botocore.config import Config
from processes import free_port
from waiting import until

KEY_ID = "AKIAPRELABELCLIENTS1"
SECRET = "tHiS/sEcReT+mUsTnEvErBePrInTeD0123456789"
TOOLS = Path(sys.executable).parent


class Server:
    """An S3 server with keys, as the program and as boto3 reach it."""

    def __init__(self, name, endpoint, folder=None):
        self.name, self.endpoint, self.folder = name, endpoint, folder
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "eu-central-1",
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1",
        }

    def client(self, service="s3"):
        return boto3.client(
            service, endpoint_url=self.endpoint, aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET, region_name="eu-central-1",
            config=Config(s3={"addressing_style": "path"}, proxies={}, retries={"max_attempts": 1}, max_pool_connections=16),
        )

    def bucket(self, name):
        self.client().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        return name


def answers(process, port):
    assert process.poll() is None, f"{process.args[0]} ended with {process.returncode}"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


@contextlib.contextmanager
def running(command, port):
    """Runs a server until the block ends; its output goes nowhere."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"AWS_ENDPOINT_URL": ""})
    try:
        until(lambda: answers(process, port), what=f"{command[0]} does not start")
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextlib.contextmanager
def rclone(folder):
    port = free_port()
    command = [TOOLS / "rclone", "serve", "s3", "--auth-key", f"{KEY_ID},{SECRET}", "--addr", f"127.0.0.1:{port}", "--vfs-cache-mode", "off", folder]
    with running(command, port):
        yield Server("rclone", f"http://127.0.0.1:{port}", folder)


@contextlib.contextmanager
def moto():
    port = free_port()
    with running([TOOLS / "moto_server", "-H", "127.0.0.1", "-p", str(port)], port):
        yield Server("moto", f"http://127.0.0.1:{port}")


@contextlib.contextmanager
def scripted(handle, context=None):
    """A server that calls `handle(request)` for each request; `request.number` counts them from 0, `server.requests` keeps them.

    `context` is an SSL context for https.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            length = int(self.headers.get("Content-Length", 0))
            self.body = self.rfile.read(length)
            with server.lock:
                self.number = len(server.requests)
                server.requests.append(self)
            handle(self)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer

        def reply(self, status, body=b"", headers=()):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def fail(self, status, code, headers=()):
            self.reply(status, f"<Error><Code>{code}</Code><Message>as the test says</Message></Error>".encode(), headers)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.requests, server.lock = True, [], threading.Lock()
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        result = Server("scripted", f"http{'s' if context else ''}://127.0.0.1:{server.server_port}")
        result.requests = server.requests
        yield result
    finally:
        server.shutdown()
        server.server_close()
