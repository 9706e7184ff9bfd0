import type { FieldMeta } from "@superpaas/api";

/** Why a file is not accepted, as the name of a text; `null` when it is. The service looks inside besides. */
export function refusalOf(
  field: FieldMeta,
  file: Pick<File, "name" | "size" | "type">,
  count: number,
  many: boolean,
): "tooBig" | "wrongType" | "tooMany" | null {
  if (field.max_bytes !== undefined && file.size > field.max_bytes) return "tooBig";
  if (field.types !== undefined && field.types.length > 0 && !field.types.some((type) => isOf(file, type))) return "wrongType";
  return many && field.max_count !== undefined && count >= field.max_count ? "tooMany" : null;
}

/** `image/*`, `application/pdf` or `.docx`. */
function isOf(file: Pick<File, "name" | "type">, type: string): boolean {
  if (type.startsWith(".")) return file.name.toLowerCase().endsWith(type.toLowerCase());
  return type.endsWith("/*") ? file.type.startsWith(type.slice(0, -1)) : file.type === type;
}

export function acceptOf(field: FieldMeta): string {
  return (field.types ?? (field.kind === "image" ? ["image/*"] : [])).join(",");
}

/** `20 MB`, `512 kB`. */
export function sizeText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${size < 10 && unit > 0 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${units[unit] ?? "B"}`;
}
