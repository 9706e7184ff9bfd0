import { ApiError, newRequestId, useConnection, type FileInfo } from "@superpaas/api";

export interface Sending {
  done: Promise<FileInfo>;
  stop: () => void;
}

/**
 * Upload with progress, which `fetch` does not tell. A token that ends soon is renewed before: a big file must not be
 * sent twice.
 */
export function sendFile(cell: string, file: File, onProgress: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const requestId = newRequestId();
  const done = begin();

  async function begin(): Promise<FileInfo> {
    const { api, keeper } = useConnection();
    const token = await keeper.token();
    return new Promise<FileInfo>((resolve, reject) => {
      request.open("POST", `${api.base}/api/v1/${cell}/_files?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Accept-Language", document.documentElement.lang);
      request.setRequestHeader("X-Request-ID", requestId);
      if (token !== null) request.setRequestHeader("Authorization", `Bearer ${token}`);
      if (keeper.who !== null) request.setRequestHeader("X-Tenant-Id", keeper.who.tenantId);
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      };
      request.onload = () => {
        const body = read(request.responseText);
        if (request.status >= 200 && request.status < 300 && body !== null) resolve(body as unknown as FileInfo);
        else reject(errorOf(request.status, body, requestId));
      };
      request.onerror = () => {
        reject(errorOf(0, { code: "NETWORK" }, requestId));
      };
      request.onabort = () => {
        reject(errorOf(0, { code: "ABORTED" }, requestId));
      };
      request.send(file);
    });
  }

  return {
    done,
    stop: () => {
      request.abort();
    },
  };
}

function errorOf(status: number, body: Record<string, unknown> | null, requestId: string): ApiError {
  const code = typeof body?.["code"] === "string" ? body["code"] : "UNREADABLE";
  const message = typeof body?.["message"] === "string" ? body["message"] : code;
  const answered = typeof body?.["requestId"] === "string" ? body["requestId"] : requestId;
  return new ApiError(status, { code, message, requestId: answered, details: body?.["details"] });
}

function read(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
