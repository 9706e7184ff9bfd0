/** A node as Element Plus' tree takes it. */
export interface TreeNode {
  value: string;
  label: string;
  children: TreeNode[];
}

/** A tree out of rows that name the one above them; those whose upper one is not among them are roots. */
export function treeOf(rows: readonly { id: string; name: string; parent_id: string | null }[]): TreeNode[] {
  const nodes = new Map(rows.map(({ id, name }) => [id, { value: id, label: name, children: [] } as TreeNode]));
  const roots: TreeNode[] = [];
  for (const { id, parent_id: parent } of rows) {
    const node = nodes.get(id);
    if (node === undefined) continue;
    const above = parent === null ? undefined : nodes.get(parent);
    (above?.children ?? roots).push(node);
  }
  return roots;
}
