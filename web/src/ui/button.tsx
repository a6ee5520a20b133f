import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";

import { cx } from "@/lib/cx";

type Look = "primary" | "secondary" | "ghost";

const BASE =
  "tap inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control px-2.5 text-dense font-medium transition-colors";
const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-[color-mix(in_srgb,var(--accent)_88%,var(--text))]",
  secondary: "border border-line bg-raised text-text hover:border-control hover:bg-subtle",
  ghost: "text-muted hover:bg-sunken hover:text-text",
};
const OFF = "opacity-55 hover:bg-transparent";

/** The class names of a button, for links that look like one. */
export const buttonLook = (look: Look = "secondary", extra?: string): string => cx(BASE, LOOKS[look], extra);

interface Props extends Omit<ComponentProps<"button">, "disabled"> {
  look?: Look;
  icon?: LucideIcon;
  /** The action is under way: the width stays, the label gives way to a running indicator. */
  busy?: boolean;
  /** Why the action is not possible now. The button stays reachable, so that the reason can be read. */
  blocked?: string | undefined;
  children?: ReactNode;
}

/** A button: verb and object. */
export function Button({ look = "secondary", icon: Icon, busy, blocked, className, children, onClick, ...rest }: Props) {
  const off = busy === true || blocked !== undefined;
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      title={blocked ?? rest.title}
      className={cx(BASE, LOOKS[look], blocked !== undefined && OFF, className)}
      onClick={off ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <LoaderCircle size={14} className="spin" aria-hidden /> : Icon && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  );
}

interface IconProps extends Omit<Props, "children" | "icon" | "look"> {
  icon: LucideIcon;
  /** The name, read aloud and shown on hover. */
  label: string;
}

/** A button that is only an icon. */
export function IconButton({ icon: Icon, label, className, blocked, onClick, ...rest }: IconProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      aria-disabled={blocked !== undefined || undefined}
      title={blocked ?? label}
      onClick={blocked === undefined ? onClick : undefined}
      className={cx(
        "tap inline-flex min-w-7 shrink-0 items-center justify-center rounded-control text-muted transition-colors hover:bg-sunken hover:text-text pointer-coarse:min-w-11",
        className,
      )}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}

