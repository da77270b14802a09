import { existsSync, readFileSync } from "node:fs";
import { request } from "node:https";

/** An object of the API, as far as this client looks at it. */
export interface KubernetesObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly items?: readonly KubernetesObject[];
  readonly [field: string]: unknown;
}

/** An API server, asked with a token. */
export class KubernetesApi {
  constructor(
    private readonly url: string,
    private readonly token: string,
    /** File with its certificate, which it makes itself when it starts. */
    private readonly certificate: string,
  ) {}

  /** Whether the server is ready to serve. */
  async isReady(): Promise<boolean> {
    if (!existsSync(this.certificate)) return false;
    try {
      return (await this.ask("GET", "/readyz")).status === 200;
    } catch {
      return false;
    }
  }

  /** Asks the server. @throws Error when it refuses, with its words */
  async request(method: string, path: string, body?: unknown): Promise<KubernetesObject> {
    const { status, text } = await this.ask(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text) as KubernetesObject;
  }

  /** The objects of a collection, such as `/apis/apps/v1/namespaces/NAME/deployments`. */
  async list(path: string): Promise<readonly KubernetesObject[]> {
    return (await this.request("GET", path)).items ?? [];
  }

  private ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" }) };
      const asked = request(new URL(path, this.url), { method, headers, ca: readFileSync(this.certificate) }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
        response.on("error", reject);
      });
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
