"""S3 buckets, made when they are missing."""

from functools import partial
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

from ops.config import JobConfig, secret
from ops.job import JobError, NotThereYet, retry, say


class Config(JobConfig):
    """The server (an http or https URL), the region, the variables that hold the keys, and the buckets."""

    endpoint: str
    region: str = "us-east-1"
    access_key_env: str
    secret_key_env: str
    buckets: list[str]


def run(config: Config) -> None:
    """Raises JobError when the server refuses."""
    parts = urlsplit(config.endpoint)
    client = Minio(
        parts.netloc,
        access_key=secret(config.access_key_env),
        secret_key=secret(config.secret_key_env),
        region=config.region,
        secure=parts.scheme == "https",
        http_client=urllib3.PoolManager(timeout=10, retries=False),
    )
    for bucket in config.buckets:
        done = retry(partial(ensure_bucket, client, bucket, config))
        say(f"bucket {bucket}: {done}")


def ensure_bucket(client: Minio, bucket: str, config: Config) -> str:
    """'present' or 'created'. Raises NotThereYet while the server does not answer."""
    try:
        if client.bucket_exists(bucket):
            return "present"
        client.make_bucket(bucket, location=config.region)
        return "created"
    except S3Error as error:
        if error.code == "BucketAlreadyOwnedByYou":
            return "present"
        if error.code in ("XMinioServerNotInitialized", "ServiceUnavailable", "SlowDown"):
            raise NotThereYet(f"{config.endpoint}: {error.code}") from None
        raise JobError(f"bucket {bucket} at {config.endpoint}: {error.code}: {error.message}") from None
    except urllib3.exceptions.HTTPError as error:
        raise NotThereYet(f"{config.endpoint}: {error}") from None
