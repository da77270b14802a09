"""The realm job against a double of Keycloak's REST interface."""

import json

import pytest

from ops.job import JobError
from ops.realm import Config, differs, run
from testing.doubles import HttpDouble

TOKEN = "/realms/{}/protocol/openid-connect/token"
CLIENTS = "/admin/realms/somastack/clients"


@pytest.fixture
def config(http: HttpDouble, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A configuration, with a Keycloak that gives tokens and has no realm yet."""
    monkeypatch.setenv("P_ADMIN", "a")
    monkeypatch.setenv("P_CLIENT", "c")
    http.answers[("GET", "/realms/master")] = (200, {})
    http.answers[("POST", TOKEN.format("master"))] = (200, {"access_token": "administrator"})
    http.answers[("POST", TOKEN.format("somastack"))] = (200, {"access_token": "client"})
    http.answers[("POST", "/admin/realms")] = (201, {})
    http.answers[("GET", CLIENTS)] = (200, [])
    http.answers[("POST", CLIENTS)] = (201, {})
    return Config(
        url=http.url, admin_user="admin", password_env="P_ADMIN", realm="somastack", client_id="soma-agent",
        client_secret_env="P_CLIENT", redirect_uris=["http://localhost:20020/*"], realm_document={"loginTheme": "soma"},
    )  # fmt: skip


def sent(http: HttpDouble, method: str, path: str) -> list[dict[str, object]]:
    """The documents sent to a path."""
    return [json.loads(body) for verb, where, body, _ in http.requests if (verb, where) == (method, path)]


def test_makes_realm_and_client(http: HttpDouble, config: Config) -> None:
    run(config)
    assert sent(http, "POST", "/admin/realms") == [{"enabled": True, "loginTheme": "soma", "realm": "somastack"}]
    (client,) = sent(http, "POST", CLIENTS)
    assert (
        client["secret"] == "c"
        and client["serviceAccountsEnabled"]
        and client["standardFlowEnabled"]
        and not client["publicClient"]
    )


def test_updates_only_what_differs(http: HttpDouble, config: Config) -> None:
    run(config)
    (client,) = sent(http, "POST", CLIENTS)
    http.answers[("GET", "/admin/realms/somastack")] = (
        200,
        {"enabled": True, "loginTheme": "soma", "realm": "somastack", "more": 1},
    )
    http.answers[("GET", CLIENTS)] = (200, [{**client, "id": "7", "redirectUris": []}])
    http.answers[("PUT", f"{CLIENTS}/7")] = (204, {})
    run(config)
    assert not sent(http, "PUT", "/admin/realms/somastack")
    assert sent(http, "PUT", f"{CLIENTS}/7")[0]["redirectUris"] == ["http://localhost:20020/*"]


def test_a_client_without_a_token_fails(http: HttpDouble, config: Config) -> None:
    http.answers[("POST", TOKEN.format("somastack"))] = (401, {"error_description": "Invalid client credentials"})
    with pytest.raises(JobError, match="token request of the client: keycloak answered 401 Invalid client credentials"):
        run(config)


def test_differs_looks_at_what_is_wanted_alone() -> None:
    assert not differs({"a": [1, 2]}, {"a": [2, 1], "b": 3})
    assert differs({"a": [1]}, {"a": [1, 2]})
    assert differs({"a": {"b": 1}}, {"a": {}})
