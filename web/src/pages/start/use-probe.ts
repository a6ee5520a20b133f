import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { probeSource } from "@/api/mutations/repos";
import type { Probe } from "@/api/types";
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

/** Tells of the repository that stands in a field as long as the field is there. */
export function useFound(found: Probe | undefined, onFound: (probe: Probe | undefined) => void) {
  useEffect(() => {
    onFound(found);
    return () => onFound(undefined);
  }, [found, onFound]);
}
