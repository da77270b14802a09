"""A deterministic embedding of text: hashed words in a fixed number of dimensions, normalised.

It needs no model and no network, and texts that share words lie near each other; that is all a sample needs.
"""

import hashlib
import math
import re

DIMENSIONS = 64


def embed(text: str) -> list[float]:
    """A unit vector of DIMENSIONS floats; the first axis alone for a text without words."""
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        digest = hashlib.sha256(word.encode()).digest()
        vector[digest[0] % DIMENSIONS] += 1.0 if digest[1] & 1 else -1.0
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else [1.0] + [0.0] * (DIMENSIONS - 1)


def cosine(left: list[float], right: list[float]) -> float:
    """Similarity of two unit vectors, from -1 to 1."""
    return sum(a * b for a, b in zip(left, right, strict=True))
