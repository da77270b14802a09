"""The Keycloak realm and its confidential client, made or brought to what the configuration says, then tried."""

from collections.abc import Generator
from typing import Any

import httpx

from ops.config import JobConfig, secret
from ops.job import JobError, NotThereYet, retry, say

Document = dict[str, Any]

# Parts of a realm document that Keycloak takes when the realm is made and keeps apart from its settings afterwards.
IMPORTED_ONCE = {"clients", "clientScopes", "components", "groups", "identityProviders", "roles", "scopeMappings", "users"}


class Config(JobConfig):
    """The server, its administrator, the realm (`realm_document`: further settings of it) and the client."""

    url: str
    admin_user: str
    password_env: str
    realm: str
    client_id: str
    client_secret_env: str
    redirect_uris: list[str] = []
    realm_document: Document = {}


class Login(httpx.Auth):
    """The administrator's token, taken anew for each request: it lives a minute, and there are few requests."""

    requires_response_body = True

    def __init__(self, config: Config, password: str) -> None:
        self._request = token_request(config.url, "master", {
            "grant_type": "password", "client_id": "admin-cli", "username": config.admin_user, "password": password,
        })  # fmt: skip

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        answer = yield self._request
        checked(answer, "log-in of the administrator")
        request.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield request


def run(config: Config) -> None:
    """Raises JobError when Keycloak refuses, or when the client cannot get a token in the end."""
    password, client_secret = secret(config.password_env), secret(config.client_secret_env)
    with httpx.Client(base_url=f"{config.url.rstrip('/')}/admin/", auth=Login(config, password), timeout=20) as client:
        retry(lambda: reachable(config.url))
        say(f"realm {config.realm}: {ensure_realm(client, config)}")
        say(f"client {config.client_id}: {ensure_client(client, config, client_secret)}")
    verify(config, client_secret)
    say(f"client {config.client_id}: got a token from realm {config.realm}")


def reachable(url: str) -> None:
    """Raises NotThereYet until the master realm answers."""
    try:
        status = httpx.get(f"{url.rstrip('/')}/realms/master", timeout=5).status_code
    except httpx.TransportError as error:
        raise NotThereYet(f"keycloak at {url}: {error}") from None
    if status in (404, 502, 503, 504):
        raise NotThereYet(f"keycloak at {url} answers {status}")


def ensure_realm(client: httpx.Client, config: Config) -> str:
    """What was done to the realm."""
    wanted = {"enabled": True, **config.realm_document, "realm": config.realm}
    answer = client.get(f"realms/{config.realm}")
    if answer.status_code == 404:
        checked(client.post("realms", json=wanted), "creation of the realm")
        return "created"
    settings = {key: value for key, value in wanted.items() if key not in IMPORTED_ONCE}
    if not differs(settings, checked(answer, "reading of the realm").json()):
        return "present"
    checked(client.put(f"realms/{config.realm}", json=settings), "update of the realm")
    return "updated"


def ensure_client(client: httpx.Client, config: Config, client_secret: str) -> str:
    """What was done to the client: standard flow for people, a service account for the programs."""
    wanted: Document = {
        "clientId": config.client_id,
        "secret": client_secret,
        "enabled": True,
        "protocol": "openid-connect",
        "publicClient": False,
        "standardFlowEnabled": True,
        "serviceAccountsEnabled": True,
        "directAccessGrantsEnabled": False,
        "redirectUris": config.redirect_uris,
    }
    path = f"realms/{config.realm}/clients"
    found = checked(client.get(path, params={"clientId": config.client_id}), "reading of the client").json()
    if not found:
        checked(client.post(path, json=wanted), "creation of the client")
        return "created"
    if not differs(wanted, found[0]):
        return "present"
    checked(client.put(f"{path}/{found[0]['id']}", json={**found[0], **wanted}), "update of the client")
    return "updated"


def differs(wanted: Any, present: Any) -> bool:
    """Whether `present` lacks something of `wanted`; what only `present` has is Keycloak's own."""
    if isinstance(wanted, dict):
        return not isinstance(present, dict) or any(differs(value, present.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(present, list) or len(wanted) != len(present):
            return True
        return any(all(differs(item, other) for other in present) for item in wanted)
    return bool(wanted != present)


def verify(config: Config, client_secret: str) -> None:
    """A token by the client's own credentials, as the applications ask for it."""
    form = {"grant_type": "client_credentials", "client_id": config.client_id, "client_secret": client_secret}
    with httpx.Client(timeout=20) as client:
        answer = checked(client.send(token_request(config.url, config.realm, form)), "token request of the client")
    if not answer.json().get("access_token"):
        raise JobError("token request of the client: the answer holds no access_token")


def token_request(url: str, realm: str, form: dict[str, str]) -> httpx.Request:
    """A request to the realm's token endpoint."""
    return httpx.Request("POST", f"{url.rstrip('/')}/realms/{realm}/protocol/openid-connect/token", data=form)


def checked(answer: httpx.Response, what: str) -> httpx.Response:
    """The answer when it is a success. Raises JobError with Keycloak's own reason otherwise."""
    if answer.is_success:
        return answer
    try:
        body = answer.json()
        reason = body.get("errorMessage") or body.get("error_description") or body.get("error") or ""
    except ValueError:
        reason = ""
    raise JobError(f"{what}: keycloak answered {answer.status_code} {reason}".rstrip())
