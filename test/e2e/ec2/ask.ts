import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What is asked, beside the URL. */
export interface Question {
  /** Host name that the load balancer would pass on. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A form, sent with POST. */
  readonly form?: Readonly<Record<string, string>>;
}

/** Asks over HTTP; status 0 while nothing answers. */
export async function ask(url: string, { host, headers = {}, form }: Question = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const type = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const asked = request(url, { method: body === undefined ? "GET" : "POST", timeout: 10_000, headers: { ...(host === undefined ? {} : { host }), ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", (error) => resolve({ status: 0, body: error.message }));
    asked.end(body);
  });
}

/** Opens a WebSocket, sends one short text and gives the first texts that come, as many as are wished. */
export async function converse(url: string, { host, headers = {} }: Question, text: string, wished: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString("base64");
    const asked = request(url, { timeout: 20_000, headers: { ...(host === undefined ? {} : { host }), ...headers, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": key } });
    asked.on("timeout", () => asked.destroy(new Error("the WebSocket is silent")));
    asked.on("error", reject);
    asked.on("response", ({ statusCode }) => reject(new Error(`no WebSocket: ${statusCode}`)));
    asked.on("upgrade", (response, socket, head) => {
      const accepted = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      if (response.headers["sec-websocket-accept"] !== accepted) reject(new Error("no WebSocket: another key was accepted"));
      let received = head;
      const take = (): void => {
        const texts = textsOf(received);
        if (texts.length < wished) return;
        socket.destroy();
        resolve(texts);
      };
      socket.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        take();
      });
      socket.on("close", () => reject(new Error(`the WebSocket ended after ${JSON.stringify(textsOf(received))}`)));
      socket.write(frame(text));
      take();
    });
    asked.end();
  });
}

/** A masked text frame of less than 126 bytes (RFC 6455, section 5.2). */
function frame(text: string): Buffer {
  const mask = randomBytes(4);
  const payload = Buffer.from(text).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]);
}

/** The complete text frames of a server, up to 64 KiB each. */
function textsOf(received: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 2 <= received.length;) {
    const [opcode, short] = [(received[at] ?? 0) & 0x0f, (received[at + 1] ?? 0) & 0x7f];
    const header = short === 126 ? 4 : 2;
    if (at + header > received.length) break;
    const length = short === 126 ? received.readUInt16BE(at + 2) : short;
    const end = at + header + length;
    if (end > received.length) break;
    if (opcode === 1) texts.push(received.subarray(at + header, end).toString());
    at = end;
  }
  return texts;
}
