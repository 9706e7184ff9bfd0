import type { ApiClient } from "../http/client.ts";

/** What an upload answers, and what `?ids=` tells. */
export interface FileInfo {
  id: string;
  name: string;
  media_type: string;
  size: number;
  sha256: string;
  scan: string;
}

/** A file as downloaded. */
export interface Download {
  name: string;
  blob: Blob;
}

/** Send a file to a cell; `field` lets the service check the field's limits at once. */
export async function uploadFile(
  api: ApiClient,
  cell: string,
  file: File,
  options: { field?: string; signal?: AbortSignal; requestId?: string } = {},
): Promise<FileInfo> {
  return api.post<FileInfo>(`/api/v1/${cell}/_files`, file, {
    query: { name: file.name, field: options.field },
    headers: { "Content-Type": "application/octet-stream" },
    timeoutMs: 0,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.requestId === undefined ? {} : { requestId: options.requestId }),
  });
}

/** Fetch a file with the session: an address alone, as a link or picture has it, carries no token. */
export async function download(
  api: ApiClient,
  path: string,
  options: { method?: "GET" | "POST"; body?: unknown; signal?: AbortSignal; fallbackName?: string } = {},
): Promise<Download> {
  const response = await api.send(options.method ?? "GET", path, options.body, {
    headers: { Accept: "*/*" },
    timeoutMs: 0,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const name = fileName(response.headers.get("content-disposition")) ?? options.fallbackName ?? "download";
  return { name, blob: await response.blob() };
}

/** Hand a file to the browser's downloads. */
export function saveAs({ name, blob }: Download): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read by then; kept addresses would hold the bytes in memory.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}

/** The name that an answer gives its file: `filename*` (RFC 5987) before `filename`. */
export function fileName(disposition: string | null): string | null {
  if (disposition === null) return null;
  const extended = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(disposition)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended.trim());
    } catch {
      // Fall through to the plain name.
    }
  }
  const plain = /filename="((?:[^"\\]|\\.)*)"/.exec(disposition)?.[1] ?? /filename=([^;]+)/.exec(disposition)?.[1];
  return plain === undefined ? null : plain.replace(/\\(.)/g, "$1").trim();
}
