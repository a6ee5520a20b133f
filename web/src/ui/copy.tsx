import { Check, Copy } from "lucide-react";
import { useState } from "react";

import { common } from "@/texts/common";

import { IconButton } from "./button";

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label = common.copy }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  return (
    <IconButton
      icon={done ? Check : Copy}
      label={done ? common.copied : label}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => {
          setDone(true);
          setTimeout(() => setDone(false), 1500);
        });
      }}
    />
  );
}
