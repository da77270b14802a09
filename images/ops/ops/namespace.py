"""The Temporal namespace, registered when it is missing.

Temporal's own SDK is large; of its protocol this needs one message of two fields, declared here.
"""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, message_factory
from google.protobuf.message import Message

from ops.config import JobConfig
from ops.job import JobError, NotThereYet, retry, say

SERVICE = "/temporal.api.workflowservice.v1.WorkflowService"


class Config(JobConfig):
    """The server's frontend, the namespace, and how long its closed workflows are kept."""

    target: str
    namespace: str = "default"
    retention_days: int = 3


def run(config: Config) -> None:
    """Raises JobError when the server refuses."""
    with grpc.insecure_channel(config.target, options=[("grpc.enable_http_proxy", 0)]) as channel:
        say(f"namespace {config.namespace}: {retry(lambda: ensure_namespace(channel, config))}")


def ensure_namespace(channel: grpc.Channel, config: Config) -> str:
    """'present' or 'registered'. Raises NotThereYet while the server does not answer."""
    try:
        if describe(channel, config.namespace):
            return "present"
        retention = duration_pb2.Duration(seconds=config.retention_days * 86_400)
        request = REQUEST(namespace=config.namespace, workflow_execution_retention_period=retention)
        call(channel, "RegisterNamespace", request)
        if not describe(channel, config.namespace):
            # The servers learn of a namespace by polling the database.
            raise NotThereYet(f"namespace {config.namespace} is registered and not yet visible")
        return "registered"
    except grpc.RpcError as error:
        if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
            raise NotThereYet(f"temporal at {config.target}: {error.code().name}") from None
        if error.code() == grpc.StatusCode.ALREADY_EXISTS:
            return "present"
        raise JobError(f"temporal at {config.target}: {error.code().name}: {error.details()}") from None


def describe(channel: grpc.Channel, namespace: str) -> bool:
    """Whether the server knows the namespace."""
    try:
        call(channel, "DescribeNamespace", REQUEST(namespace=namespace))
        return True
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.NOT_FOUND:
            return False
        raise


def call(channel: grpc.Channel, method: str, request: Message) -> None:
    """One unary call; the answer's content is not needed."""
    channel.unary_unary(f"{SERVICE}/{method}")(request.SerializeToString(), timeout=10)


def _declare_request() -> type[Message]:
    """Fields 1 and 4 of RegisterNamespaceRequest; DescribeNamespaceRequest has the same field 1."""
    file = descriptor_pb2.FileDescriptorProto(
        name="ops/namespace.proto", package="ops", syntax="proto3", dependency=["google/protobuf/duration.proto"]
    )
    message = file.message_type.add(name="NamespaceRequest")
    field = descriptor_pb2.FieldDescriptorProto
    message.field.add(name="namespace", number=1, type=field.TYPE_STRING, label=field.LABEL_OPTIONAL)
    message.field.add(
        name="workflow_execution_retention_period", number=4, type=field.TYPE_MESSAGE,
        type_name=".google.protobuf.Duration", label=field.LABEL_OPTIONAL,
    )  # fmt: skip
    pool = descriptor_pool.Default()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("ops.NamespaceRequest"))


REQUEST = _declare_request()
