const proxyVariables = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const answerTimeout = 4000;

const answers = new Map<string, Promise<boolean>>();

/**
 * Whether Node itself reaches a URL, asked at most once in a process; false after 4 s of silence.
 *
 * @param url an http(s) address
 */
export async function reachable(url: string): Promise<boolean> {
  const answer = answers.get(url) ?? probe(url);
  answers.set(url, answer);
  return answer;
}

/** Whether programs other than Node may reach what Node does not: a proxy is set, which Node's own client passes by. */
export function proxied(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return proxyVariables.some((name) => (environment[name] ?? "") !== "");
}

async function probe(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(answerTimeout) });
    return response.status < 400;
  } catch {
    return false;
  }
}
