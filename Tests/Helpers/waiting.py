"""Waiting for what others do at their own pace: never for a span of time that they ought to need."""
import time

SECONDS = 120


def until(look, is_there=bool, what="nothing came"):
    """What `look` finds, once `is_there` says that it is what is waited for."""
    deadline = time.monotonic() + SECONDS
    while not is_there(found := look()):
        assert time.monotonic() < deadline, f"{what}: {found}"
        time.sleep(0.1)
    return found
