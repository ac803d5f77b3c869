"""The client of the SDK's older generation, and errors and files as its callers see them."""

import os

from azure.batch import BatchServiceClient
from azure.batch.batch_auth import SharedKeyCredentials
from azure.batch.models import BatchErrorException

URL = os.environ["BATCH_URL"]
ACCOUNT = os.environ["BATCH_ACCOUNT"]
KEY = os.environ["BATCH_KEY"]


def create_client(key=KEY):
    return BatchServiceClient(SharedKeyCredentials(ACCOUNT, key), batch_url=URL)


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
