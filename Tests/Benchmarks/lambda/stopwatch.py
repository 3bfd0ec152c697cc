"""A Runtime API in one thread, which takes the time from the event's first byte sent to the response's last byte received.

The test suite's API answers from several threads; they would wait for Python's interpreter lock, and the waiting would be measured.
"""
import selectors
import socket
import time
import uuid


class Stopwatch:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.received = {}
        self.waiting = None

    def call(self, event):
        """Hands out one event; returns the path that the answer was sent to, its body, and the seconds it took."""
        while not self.waiting:
            self.read()
        connection, self.waiting = self.waiting, None
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: %s\r\nLambda-Runtime-Deadline-Ms: %d\r\n"
            "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-west-2:111122223333:function:SageMaker-Prelabel\r\n"
            "Lambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793\r\nContent-Length: %d\r\n\r\n"
        ) % (uuid.uuid4(), (time.time() + 30) * 1000, len(event))
        start = time.perf_counter()
        connection.sendall(head.encode() + event)
        while not (answer := self.read()):
            pass
        path, body, end = answer
        return path, body, end - start

    def read(self):
        """Takes what came; an answer of the function is answered in turn and returned."""
        for key, _ in self.selector.select():
            connection = key.fileobj
            if connection is self.listener:
                accepted, _ = connection.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.received[accepted] = b""
                self.selector.register(accepted, selectors.EVENT_READ)
                continue
            piece = connection.recv(1 << 16)
            if not piece:
                self.selector.unregister(connection)
                continue
            self.received[connection] += piece
            head, separator, body = self.received[connection].partition(b"\r\n\r\n")
            if not separator:
                continue
            method, path, _ = head.split(b"\r\n", 1)[0].split(b" ")
            if method == b"GET":
                self.waiting, self.received[connection] = connection, b""
                continue
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            if len(body) == length:
                self.received[connection] = b""
                end = time.perf_counter()
                connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")
                return path.decode(), body, end
        return None
