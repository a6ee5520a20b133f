import { useLocation, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { entered } from "@/api/account";

/** What follows on having signed in: the address that was wanted, or the place where a person starts. */
export function useEnter(): (to?: string) => Promise<void> {
  const navigate = useNavigate();
  const router = useRouter();
  return async (to) => {
    await entered();
    if (to) router.history.replace(to);
    else await navigate({ to: "/", replace: true });
  };
}

/**
 * What stands behind `#`, which never reaches a log. It is taken out of the address and the history at once. Another link
 * that is opened in the same window takes the place of the one before.
 */
export function useToken(): string {
  const hash = useLocation({ select: (location) => location.hash });
  const [token, setToken] = useState(hash);
  useEffect(() => {
    if (!hash) return;
    setToken(hash);
    history.replaceState(history.state, "", location.pathname);
  }, [hash]);
  return hash || token;
}
