import { Check } from "lucide-react";
import { useState } from "react";

import { cx } from "@/lib/cx";
import { chooseTheme, chosenTheme, THEMES } from "@/lib/theme";
import { sidebar } from "@/texts/sidebar";
import { menuItem } from "@/ui/popover";

/** The themes, inside a menu. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme());
  return (
    <>
      <p className="px-2 py-1 text-meta text-faint">{sidebar.theme}</p>
      <div role="radiogroup" aria-label={sidebar.theme}>
        {THEMES.map((each) => (
          <label
            key={each}
            className={cx(menuItem, "has-[:focus-visible]:outline-2 has-[:focus-visible]:-outline-offset-2 has-[:focus-visible]:outline-focus")}
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={theme === each}
              onChange={() => {
                chooseTheme(each);
                setTheme(each);
              }}
            />
            <Check size={14} aria-hidden className={theme === each ? "" : "invisible"} />
            {sidebar.themes[each]}
          </label>
        ))}
      </div>
    </>
  );
}
