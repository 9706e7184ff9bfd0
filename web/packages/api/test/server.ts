import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the server has seen it. */
export interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Close the connection instead of answering. */
  hangUp?: boolean;
  delayMs?: number;
}

/** A real HTTP server on a free port, which answers as the test says and remembers what it was asked. */
export class TestServer {
  readonly seen: Seen[] = [];
  answer: (request: Seen) => Reply = () => ({ status: 404 });
  private server: Server | null = null;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const seen = {
          method: request.method ?? "",
          path: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        };
        this.seen.push(seen);
        const reply = this.answer(seen);
        setTimeout(() => {
          if (reply.hangUp === true) {
            request.socket.destroy();
            return;
          }
          response.writeHead(reply.status, { "Content-Type": "application/json", ...reply.headers });
          response.end(reply.body === undefined ? "" : JSON.stringify(reply.body));
        }, reply.delayMs ?? 0);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  clear(): void {
    this.seen.length = 0;
  }
}

/** The contract's error. */
export function refusal(status: number, code: string, more: Partial<Reply> & { details?: unknown } = {}): Reply {
  const { details = {}, ...rest } = more;
  return { status, body: { code, message: `${code} in words`, details, requestId: "r-1" }, ...rest };
}
