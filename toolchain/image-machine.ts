import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A file of the machine's configuration that images need at build time. */
export interface MachineFile {
  readonly from: string;
  /** Path inside the image. */
  readonly to: string;
}

const bundle = "/etc/ssl/certs/ca-certificates.crt";

/**
 * What lets package clients inside `docker build` reach what they reach on this machine: the certificate bundle, pip's
 * configuration, and on the same Debian release the sources and transport settings of apt. Files with passwords stay out.
 */
export function machineFiles(): MachineFile[] {
  const found: MachineFile[] = [
    { from: process.env["SSL_CERT_FILE"] ?? bundle, to: bundle },
    { from: "/etc/pip.conf", to: "/etc/pip.conf" },
    { from: join(homedir(), ".config", "pip", "pip.conf"), to: "/root/.config/pip/pip.conf" },
  ];
  if (/^VERSION_CODENAME=bookworm$/m.test(read("/etc/os-release"))) {
    const lists = files("/etc/apt/sources.list.d").filter((path) => /(^|\/)debian[^/]*\.(sources|list)$/.test(path));
    const transport = files("/etc/apt/apt.conf.d").filter((path) => /Acquire::https?\b/i.test(read(path)));
    found.push(...["/etc/apt/sources.list", ...lists, ...transport].map((path) => ({ from: path, to: path })));
  }
  return found.filter(({ from }) => existsSync(from) && !holdsPassword(read(from)));
}

/** Whether a configuration carries credentials: an image must not. */
export function holdsPassword(text: string): boolean {
  return /:\/\/[^/\s@]+@|_auth|password/i.test(text);
}

function files(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort().map((name) => join(folder, name)) : [];
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
