/** Asks again and again, at first soon, then less often. */
export interface Patience {
  /** Milliseconds before the second question; each later pause is half as long again. */
  readonly first: number;
  /** Longest pause, in milliseconds. */
  readonly longest: number;
}

/** One second at first, fifteen at most: a wait of an hour is under the APIs' rates for every service of a stack at once. */
export const usualPatience: Patience = { first: 1000, longest: 15_000 };

/** Waits, in milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks until there is an answer.
 *
 * @param question gives the answer, or undefined to be asked again
 * @param expired asked before each pause: true gives up
 * @returns the answer; undefined when it gave up
 */
export async function poll<T>(question: () => Promise<T | undefined>, expired: () => boolean, { first, longest }: Patience = usualPatience): Promise<T | undefined> {
  for (let wait = first; ; wait = Math.min(wait * 1.5, longest)) {
    const answer = await question();
    if (answer !== undefined) return answer;
    if (expired()) return undefined;
    await pause(wait);
  }
}

/** A clock that has run down after `seconds`. */
export function deadline(seconds: number): () => boolean {
  const end = Date.now() + seconds * 1000;
  return () => Date.now() >= end;
}
