/** Copy a text; also where the page is served by plain http, which has no clipboard interface. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "sp-hidden";
    document.body.append(area);
    area.select();
    // There is no other way without a secure context.
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
