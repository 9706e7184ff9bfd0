import { defineAsyncComponent } from "vue";

import { registerViewKind } from "../list/index.ts";

// Each kind of board is loaded when the first view of it is opened: calendar and Gantt bring libraries of their own.
registerViewKind("kanban", defineAsyncComponent(() => import("./kanban/KanbanBoard.vue")));
registerViewKind("calendar", defineAsyncComponent(() => import("./calendar/CalendarBoard.vue")));
registerViewKind("gantt", defineAsyncComponent(() => import("./gantt/GanttBoard.vue")));
registerViewKind("pivot", defineAsyncComponent(() => import("./pivot/PivotBoard.vue")));
registerViewKind("tree", defineAsyncComponent(() => import("./tree/TreeBoard.vue")));
