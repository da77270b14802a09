"""SomaAgent01 sample: the gateway and its workers."""
