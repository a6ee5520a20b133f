import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api, problemOf } from "@/api/client";
import { toast } from "@/ui/toast";

/** Ends the session on the server, forgets what was read, and goes to the page that says how to get in. */
export function useLeave(): () => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await api.DELETE("/api/v1/session");
    } catch (error) {
      // Nobody is to believe that they have left when the server does not know it.
      toast(problemOf(error).detail);
      return;
    }
    await import("@/offline/kept").then(({ forget }) => forget());
    cache.clear();
    await navigate({ to: "/" });
  };
}
