import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { problemOf } from "@/api/client";
import { leaving } from "@/api/signed-in";
import { toast } from "@/ui/toast";

/**
 * Ends the session, or all of them, on the server, forgets what was read, and goes to the page that says how to get in.
 * Where changes are not saved yet, it asks before.
 */
export function useLeave(): (which?: "this" | "all") => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return async (which = "this") => {
    const unsaved = (await import("@/offline/state")).waitingChanges().length;
    if (unsaved > 0 && !(await import("./unsaved").then(({ leavesAll }) => leavesAll(unsaved)))) return;
    // What breaks from here on is what was asked for.
    leaving.now = true;
    try {
      // All that it takes is here before the session ends: what is fetched after that would be refused.
      const { endSession } = await import("./ending");
      await endSession(which);
      cache.clear();
      await navigate({ to: "/" });
    } catch (error) {
      // Nobody is to believe that they have left when the server does not know it.
      toast(problemOf(error).detail);
    } finally {
      leaving.now = false;
    }
  };
}
