"""One HTTP probe, as a function and as a container health check; standard library only, so that it starts fast.

python -m common.probe http://127.0.0.1:9000/api/health/ --host gateway
"""

import http.client
import sys
from urllib.parse import urlsplit

BODY_LIMIT = 1 << 20


class ProbeError(Exception):
    """A service that did not answer as a healthy one does; the text is safe to show."""


def http_get(url: str, headers: dict[str, str] | None = None, timeout: float = 4.0) -> tuple[int, bytes]:
    """Status and body (at most 1 MiB) of one GET; redirects are not followed. Raises ProbeError when there is no answer."""
    return http_request("GET", url, headers=headers, timeout=timeout)


def http_request(
    method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None, timeout: float = 4.0
) -> tuple[int, bytes]:
    """Status and body (at most 1 MiB) of one request. Raises ProbeError when there is no answer within `timeout` seconds."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    connection_type = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connection_type(parts.hostname or "", parts.port or (443 if secure else 80), timeout=timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body=body, headers={"User-Agent": "somastack-probe", **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read(BODY_LIMIT)
    except (OSError, http.client.HTTPException) as error:
        raise ProbeError(f"{parts.scheme}://{parts.netloc}{parts.path}: {describe(error)}") from None
    finally:
        connection.close()


def http_probe(url: str, headers: dict[str, str] | None = None, expect: tuple[int, ...] = (200,), timeout: float = 4.0) -> bytes:
    """The body of a GET that answers one of the `expect` statuses. Raises ProbeError otherwise."""
    status, body = http_get(url, headers, timeout)
    if status not in expect:
        wanted = " or ".join(str(code) for code in expect)
        raise ProbeError(f"{url.split('?')[0]} answered {status}, expected {wanted}")
    return body


def describe(error: BaseException) -> str:
    """One line that names the error, also when it carries no text."""
    text = " ".join(str(error).split())
    return text or type(error).__name__


def main(arguments: list[str]) -> int:
    """Exit code 0 when the URL answers 200. Options: --host NAME (the Host header), --timeout SECONDS (default 4)."""
    url, *rest = arguments or [""]
    options = dict(zip(rest[::2], rest[1::2], strict=False))
    if not url.startswith("http") or len(rest) % 2 or not options.keys() <= {"--host", "--timeout"}:
        print("usage: python -m common.probe URL [--host NAME] [--timeout SECONDS]", file=sys.stderr)
        return 2
    headers = {"Host": options["--host"]} if "--host" in options else None
    try:
        http_probe(url, headers, timeout=float(options.get("--timeout", "4")))
    except ProbeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
