import { Pencil } from "lucide-react";

import type { ChatMessage } from "@/api/types";
import { visible } from "@/lib/visible";
import { composer, said as texts } from "@/texts/conversation";
import { IconButton } from "@/ui/button";
import { CopyButton } from "@/ui/copy";

import { nameOf } from "./attachments";
import { Chip } from "./chips";
import { KIND_ICONS, kindOf } from "./kinds";

interface Props {
  text: string;
  attached: ChatMessage["attached"];
  mode: ChatMessage["mode"];
  /** Nothing where it cannot be asked otherwise. */
  onEdit?: (() => void) | undefined;
}

/** What was asked. */
export function Question({ text, attached, mode, onEdit }: Props) {
  return (
    <div data-question className="group flex flex-col gap-2 rounded-card border border-line bg-subtle px-3.5 py-2.5">
      <h2 className="sr-only">{texts.question}</h2>
      <div className="flex items-start gap-2">
        <p className="min-w-0 flex-1 leading-6 whitespace-pre-wrap [overflow-wrap:anywhere]">{visible(text)}</p>
        <span className="-my-0.5 flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          <CopyButton text={text} label={texts.copyQuestion} />
          {onEdit && <IconButton icon={Pencil} label={texts.edit} onClick={onEdit} />}
        </span>
      </div>
      {(attached.length > 0 || mode !== "answer") && (
        <ul aria-label={composer.attached} className="flex flex-wrap items-center gap-1.5">
          {mode !== "answer" && <li className="text-meta text-faint">{composer.modes[mode]}</li>}
          {attached.map((each) => (
            <Chip key={JSON.stringify(each)} icon={KIND_ICONS[kindOf(each)]} name={nameOf(each)} />
          ))}
        </ul>
      )}
    </div>
  );
}
