"""What the scripts share, whichever SDK they are about: waiting for a fact, and the document that the test compares."""

import json
import time


def wait_until(is_so, what, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"waited for {what}")
        time.sleep(0.05)


def report(document):
    print(json.dumps(document))
