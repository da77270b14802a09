"""SpiceDB's schema service with the preshared key in the metadata, over plain text or TLS."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from authzed.api.v1 import Consistency, DiffSchemaRequest, ReadSchemaRequest, SchemaServiceStub, WriteSchemaRequest


class SpiceDb:
    """One SpiceDB; use it inside `open_spicedb`. Methods raise grpc.RpcError."""

    def __init__(self, channel: grpc.Channel, key: str, timeout: float) -> None:
        self._stub = SchemaServiceStub(channel)
        self._call = {"metadata": (("authorization", f"Bearer {key}"),), "timeout": timeout}

    def read_schema(self) -> str | None:
        """The schema's text, None before the first was written."""
        try:
            return self._stub.ReadSchema(ReadSchemaRequest(), **self._call).schema_text
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.NOT_FOUND:
                return None
            raise

    def write_schema(self, text: str) -> None:
        """Replaces the schema."""
        self._stub.WriteSchema(WriteSchemaRequest(schema=text), **self._call)

    def differences(self, text: str) -> int:
        """In how many points the stored schema differs from `text`, formatting apart."""
        # Any other consistency may answer from before a write.
        request = DiffSchemaRequest(comparison_schema=text, consistency=Consistency(fully_consistent=True))
        return len(self._stub.DiffSchema(request, **self._call).diffs)


@contextmanager
def open_spicedb(target: str, key: str, tls: bool = False, timeout: float = 4.0) -> Iterator[SpiceDb]:
    """A client with a connection of its own, so that no back-off of an earlier outage is waited for."""
    options = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_http_proxy", 0)]
    make = grpc.secure_channel if tls else grpc.insecure_channel
    with make(target, *([grpc.ssl_channel_credentials()] if tls else []), options=options) as channel:
        yield SpiceDb(channel, key, timeout)
