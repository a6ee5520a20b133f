import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { entered } from "@/api/account";

/** What follows on having signed in: the address that was wanted, or the place where a person starts. */
export function useEnter(): (to?: string) => Promise<void> {
  const navigate = useNavigate();
  const router = useRouter();
  return async (to) => {
    entered();
    if (to) router.history.replace(to);
    else await navigate({ to: "/", replace: true });
  };
}

/** What stands behind `#`, which never reaches a log. It is taken out of the address and the history at once. */
export function useToken(): string {
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (token) history.replaceState(history.state, "", location.pathname);
  }, [token]);
  return token;
}
