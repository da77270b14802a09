"""Bearer tokens of the realm, verified against its published keys."""

import os
from functools import lru_cache
from typing import Any

import jwt
from django.http import HttpRequest
from ninja.security import HttpBearer

from common.probes import oidc
from services.shared.config import runtime


class Denied(Exception):
    """A token that does not open this door; the text says why."""


@lru_cache(maxsize=1)
def _keys() -> tuple[jwt.PyJWKClient, frozenset[str]]:
    """The realm's keys (kept five minutes) and the issuers that it may name."""
    settings = runtime()
    document = oidc(settings.keycloak_url, settings.keycloak_realm)
    public = os.environ.get("SA01_KEYCLOAK_PUBLIC_URL", "").rstrip("/")
    path = f"/realms/{settings.keycloak_realm}"
    issuers = {document["issuer"], settings.keycloak_url + path, *([public + path] if public else [])}
    return jwt.PyJWKClient(document["jwks_uri"], cache_keys=True, lifespan=300, timeout=5), frozenset(issuers)


def verify(token: str) -> dict[str, Any]:
    """The token's claims. Raises Denied unless it is signed by the realm, in force, and meant for this client."""
    keys, issuers = _keys()
    try:
        key = keys.get_signing_key_from_jwt(token)
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=["RS256", "PS256", "ES256"],
            options={"verify_aud": False, "require": ["exp", "iss", "sub"]}, leeway=10,
        )  # fmt: skip
    except jwt.PyJWKClientConnectionError:
        raise
    except jwt.PyJWTError as error:
        raise Denied(str(error)) from None
    if claims["iss"] not in issuers:
        raise Denied(f"issuer {claims['iss']} is not one of {', '.join(sorted(issuers))}")
    audience = claims.get("aud", [])
    client = runtime().keycloak_client
    if claims.get("azp") != client and client not in ([audience] if isinstance(audience, str) else audience):
        raise Denied(f"the token is not for client {client}")
    return claims


class Bearer(HttpBearer):
    """ninja's guard; request.auth holds the claims."""

    def authenticate(self, request: HttpRequest, token: str) -> dict[str, Any] | None:
        try:
            return verify(token)
        except Denied:
            return None
