import { createHash, createHmac } from "node:crypto";

/** What changes when a secret changes and does not reveal it: an HMAC under a key that only the stack's state holds, 16 hexadecimal digits. */
export function secretFingerprint(key: string, value: string): string {
  return createHmac("sha256", key).update(value).digest("hex").slice(0, 16);
}

/** What changes when a value changes: 16 hexadecimal digits of SHA-256 of its JSON. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
