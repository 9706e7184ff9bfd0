/** The line through values, the greatest on top; a gap where a value is not known. */
export function pathOf(values: readonly (number | null)[], width: number, height: number): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  const most = Math.max(...known, 0);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  let drawn = "";
  let open = false;
  values.forEach((value, place) => {
    if (value === null) {
      open = false;
      return;
    }
    const y = most === 0 ? height : height - (value / most) * (height - 1);
    drawn += `${open ? "L" : "M"}${round(place * step)} ${round(y)}`;
    open = true;
  });
  return drawn;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
