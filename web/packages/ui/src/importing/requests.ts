import { download, saveAs, type ApiClient, type Page } from "@superpaas/api";

import type { Choice, ImportDetail, ImportLine, RowProblem } from "./types.ts";

/** The wizard's requests for one document of a cell. */
export class ImportRequests {
  private readonly api: ApiClient;
  private readonly base: string;
  private readonly document: string;

  constructor(api: ApiClient, base: string, document: string) {
    this.api = api;
    this.base = base;
    this.document = document;
  }

  async upload(file: File, encoding: string, signal: AbortSignal): Promise<ImportDetail> {
    const form = new FormData();
    form.append("file", file, file.name);
    const query = { document: this.document, name: file.name, encoding };
    return this.api.post<ImportDetail>(this.base, form, { query, signal, timeoutMs: 0 });
  }

  read(id: string): Promise<ImportDetail> {
    return this.api.get<ImportDetail>(`${this.base}/${id}`);
  }

  change(id: string, choice: Choice): Promise<ImportDetail> {
    return this.api.patch<ImportDetail>(`${this.base}/${id}`, choice);
  }

  async start(id: string, verb: "check" | "commit" | "undo"): Promise<void> {
    await this.api.post(`${this.base}/${id}/${verb}`);
  }

  async cancel(id: string): Promise<void> {
    await this.api.post(`${this.base}/${id}/cancel`);
  }

  errors(id: string, cursor: string | null, limit: number): Promise<Page<RowProblem>> {
    return this.api.get<Page<RowProblem>>(`${this.base}/${id}/errors`, { query: { cursor, limit } });
  }

  history(cursor: string | null, mine: boolean): Promise<Page<ImportLine>> {
    const query = { document: this.document, mine: mine ? true : undefined, cursor, limit: 20 };
    return this.api.get<Page<ImportLine>>(this.base, { query });
  }

  /** The file with its wrong cells marked. */
  async file(id: string, onlyErrors: boolean): Promise<void> {
    saveAs(await download(this.api, `${this.base}/${id}/file${onlyErrors ? "?only=errors" : ""}`));
  }

  /** The empty workbook to fill. `path` is the entity's: `/api/v1/erp/partners`. */
  async template(path: string): Promise<void> {
    saveAs(await download(this.api, path.replace(/\/([^/]+)$/, "/imports/$1/template")));
  }
}
