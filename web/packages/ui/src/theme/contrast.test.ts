import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const css = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "tokens.css"), "utf8");

function tokens(selector: string): Record<string, string> {
  const block = css.split(`${selector} {`)[1]?.split("}")[0] ?? "";
  return Object.fromEntries([...block.matchAll(/--sp-([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const light = tokens(":root");
const dark = { ...light, ...tokens(":root.dark") };
const TEXTS = ["text", "text-secondary", "text-muted", "brand", "success", "warning", "danger", "info"];
const GROUNDS = ["page", "surface", "surface-raised", "surface-hover"];

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s theme", (_name, theme) => {
  it.each(TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)))(
    "lets %s be read on %s",
    (text, ground) => {
      expect(contrast(theme[text] ?? "", theme[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(["brand", "success", "warning", "danger", "info"])("lets a label be read on a button of %s", (ground) => {
    expect(contrast(theme["text-on-brand"] ?? "", theme[ground] ?? "")).toBeGreaterThanOrEqual(4.5);
  });

  it("lets the edge of a control be seen", () => {
    expect(contrast(theme["border-strong"] ?? "", theme["surface"] ?? "")).toBeGreaterThanOrEqual(3);
  });
});
