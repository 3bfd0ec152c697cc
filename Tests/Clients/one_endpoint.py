"""A service that answers all of AWS it knows on one port, and clients that know nothing but its URL."""
import contextlib
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config

from test_functions import Service

KEY_ARN = "arn:aws:kms:eu-central-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"


class Endpoint:
    """A running service, and clients that know nothing but its URL."""

    def __init__(self, url, data):
        self.url, self.data = url, data
        self.environment = {
            "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AKIAPRELABELCLIENTS1", "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1",
        }

    def client(self, service, **settings):
        return boto3.client(
            service, endpoint_url=self.url, aws_access_key_id="AKIAPRELABELCLIENTS1", aws_secret_access_key="secret",
            region_name="eu-central-1", config=Config(proxies={}, retries={"max_attempts": 1}, **settings),
        )


@contextlib.contextmanager
def serving(data, environment, *arguments):
    service = Service(data.parent, environment, "--data", data, *arguments)
    try:
        yield Endpoint(service.url, data)
    finally:
        service.stop()


@pytest.fixture
def endpoint(data, environment):
    with serving(data, environment, "--allow-unencrypted") as endpoint:
        yield endpoint


@pytest.fixture
def s3(endpoint):
    return endpoint.client("s3")


def code(error):
    return error.value.response["Error"]["Code"]


def raw_put(endpoint, key, body, **headers):
    """A PUT whose headers are not boto3's: signed for nothing in particular, which is taken where no keys are set."""
    scope = "AWS4-HMAC-SHA256 Credential=AKIA/20240101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=00"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"{endpoint.url}/papers/{key}", data=body, method="PUT", headers={"Authorization": scope} | named)
    try:
        return urllib.request.urlopen(request, timeout=60).status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
