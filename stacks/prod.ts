import type { Profile } from "./profile";

/** Production: data stays, whatever happens to the stack. */
export const prod: Profile = { retainData: true };
