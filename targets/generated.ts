import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { GeneratedSource, Options } from "./target";

/** Characters of URL-safe base64 that hold the 32 bytes of a Fernet key. */
const fernetLength = 43;
const passwordLength = 32;

/**
 * The value of a generated secret, a secret output. Each generation is a resource of its own, and those before stay: a rotation takes
 * nothing away, and the way back finds the old value. They are protected, since data that is kept was written with them.
 *
 * A Fernet key is made from a password, too: the id of a `RandomBytes` is its value, and the state holds ids in clear.
 *
 * @param turn when a value may be asked for: each password costs a bcrypt hash of CPU time
 */
export function generatedSecret(name: string, { kind, generation = 0 }: GeneratedSource, options: Options & pulumi.CustomResourceOptions, turn: Promise<void> = Promise.resolve()): pulumi.Output<string> {
  const own = { ...options, protect: true };
  const make = (index: number): random.RandomPassword => {
    const generationName = index === 0 ? name : `${name}-${index}`;
    return kind === "fernet"
      ? new random.RandomPassword(generationName, { length: turn.then(() => fernetLength), special: true, overrideSpecial: "-_" }, own)
      : new random.RandomPassword(generationName, { length: turn.then(() => passwordLength), special: false }, own);
  };
  for (let index = 0; index < generation; index += 1) make(index);
  const { result } = make(generation);
  return pulumi.secret(kind === "fernet" ? result.apply(asFernetKey) : result);
}

/** The key that 43 characters of URL-safe base64 hold: two bits of the last one belong to no byte, so it is written anew. */
export function asFernetKey(characters: string): string {
  return `${Buffer.from(characters, "base64url").toString("base64url")}=`;
}
