import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Characters of URL-safe base64 that hold 32 bytes. */
const length = 43;

/**
 * A Fernet key, generated once and kept: 32 random bytes in URL-safe base64. It comes from a password, since the id of a
 * `RandomBytes` is its value, and the state holds ids in clear.
 */
export function fernetKey(name: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
  return new random.RandomPassword(name, { length, special: true, overrideSpecial: "-_" }, options).result.apply(asFernetKey);
}

/** The key that 43 characters of URL-safe base64 hold: two bits of the last one belong to no byte, so it is written anew. */
export function asFernetKey(characters: string): string {
  return `${Buffer.from(characters, "base64url").toString("base64url")}=`;
}
