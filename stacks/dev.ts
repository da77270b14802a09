import type { Profile } from "../targets/target";

/** Development: one instance of each service, and `down --volumes` removes the data too. */
export const dev: Profile = { production: false, retainData: false, backupDays: 1 };
