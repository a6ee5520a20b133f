import { forms as texts } from "@/texts/source-forms";

interface Props {
  /** Whether the histories are searched for secrets. */
  history: boolean;
  onHistory: (history: boolean) => void;
}

/** Whether secrets are looked for in what was committed once, too. */
export default function HistoryChoice({ history, onHistory }: Props) {
  return (
    <label className="flex items-start gap-2 text-dense">
      <input
        type="checkbox"
        className="mt-1"
        checked={history}
        aria-describedby="history-hint"
        onChange={(event) => onHistory(event.target.checked)}
      />
      <span>
        <span className="font-medium">{texts.history.label}</span>
        <span id="history-hint" className="block max-w-[80ch] text-muted">
          {texts.history.hint}
        </span>
      </span>
    </label>
  );
}
