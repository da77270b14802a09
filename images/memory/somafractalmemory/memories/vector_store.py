"""The vectors in Milvus: one collection, cosine similarity, read after write."""

import logging
import os
import threading

from pymilvus import DataType, MilvusClient, MilvusException

from common.vectors import DIMENSIONS, embed

COLLECTION = "memories"
CALL_SECONDS = 5.0

# On import pymilvus gives its logger a handler of its own, whose records span lines.
logging.getLogger("pymilvus").handlers.clear()
logging.getLogger("pymilvus").propagate = True


class VectorStore:
    """Connects on first use, so that the process starts (and tells its health) while Milvus is away."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._lock = threading.Lock()
        self._client: MilvusClient | None = None

    def put(self, identity: str, text: str) -> None:
        """Writes or overwrites one vector. Raises MilvusException."""
        self._connected().upsert(COLLECTION, [{"id": identity, "vector": embed(text)}], timeout=CALL_SECONDS)

    def nearest(self, query: str, limit: int) -> list[tuple[str, float]]:
        """Ids with their similarity, the nearest first. Raises MilvusException."""
        found = self._connected().search(
            COLLECTION, [embed(query)], limit=limit, timeout=CALL_SECONDS, consistency_level="Strong"
        )
        return [(hit["id"], hit["distance"]) for hit in found[0]]

    def _connected(self) -> MilvusClient:
        with self._lock:
            if self._client is None:
                client = MilvusClient(uri=self._uri, timeout=CALL_SECONDS)
                if not client.has_collection(COLLECTION, timeout=CALL_SECONDS):
                    self._create(client)
                client.load_collection(COLLECTION, timeout=30)
                self._client = client
            return self._client

    @staticmethod
    def _create(client: MilvusClient) -> None:
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=36)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=DIMENSIONS)
        index = MilvusClient.prepare_index_params()
        index.add_index("vector", index_type="FLAT", metric_type="COSINE")
        try:
            client.create_collection(COLLECTION, schema=schema, index_params=index, timeout=30)
        except MilvusException:
            # Another process may have been faster.
            if not client.has_collection(COLLECTION, timeout=CALL_SECONDS):
                raise


store = VectorStore(f"http://{os.environ.get('SOMA_MILVUS_HOST', '')}:{os.environ.get('SOMA_MILVUS_PORT', '')}")
