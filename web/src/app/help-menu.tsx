import { Link } from "@tanstack/react-router";
import { BookOpen, Braces, CircleQuestionMark, Keyboard, Route } from "lucide-react";

import { cx } from "@/lib/cx";
import { help } from "@/texts/help";
import { sidebar } from "@/texts/sidebar";
import { menuItem, Popover } from "@/ui/popover";

/** Where to look when something is not clear: the same place on every page. */
export default function HelpMenu({ folded, onKeys, onTour }: { folded: boolean; onKeys: () => void; onTour: () => void }) {
  return (
    <Popover
      label={help.title}
      triggerLabel={help.title}
      triggerClass={cx(
        "tap flex items-center gap-2.5 rounded-control px-2 text-dense text-muted hover:bg-sunken hover:text-text",
        folded && "justify-center",
      )}
      trigger={
        <>
          <CircleQuestionMark size={16} strokeWidth={1.75} aria-hidden className="shrink-0" />
          <span className={folded ? "sr-only" : ""}>{help.title}</span>
        </>
      }
      className="w-56 p-1.5"
    >
      {(close) => {
        /** The focus goes back to the button first, so that what opens gives it back there. */
        const then = (run: () => void) => () => {
          close();
          run();
        };
        return (
          <>
            <button type="button" className={menuItem} onClick={then(onKeys)}>
              <Keyboard size={14} aria-hidden />
              {sidebar.help}
            </button>
            <button type="button" className={menuItem} onClick={then(onTour)}>
              <Route size={14} aria-hidden />
              {help.tour}
            </button>
            <Link to="/sample" className={menuItem} onClick={close}>
              <BookOpen size={14} aria-hidden />
              {help.sample}
            </Link>
            <Link to="/developers/api" className={menuItem} onClick={close}>
              <Braces size={14} aria-hidden />
              {help.api}
            </Link>
          </>
        );
      }}
    </Popover>
  );
}
