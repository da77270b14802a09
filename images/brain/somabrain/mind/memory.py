"""The memory service, with a short cache in front."""

import hashlib
import os
from functools import lru_cache

import httpx
from django.core.cache import cache

CACHE_SECONDS = 5


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    token = os.environ["SOMABRAIN_MEMORY_HTTP_TOKEN"]
    endpoint = os.environ["SOMABRAIN_MEMORY_HTTP_ENDPOINT"].rstrip("/")
    return httpx.Client(base_url=endpoint, headers={"Authorization": f"Bearer {token}"}, timeout=8, trust_env=False)


def recall(query: str, limit: int = 5) -> list[str]:
    """The nearest texts. Raises httpx.HTTPError; a cache that is down raises redis.RedisError."""
    key = f"recall:{limit}:{hashlib.sha256(query.encode()).hexdigest()}"
    known = cache.get(key)
    if known is not None:
        return list(known)
    answer = _client().get("/memories/search", params={"query": query, "limit": limit}).raise_for_status()
    texts = [entry["text"] for entry in answer.json()]
    cache.set(key, texts, CACHE_SECONDS)
    return texts
