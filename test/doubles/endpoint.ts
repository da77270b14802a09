import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a double of an API answers with. */
export type Answer = Readonly<Record<string, unknown>>;

/** A server on a free port of 127.0.0.1 that answers in place of AWS's APIs, for whoever AWS_ENDPOINT_URL sends there. */
export abstract class Endpoint {
  private readonly server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const { type, content } = this.respond(request.headers, body);
      response.writeHead(200, { "content-type": type }).end(content);
    });
  });

  /** Starts it. */
  async start(): Promise<this> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  protected abstract respond(headers: IncomingHttpHeaders, body: string): { readonly type: string; readonly content: string };
}

/** The operation that a request of AWS's JSON protocols names; undefined for another protocol. */
export function operationOf(headers: IncomingHttpHeaders): string | undefined {
  const target = headers["x-amz-target"];
  return typeof target === "string" ? target.split(".").at(-1) : undefined;
}

/** An answer in AWS's JSON protocol. */
export function jsonAnswer(answer: Answer): { readonly type: string; readonly content: string } {
  return { type: "application/x-amz-json-1.1", content: JSON.stringify(answer) };
}
