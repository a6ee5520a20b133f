import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api } from "@/api/client";

/** Ends the session on the server, forgets what was read, and goes to the page that says how to get in. */
export function useLeave(): () => Promise<void> {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await api.DELETE("/api/v1/session");
    cache.clear();
    await navigate({ to: "/" });
  };
}
