import type { Profile } from "../targets/target";

/** Production: data stays, whatever happens to the stack, with backups of two weeks. */
export const prod: Profile = { production: true, retainData: true, backupDays: 14 };
