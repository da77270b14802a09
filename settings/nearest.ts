import { distance } from "fastest-levenshtein";

/** The candidate that `word` most likely means, or undefined when none is near (a third of its letters may differ). */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return ranked !== undefined && ranked.edits <= Math.max(2, Math.floor(word.length / 3)) ? ranked.candidate : undefined;
}
