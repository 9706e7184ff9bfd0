export interface Credential {
  username: string;
  name: string;
  password: string;
}

/** For the clipboard: a line each, in columns that a spreadsheet takes apart. */
export function credentialLines(credentials: readonly Credential[]): string {
  return credentials.map(({ username, name, password }) => (credentials.length === 1 ? password : [username, name, password].join("\t"))).join("\n");
}
