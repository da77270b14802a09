import { createHash } from "node:crypto";

/** A physical name within AWS's limit for it; the part that tells it from others stands first, so that it is never cut off. */
export function physicalName(name: string, stack: string, longest: number): string {
  return `${name}-somastack-${stack}`.slice(0, longest);
}

/** 16 hexadecimal digits that change with a text. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
