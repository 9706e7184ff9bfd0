/** A cell of the grid: the line's place and the column's. */
export interface Cell {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** Columns that can be written, in order. */
  writable: readonly number[];
}

export type Move = "up" | "down" | "left" | "right" | "next" | "previous" | "first" | "last" | "enter";

/**
 * Where a key leads. `next` (Tab) goes through the cells that can be written and on to the next line; `row` equal to
 * `rows` means that a new line is wanted. `null` leaves the grid.
 */
export function moved(from: Cell, move: Move, extent: Extent): Cell | null {
  const { row, column } = from;
  const lastRow = extent.rows - 1;
  switch (move) {
    case "up":
      return { row: Math.max(0, row - 1), column };
    case "down":
      return { row: Math.min(lastRow, row + 1), column };
    case "left":
      return { row, column: Math.max(0, column - 1) };
    case "right":
      return { row, column: Math.min(extent.columns - 1, column + 1) };
    case "first":
      return { row, column: 0 };
    case "last":
      return { row, column: extent.columns - 1 };
    case "enter":
      return { row: row + 1, column };
    case "next": {
      const following = extent.writable.find((item) => item > column);
      if (following !== undefined) return { row, column: following };
      const [first] = extent.writable;
      return first === undefined ? null : { row: row + 1, column: first };
    }
    case "previous": {
      const before = extent.writable.findLast((item) => item < column);
      if (before !== undefined) return { row, column: before };
      const last = extent.writable.at(-1);
      return last === undefined || row === 0 ? null : { row: row - 1, column: last };
    }
  }
}

/** The move that a key asks for; `null` for keys that mean something else. While a cell is written, arrows are its own. */
export function moveOf(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">,
  writing: boolean,
): Move | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  switch (event.key) {
    case "Tab":
      return event.shiftKey ? "previous" : "next";
    case "Enter":
      return event.shiftKey ? "up" : "enter";
    case "ArrowUp":
      return writing ? null : "up";
    case "ArrowDown":
      return writing ? null : "down";
    case "ArrowLeft":
      return writing ? null : "left";
    case "ArrowRight":
      return writing ? null : "right";
    case "Home":
      return writing ? null : "first";
    case "End":
      return writing ? null : "last";
    default:
      return null;
  }
}

/** The rows to draw of a long grid, with some above and below what is seen. */
export function windowOf(scrollTop: number, height: number, rowHeight: number, rows: number): { from: number; to: number } {
  const beyond = 8;
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - beyond);
  const to = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + beyond);
  return { from, to };
}
