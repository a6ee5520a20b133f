import { useEffect, useState } from "react";

/** Whole seconds until a moment (milliseconds since the epoch), counted down to 0. */
export function useCountdown(until: number): number {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 1000);
    return () => clearInterval(timer);
    // `left` is of `until` alone.
  }, [until]);
  return seconds;
}
