const shape = /^v?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.-]+)?(?:\+.*)?$/;

/**
 * Whether a version is a minimum or newer. A pre-release comes before its release.
 *
 * @param version as tools print it, with or without a leading `v`; false when it is no version
 */
export function atLeast(version: string, minimum: string): boolean {
  const [left, right] = [shape.exec(version.trim()), shape.exec(minimum.trim())];
  if (left === null || right === null) return false;
  for (const part of [1, 2, 3]) {
    const difference = Number(left[part]) - Number(right[part]);
    if (difference !== 0) return difference > 0;
  }
  return left[4] === undefined || right[4] !== undefined;
}
