import { useMetadata, useSession, type ApiError } from "@superpaas/api";

/** Refusals come in bunches: a page asks for several things at once. */
const PAUSE_MS = 3_000;

let asked = Number.NEGATIVE_INFINITY;

/**
 * A refusal tells that a right has been taken away since the page was made: asking again for what one may see and do
 * takes the buttons and fields from the page that can only be refused.
 */
export async function lookAgainAfter(error: ApiError, now: number = Date.now()): Promise<void> {
  const session = useSession();
  if (error.status !== 403 || session.state !== "signed-in" || now - asked < PAUSE_MS) return;
  asked = now;
  const metadata = useMetadata();
  await session.reload();
  const cells = metadata.ready.filter((cell) => session.mayEnter(cell.name));
  await Promise.allSettled(cells.map((cell) => metadata.refresh(cell.name)));
}
