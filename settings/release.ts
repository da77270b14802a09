import { z } from "zod";

import { definitionOf, settingKeys, type SettingKey } from "./definitions";
import { findAll, type Sources } from "./sources";

/** Text by name. */
const texts = z.record(z.string(), z.string());

/** What of a deployment one can go back to. */
export const releaseSchema = z.object({
  /** Texts of the settings that are set, by key. Secrets are no part of a release: a rotated one stays rotated. */
  settings: texts,
  /** References of the images that were built or named by the user, by name. */
  images: texts,
});

/** A release: configuration and images of an update that succeeded. */
export type Release = z.output<typeof releaseSchema>;

/** Settings that a way back leaves as they are: images are recorded as what they were built to, and a rotated secret stays rotated. */
const kept: readonly SettingKey[] = ["images", "rotation"];

/** Whether the setting is recorded. */
function isReleased(key: SettingKey, sources: Sources): boolean {
  return !kept.includes(key) && definitionOf(key).secret !== true && !sources.secretKeys.has(key);
}

/** The settings of a release, as their sources have them. */
export function releasedSettings(sources: Sources): Release["settings"] {
  return Object.fromEntries(settingKeys.filter((key) => isReleased(key, sources)).flatMap((key) => findAll(key, sources).slice(0, 1).map(({ text }) => [key, text])));
}

/** The sources of an earlier release: its settings and images, with the secrets of today. */
export function returnTo(release: Release, sources: Sources): Sources {
  const replaced = settingKeys.filter((key) => isReleased(key, sources) || key === "images");
  const variables = new Set<string>(replaced.map((key) => definitionOf(key).variable));
  const without = <T>(from: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> => Object.fromEntries(Object.entries(from).filter(([name]) => !names.has(name)));
  return {
    ...sources,
    config: { ...without(sources.config, new Set<string>(replaced)), ...release.settings, images: JSON.stringify(release.images) },
    environment: without(sources.environment, variables),
    dotenv: without(sources.dotenv, variables),
  };
}
