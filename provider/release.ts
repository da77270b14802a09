import { z } from "zod";

import { differing, handler } from "./handler";

const texts = z.record(z.string(), z.string());

/** What was deployed: the texts of its settings and the references of its images, by name. */
const releaseInputs = z.object({ settings: texts, images: texts });

/** The record of a release. Another one takes its place and keeps it as the previous. */
export const release = handler({
  schema: releaseInputs,
  replaces: () => [],
  create: (record) => Promise.resolve({ id: "release", outs: { ...record } }),
  update: {
    changes: (before, after) => differing(["settings", "images"], before, after).length > 0,
    run: (record, before) => Promise.resolve({ ...record, previous: releaseInputs.parse(before) }),
  },
});
