"""An S3 server on this machine, with one bucket; started by the tests that ask for it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

BUCKET = "huishou"
SECRET = f"{BUCKET}-never-to-be-seen"
"""The password of the account; no result and no message may hold it."""


def needed() -> None:
    """Leave out a test where no S3 server is installed; where everything has to be, it fails."""
    for name in ("fsspec", "s3fs", "moto"):
        if os.environ.get("CI"):
            importlib.import_module(name)
        else:
            pytest.importorskip(name)


@contextmanager
def bucket(files: Mapping[str, bytes]) -> Iterator[dict[str, str]]:
    """Keep some files in a bucket; give what has to be set in the environment of whoever reads them."""
    import boto3  # noqa: PLC0415 - not there where only the quick tests are run
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - likewise

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        access = {"AWS_ACCESS_KEY_ID": "clerk", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_DEFAULT_REGION": "us-east-1"}
        s3 = boto3.client(
            "s3",
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="clerk",
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        s3.create_bucket(Bucket=BUCKET)
        for name, data in files.items():
            s3.put_object(Bucket=BUCKET, Key=name, Body=data)
        yield {**access, "AWS_ENDPOINT_URL": f"http://{host}:{port}", "NO_PROXY": "127.0.0.1"}
    finally:
        server.stop()
