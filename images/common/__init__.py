"""Code shared by the four images: probes, readiness, logging, tracing, Kafka."""
