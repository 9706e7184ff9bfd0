/** Cells as spreadsheets put them on the clipboard: tabs between, quotes around those that hold tabs or line ends. */
export function readCells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const plain = text.replace(/\r\n?/g, "\n");
  for (let place = 0; place < plain.length; place += 1) {
    const sign = plain[place] ?? "";
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (plain[place + 1] === '"') {
        cell += '"';
        place += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      row.push(cell);
      cell = "";
      if (sign === "\n") {
        rows.push(row);
        row = [];
      }
    } else cell += sign;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  // Spreadsheets end their text with a line end; the empty line after it is no row.
  while (rows.length > 0 && rows.at(-1)?.every((item) => item === "") === true) rows.pop();
  return rows;
}

/** Cells as spreadsheets read them. A text that they would take for a formula gets the quote that makes it a text. */
export function writeCells(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(written).join("\t")).join("\n");
}

function written(text: string): string {
  const safe = /^[=+@]/.test(text) || (text.startsWith("-") && !/^-[\d,.]+%?$/.test(text)) ? `'${text}` : text;
  return /[\t\n"]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
