import { setTimeout as wait } from "node:timers/promises";

/** What a public endpoint said. */
export interface Answer {
  /** Whether a service answered: neither silence nor a load balancer's excuse. */
  readonly serves: boolean;
  /** Status, or why there is none. */
  readonly said: string;
}

const pollMs = 2000;
const answerWithinMs = 10_000;

/** Asks an endpoint once: name, certificate, load balancer and service all have to be there. Never throws. */
export async function askEndpoint(url: string): Promise<Answer> {
  try {
    const { status } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(answerWithinMs) });
    return { serves: status < 500, said: String(status) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { serves: false, said: cause instanceof Error ? ("code" in cause && typeof cause.code === "string" ? cause.code : cause.message) : String(cause) };
  }
}

/** Asks all endpoints at once, each until it serves or the time is over; gives the last answers by name. */
export async function verifyEndpoints(urls: Readonly<Record<string, string>>, seconds: number): Promise<Record<string, Answer>> {
  const deadline = Date.now() + seconds * 1000;
  const ask = async (url: string): Promise<Answer> => {
    for (;;) {
      const answer = await askEndpoint(url);
      if (answer.serves || Date.now() >= deadline) return answer;
      await wait(pollMs);
    }
  };
  return Object.fromEntries(await Promise.all(Object.entries(urls).map(async ([name, url]) => [name, await ask(url)] as const)));
}
