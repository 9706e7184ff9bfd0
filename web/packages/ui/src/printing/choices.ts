/** What `GET _prints/<plural>` lists. */
export interface PrintListed {
  name: string;
  label: string;
  paper: string;
  per: string;
  formats: string[];
  templates: { code: string; name?: string; label?: string }[];
}

export interface PrintChoice {
  key: string;
  print: string;
  /** The template; empty for the declared look. */
  code: string;
  label: string;
  formats: string[];
}

/** Prints and their templates as one list: templates come first, as somebody has made them for this. */
export function choicesOf(listed: readonly PrintListed[]): PrintChoice[] {
  return listed.flatMap((print) => {
    const own: PrintChoice = {
      key: print.name,
      print: print.name,
      code: "",
      label: `${print.label}（${print.paper}）`,
      formats: print.formats,
    };
    const templates = print.templates.map<PrintChoice>((template) => ({
      key: `${print.name}/${template.code}`,
      print: print.name,
      code: template.code,
      label: `${template.name ?? template.label ?? template.code}（${print.paper}）`,
      formats: print.formats,
    }));
    return [...templates, own];
  });
}
