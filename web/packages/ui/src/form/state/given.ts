/** Values that the address of a new form carries: `?set.partner_id=…`; what is no field of it is ignored by the service. */
export function givenBy(query: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      name.startsWith("set.") && typeof value === "string" && value !== "" ? [[name.slice(4), value]] : [],
    ),
  );
}
