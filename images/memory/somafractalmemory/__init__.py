"""SomaFractalMemory sample: texts in PostgreSQL, their vectors in Milvus."""
