"""An S3 service on loopback: moto, in an environment of its own, which checks every signature in a header. It is served
by waitress, which keeps connections open as real services do: moto's own server closes each after one answer."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.real.installing import Unavailable, or_skip
from tests.real.python_env import build_env

_PACKAGES = ("moto[server,s3,iam]==5.2.5", "waitress==3.0.2")
_READY_SECONDS = 60.0

_SERVE = """
import sys, waitress
from moto.server import DomainDispatcherApplication, create_backend_app
moto = DomainDispatcherApplication(create_backend_app)
def answer(environ, start):
    environ["RAW_URI"] = environ["REQUEST_URI"]  # what was signed, as moto looks for it
    return moto(environ, start)
waitress.serve(answer, host="127.0.0.1", port=int(sys.argv[1]), threads=16, channel_timeout=300)
"""
_MAKE_USERS = """
import boto3, json, sys
key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
iam = boto3.client("iam", endpoint_url=sys.argv[1], region_name="us-east-1", **key)
def user(name, action):
    iam.create_user(UserName=name)
    rights = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(rights))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]
print(json.dumps([user("anna", "s3:*"), user("bo", ["s3:ListAllMyBuckets", "s3:ListBucket"])]))
"""
"""Six questions, which is how many the server answers before it wants a signature."""


class S3:
    """A server in memory; a context manager. ``anna`` and ``bo`` are access key ids with their secrets: bo may list and
    nothing else."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        self._log = folder / "s3.log"
        self.anna = self.bo = ("", "")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> S3:
        environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "6", "S3_IGNORE_SUBDOMAIN_BUCKETNAME": "true"}
        command = [str(self._python), "-c", _SERVE, str(self.port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            self._wait()
            made = subprocess.run(
                [str(self._python), "-c", _MAKE_USERS, self.url], capture_output=True, text=True, check=True, timeout=60
            )
            self.anna, self.bo = map(tuple, json.loads(made.stdout))
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(20)

    def let_in(self, questions: int) -> None:
        """So many are answered without looking at who asks."""
        request = urllib.request.Request(
            f"{self.url}/moto-api/reset-auth", str(questions).encode(), {"Content-Type": "text/plain"}, method="POST"
        )
        urllib.request.urlopen(request, timeout=20).close()

    def _wait(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Unavailable(f"moto's server did not start: {self._log.read_text()[-500:]}")


def s3_server(folder: Path) -> S3:
    """For tests: where it is not to be had the test is skipped, which is a failure in CI."""
    return or_skip(lambda: S3(build_env(*_PACKAGES), folder))
