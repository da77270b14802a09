import type { HealthCheck } from "./types";

/**
 * A health check: asked every `intervalSeconds` (5 unless told), given up after `timeoutSeconds` (4), unhealthy after `retries`
 * failures in a row (6), which do not count in the first `startPeriodSeconds` (60). Each question starts a process in the
 * container, so only what others wait for is asked more often (`awaited`).
 */
export function check(command: readonly string[], options: Partial<Omit<HealthCheck, "command">> = {}): HealthCheck {
  return { command, intervalSeconds: 5, timeoutSeconds: 4, startPeriodSeconds: 60, retries: 6, ...options };
}

/** Options of a check whose answer others wait for at the start: every 2 seconds. */
export const awaited = { intervalSeconds: 2, retries: 15 } as const;

/** Asks an HTTP path with the image's own Python; the Host header names the service, as ALLOWED_HOSTS wants. */
export function pythonGet(port: number, path: string, host: string): readonly string[] {
  return [
    "python", "-c",
    `import urllib.request as r; r.urlopen(r.Request("http://127.0.0.1:${port}${path}", headers={"Host": "${host}"}), timeout=4)`,
  ];
}

/** Asks an HTTP path with busybox or GNU wget. */
export function wgetGet(port: number, path: string): readonly string[] {
  return ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`];
}

/** Asks an HTTP path with curl. */
export function curlGet(port: number, path: string): readonly string[] {
  return ["curl", "-fsS", "-o", "/dev/null", `http://127.0.0.1:${port}${path}`];
}

/** Asks an HTTP path with bash alone, for images without a client; ready when the answer's status is 200. */
export function bashGet(port: number, path: string): readonly string[] {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port} && printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3 && read -r status <&3 && [[ $status == *' 200 '* ]]`;
  return ["bash", "-c", script];
}
