import { download, queryString, saveAs, type ApiClient } from "@superpaas/api";

import type { Definition, ReportDetail, ReportItem, Result, Sharing } from "./types.ts";

export interface Kept {
  name: string;
  entity: string;
  definition: Definition;
  description: string | null;
  sharing: Sharing;
  roles: string[] | null;
}

/** The reports of one cell. */
export class ReportRequests {
  private readonly api: ApiClient;
  private readonly base: string;

  constructor(api: ApiClient, cell: string) {
    this.api = api;
    this.base = `/api/v1/${encodeURIComponent(cell)}/_reports`;
  }

  async list(entity?: string): Promise<ReportItem[]> {
    return (await this.api.get<{ items: ReportItem[] }>(this.base, { query: { entity } })).items;
  }

  read(id: string): Promise<ReportDetail> {
    return this.api.get<ReportDetail>(`${this.base}/${encodeURIComponent(id)}`);
  }

  run(path: string, query: Record<string, string>): Promise<Result> {
    return this.api.get<Result>(path, { query, timeoutMs: 60_000 });
  }

  /** Run what is being designed; nothing is kept. */
  attempt(definition: Definition, parameters: Record<string, unknown>, signal?: AbortSignal): Promise<Result> {
    const options = signal === undefined ? { timeoutMs: 60_000 } : { timeoutMs: 60_000, signal };
    return this.api.post<Result>(`${this.base}/run`, { definition, parameters }, options);
  }

  async file(path: string, query: Record<string, string>, format: "xlsx" | "csv"): Promise<void> {
    saveAs(await download(this.api, `${path}${queryString({ ...query, format })}`));
  }

  create(kept: Kept): Promise<ReportDetail> {
    return this.api.post<ReportDetail>(this.base, kept);
  }

  change(id: string, version: number, kept: Kept): Promise<ReportDetail> {
    return this.api.patch<ReportDetail>(`${this.base}/${encodeURIComponent(id)}`, { ...kept, version });
  }

  copy(id: string): Promise<ReportDetail> {
    return this.api.post<ReportDetail>(`${this.base}/${encodeURIComponent(id)}/copy`, {});
  }

  async remove(id: string, version: number): Promise<void> {
    await this.api.delete(`${this.base}/${encodeURIComponent(id)}`, { query: { version } });
  }
}
