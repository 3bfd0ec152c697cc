"""The program under test and its processes, for client tests, benchmarks and long runs."""
import contextlib
import os
import random
import socket
import threading
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# Another build is tried with PRELABEL_BINARY.
BINARY = Path(os.environ.get("PRELABEL_BINARY") or PROJECT / ".build" / "release" / "prelabel").absolute()


def free_port():
    """A port to listen on, below those that the system gives to outgoing connections: none takes it in the meantime."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def descendants(pid):
    """A process and all its descendants, parents first."""
    found = [pid]
    for process in found:
        try:
            for task in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            pass  # it ended meanwhile
    return found


def memory_of(pid):
    """Resident bytes of a process and its descendants; pages they share count once for each."""
    total = 0
    for process in descendants(pid):
        try:
            total += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            pass
    return total


class MemoryWatch:
    """Samples `memory_of(pid)` until the `with` block ends; `peak` is the largest sample."""

    def __init__(self, pid, interval=0.02, note=lambda size: None):
        self.peak = 0
        self.note = note
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, args=(pid, interval), daemon=True)

    def watch(self, pid, interval):
        while not self.ended.wait(interval):
            size = memory_of(pid)
            self.peak = max(self.peak, size)
            self.note(size)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
