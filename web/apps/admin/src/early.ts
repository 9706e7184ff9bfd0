import { begin } from "@superpaas/api/early";

begin("admin");
