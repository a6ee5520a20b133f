import { Suspense, useState } from "react";

import { idle } from "@/lib/part";
import { palette as texts } from "@/texts/palette";
import { Dialog } from "@/ui/dialog";

import { PALETTE_FIELD, toEnd } from "./palette-field";

const Palette = idle(() => import("./palette"));

interface Props {
  onClose: () => void;
  /** What the frame around the page can do. */
  onFold: () => void;
  onHelp: () => void;
}

/** The palette: its field takes what is typed from the first letter on, also while the rest of it is still fetched. */
export default function PaletteDialog({ onClose, onFold, onHelp }: Props) {
  const [text, setText] = useState("");
  return (
    <Dialog title={texts.title} onClose={onClose} className="self-start sm:mt-[12vh]" bare>
      <Suspense
        fallback={
          <div aria-busy="true">
            <input
              ref={toEnd}
              aria-label={texts.title}
              value={text}
              onChange={(event) => setText(event.target.value)}
              placeholder={texts.placeholder}
              className={PALETTE_FIELD}
            />
          </div>
        }
      >
        <Palette text={text} onText={setText} onClose={onClose} onFold={onFold} onHelp={onHelp} />
      </Suspense>
    </Dialog>
  );
}
