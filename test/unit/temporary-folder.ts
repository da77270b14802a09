import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a test with a folder that holds the given files and is removed afterwards. */
export function withFolder<T>(files: Readonly<Record<string, string>>, test: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "somastack-test-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return test(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same for a test that waits. */
export async function withFolderAsync<T>(files: Readonly<Record<string, string>>, test: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "somastack-test-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await test(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
