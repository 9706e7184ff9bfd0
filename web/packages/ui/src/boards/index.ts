import { defineAsyncComponent, type Component } from "vue";

import { SkeletonPage } from "../feedback/index.ts";
import { registerViewKind } from "../list/index.ts";

/** Each kind of board is loaded when the first view of it is opened: calendar and Gantt bring libraries of their own. */
function lazy(loader: () => Promise<{ default: Component }>): Component {
  return defineAsyncComponent({ loader, loadingComponent: SkeletonPage, delay: 100 });
}

/** Make the boards known to lists. A call, as a build may leave out what a module does when it is only read. */
export function registerBoards(): void {
  registerViewKind("kanban", lazy(() => import("./kanban/KanbanBoard.vue")));
  registerViewKind("calendar", lazy(() => import("./calendar/CalendarBoard.vue")));
  registerViewKind("gantt", lazy(() => import("./gantt/GanttBoard.vue")));
  registerViewKind("pivot", lazy(() => import("./pivot/PivotBoard.vue")));
  registerViewKind("tree", lazy(() => import("./tree/TreeBoard.vue")));
}
