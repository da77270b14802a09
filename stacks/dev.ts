import type { Profile } from "./profile";

/** Development: `down --volumes` removes the data too. */
export const dev: Profile = { retainData: false };
