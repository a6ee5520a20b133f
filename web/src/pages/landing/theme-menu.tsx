import { SunMoon } from "lucide-react";

import { ThemeChoice } from "@/app/theme-choice";
import { sidebar } from "@/texts/sidebar";
import { Popover } from "@/ui/popover";

/** The theme, for whoever is not signed in. */
export default function ThemeMenu() {
  return (
    <Popover
      label={sidebar.theme}
      triggerLabel={sidebar.theme}
      triggerClass="tap flex size-8 items-center justify-center rounded-control text-muted hover:bg-sunken hover:text-text"
      trigger={<SunMoon size={16} strokeWidth={1.75} aria-hidden />}
      className="w-52 p-1.5"
    >
      {() => <ThemeChoice />}
    </Popover>
  );
}
