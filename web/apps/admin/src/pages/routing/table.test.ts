import { describe, expect, it } from "vitest";

import { matching, pathParts, rollBackPreview, tellingOf } from "./table.ts";
import type { PlatformRoute, RouteTable } from "./types.ts";

const current: RouteTable = {
  version: 4,
  cells: {
    crm: { path: "/api/v1/crm", enabled: true, timeout_seconds: 60 },
    erp: { path: "/api/v1/erp", enabled: true, timeout_seconds: null },
  },
  platform: [],
};

describe("the route table", () => {
  it("reads paths of differences", () => {
    expect(pathParts("cells.crm.timeout_seconds")).toEqual({ cell: "crm", setting: "timeout_seconds" });
    expect(pathParts("platform[/api/v1/auth].service")).toBeNull();
  });

  it("previews a roll back: settings go back, later cells stay", () => {
    const toCurrent = [
      { path: "cells.crm.timeout_seconds", before: null, after: 60 },
      { path: "cells.erp.enabled", before: null, after: true },
      { path: "cells.erp.path", before: null, after: "/api/v1/erp" },
      { path: "platform[/api/v1/x].service", before: null, after: "identity" },
    ];
    expect(rollBackPreview(toCurrent, current)).toEqual([{ path: "cells.crm.timeout_seconds", before: 60, after: null }]);
  });

  it("brings a cell back that has gone since", () => {
    const gone = [{ path: "cells.oa.enabled", before: true, after: null }, { path: "cells.oa.path", before: "/api/v1/oa", after: null }];
    expect(rollBackPreview(gone, current).map((item) => item.path)).toEqual(["cells.oa.enabled", "cells.oa.path"]);
  });

  it("leaves out what says nothing", () => {
    expect(tellingOf([{ path: "cells", before: {}, after: null }, { path: "cells.a.timeout_seconds", before: null, after: null }])).toEqual([]);
  });

  it("is searched by path and service", () => {
    const routes = [{ path: "/api/v1/auth", service: "identity" }, { path: "/api/admin/logs", service: "monitor" }] as PlatformRoute[];
    expect(matching(routes, " MONI ").map((route) => route.path)).toEqual(["/api/admin/logs"]);
    expect(matching(routes, "")).toHaveLength(2);
  });
});
