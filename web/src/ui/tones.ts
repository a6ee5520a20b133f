/** The colours of signs. */
import type { Severity } from "@/api/types";

/** The colours of a tone, as text on its own background. */
export type Tone = Severity | "ok" | "neutral" | "accent";

export const TONES: Record<Tone, string> = {
  critical: "text-critical bg-critical-bg",
  high: "text-high bg-high-bg",
  medium: "text-medium bg-medium-bg",
  low: "text-low bg-low-bg",
  info: "text-info bg-info-bg",
  ok: "text-ok bg-ok-bg",
  neutral: "text-muted bg-sunken",
  accent: "text-accent bg-sunken",
};
