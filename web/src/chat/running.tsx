import { Check, ChevronRight, LoaderCircle, TriangleAlert } from "lucide-react";
import { useDeferredValue } from "react";

import { visible } from "@/lib/visible";
import { asking as texts } from "@/texts/conversation";

import { AnswerText } from "./answer-text";
import type { Asking, Step } from "./asking";
import { Cite } from "./cite";

const ICONS = { begun: LoaderCircle, done: Check, failed: TriangleAlert };

/** An answer that is being written: what is read for it, then what it says. */
export function Running({ asking: { steps, sources, text } }: { asking: Asking }) {
  // Laid out when there is time for it: what is typed meanwhile comes first.
  const shown = useDeferredValue(text);
  const byNumber = new Map(sources.map((source) => [source.number, source]));
  return (
    <div className="flex min-w-0 flex-col gap-3" aria-busy="true">
      {text === "" ? (
        <Steps steps={steps} />
      ) : (
        <details className="group text-dense">
          <summary className="flex list-none items-center gap-1.5 text-muted">
            <ChevronRight size={14} aria-hidden className="transition-transform group-open:rotate-90" />
            {texts.read(sources.length)}
          </summary>
          <div className="mt-1.5 ps-5">
            <Steps steps={steps} />
          </div>
        </details>
      )}
      {shown !== "" && <AnswerText text={shown} cite={(number) => <Cite number={number} source={byNumber.get(number)} message={undefined} />} />}
    </div>
  );
}

function Steps({ steps }: { steps: readonly Step[] }) {
  if (steps.length === 0) return <StepLine step={{ what: texts.reading, state: "begun", detail: null }} />;
  return (
    <ol className="flex flex-col gap-1">
      {steps.map((step) => (
        <li key={step.what}>
          <StepLine step={step} />
        </li>
      ))}
    </ol>
  );
}

function StepLine({ step: { what, state, detail } }: { step: Step }) {
  const Icon = ICONS[state];
  return (
    <p className={`flex items-start gap-2 text-dense ${state === "failed" ? "text-high" : "text-muted"}`}>
      <Icon size={14} aria-hidden className={`mt-[3px] shrink-0 ${state === "begun" ? "spin" : ""}`} />
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {visible(what)}
        {detail && <span className="text-faint"> · {visible(detail)}</span>}
      </span>
    </p>
  );
}
