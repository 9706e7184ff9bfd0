import { begin } from "@superpaas/api/early";

begin("client");
