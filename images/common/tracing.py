"""OpenTelemetry traces, sent as OTLP over HTTP to OTLP_ENDPOINT (for example http://jaeger:4318) when it is set."""

import os

from opentelemetry import trace

# Probes come every few seconds and would drown the traces of real work.
UNTRACED = "health,healthz,readyz,ping,metrics"


def configure(service: str) -> None:
    """Starts the export of this process's spans under `service.name`; does nothing without OTLP_ENDPOINT.

    Call it once in each serving process, after a fork: the exporter is a thread.
    """
    endpoint = os.environ.get("OTLP_ENDPOINT", "").rstrip("/")
    if not endpoint:
        return
    os.environ.setdefault("OTEL_PYTHON_EXCLUDED_URLS", UNTRACED)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", service)}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=5)))
    trace.set_tracer_provider(provider)
    HTTPXClientInstrumentor().instrument()


def configure_django(service: str) -> None:
    """As configure, and a span for each request that Django serves. Call before the application is made."""
    configure(service)
    if os.environ.get("OTLP_ENDPOINT"):
        from opentelemetry.instrumentation.django import DjangoInstrumentor

        DjangoInstrumentor().instrument()
