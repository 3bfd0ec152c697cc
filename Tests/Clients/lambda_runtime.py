"""A Runtime API as Lambda gives one to its functions (version 2018-06-01), for tests and benchmarks."""
import http.server
import json
import queue
import threading
import time
import uuid


class RuntimeAPI:
    """Hands out events one by one; `invoke` waits for what the function makes of one."""

    def __init__(self, arn="arn:aws:lambda:us-west-2:111122223333:function:SageMaker-Prelabel", maximum_response=6 << 20):
        self.arn, self.maximum_response = arn, maximum_response
        self.events = queue.Queue()
        self.answers = {}
        self.initialization_errors = queue.Queue()
        self.first_next = threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def invoke(self, event, seconds=30, timeout=60):
        """The outcome of a call: ("response" | "error", body, headers)."""
        request = str(uuid.uuid4())
        self.answers[request] = queue.Queue()
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self.events.put((request, body, int((time.time() + seconds) * 1000)))
        try:
            return self.answers[request].get(timeout=timeout)
        finally:
            del self.answers[request]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def _handler(api):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Without this, the answer's two packets wait for each other.
            disable_nagle_algorithm = True

            def log_message(self, *arguments):
                pass

            def answer(self, status, body=b"", headers={}):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                assert self.path == "/2018-06-01/runtime/invocation/next"
                api.first_next.set()
                request, body, deadline = api.events.get()
                self.answer(200, body, {
                    "Content-Type": "application/json", "Lambda-Runtime-Aws-Request-Id": request, "Lambda-Runtime-Deadline-Ms": str(deadline),
                    "Lambda-Runtime-Invoked-Function-Arn": api.arn, "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
                    "Lambda-Runtime-Client-Context": "", "Lambda-Runtime-Cognito-Identity": "",
                })

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                parts = self.path.removeprefix("/2018-06-01/runtime/").split("/")
                if parts == ["init", "error"]:
                    api.initialization_errors.put((json.loads(body), self.headers))
                    return self.answer(202)
                _, request, kind = parts
                if kind == "response" and len(body) > api.maximum_response:
                    return self.answer(413, b"{}")
                if request not in api.answers:
                    return self.answer(400, b"{}")
                self.answer(202, b"{}")
                api.answers[request].put((kind, body, self.headers))

        return Handler
