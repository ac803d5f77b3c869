"""What the scripts share: the client, waiting for a fact, and the document that the test compares."""

import json
import os
import time

from azure.batch import BatchServiceClient
from azure.batch.batch_auth import SharedKeyCredentials
from azure.batch.models import BatchErrorException

URL = os.environ["BATCH_URL"]
ACCOUNT = os.environ["BATCH_ACCOUNT"]
KEY = os.environ["BATCH_KEY"]


def create_client(key=KEY):
    return BatchServiceClient(SharedKeyCredentials(ACCOUNT, key), batch_url=URL)


def wait_until(is_so, what, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("waited for " + what)
        time.sleep(0.05)


def describe_error(operation):
    """What a client sees of an error; the lines with the request's id and time are left out."""
    try:
        operation()
    except BatchErrorException as failure:
        error = failure.error
        message = error.message.value.splitlines()[0] if error.message else None
        values = {item.key: item.value for item in error.values or []}
        return [failure.response.status_code, error.code, message, values]
    raise AssertionError("no error")


def text_of(chunks):
    return b"".join(chunks).decode()


def report(document):
    print(json.dumps(document))
