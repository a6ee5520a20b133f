import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { probeSource } from "@/api/mutations/repos";
import { useWorkspace } from "@/api/workspace";

/** Waits until typing pauses. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** What is at a source; asked for once typing pauses, or when `enabled` says so. */
export function useProbe(source: string, enabled: boolean) {
  const ws = useWorkspace();
  return useQuery({
    queryKey: ["w", ws, "probe", source],
    queryFn: ({ signal }) => probeSource(ws, source, signal),
    enabled: enabled && source !== "",
    retry: false,
    staleTime: 30_000,
  });
}
