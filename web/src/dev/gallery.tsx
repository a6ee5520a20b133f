import { Plus, RotateCw, Zap } from "lucide-react";
import type { ReactNode } from "react";

import { ProblemError } from "@devmentor/client";

import { problemOf } from "@/api/client";
import { chooseTheme, THEMES } from "@/lib/theme";
import { changedLook } from "@/live/changed";
import { common } from "@/texts/common";
import { sidebar } from "@/texts/sidebar";
import { PlainBars } from "@/ui/bars";
import { Boundary } from "@/ui/boundary";
import { Button, IconButton } from "@/ui/button";
import { CodeLines } from "@/ui/code";
import { CopyButton } from "@/ui/copy";
import { fieldLook, SearchField } from "@/ui/field";
import { Freshness } from "@/ui/freshness";
import { GradeBadge } from "@/ui/grade-badge";
import { Kbd } from "@/ui/kbd";
import { Empty, Loaded, SkeletonRows } from "@/ui/loaded";
import { Location } from "@/ui/location";
import { PageTitle } from "@/ui/page";
import { Panel } from "@/ui/panel";
import { PartialTag } from "@/ui/partial-tag";
import { menuItem, Popover } from "@/ui/popover";
import { Problem } from "@/ui/problem";
import { CheckMark, OriginMark } from "@/ui/proof-marks";
import { Prose } from "@/ui/prose";
import { SEVERITIES, SeverityMark, SeverityTally } from "@/ui/severity";
import { Cell, rowLook, Table } from "@/ui/table";
import { Tag } from "@/ui/tag";
import TakeAlong from "@/ui/take-along";
import { toast } from "@/ui/toast";
import { TONES, type Tone } from "@/ui/tones";
import { Updates } from "@/ui/updates";

const GRADES = ["A", "B", "C", "D", "E", null];
const NOW = new Date(2026, 0, 2).toISOString();

/** A problem as the server would tell it. */
const problem = (status: number, code: string, detail: string, more: object = {}): ProblemError =>
  new ProblemError({ ...problemOf(new Error(detail)), status, code, detail, request_id: "0190a1b2c3d4", ...more });

const query = <T,>(data: T | undefined, error: Error | null = null) =>
  ({ data, error, isPending: data === undefined && !error, refetch: () => Promise.resolve() }) as never;

function Breaks(): ReactNode {
  throw new Error("This one breaks on purpose");
}

function Shown({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      <h2 className="text-body font-semibold">{title}</h2>
      <div className="flex min-w-0 flex-wrap items-start gap-3">{children}</div>
    </section>
  );
}

/** Every component in every state, for those who build them. Switched on with `localStorage["devmentor.gallery"] = "on"`. */
export function GalleryPage() {
  return (
    <main className="mx-auto flex max-w-[1120px] flex-col gap-6 bg-bg p-4 sm:p-8">
      <PageTitle name="Components" />
      <div className="flex flex-wrap gap-2">
        {THEMES.map((theme) => (
          <Button key={theme} onClick={() => chooseTheme(theme)}>
            {sidebar.themes[theme]}
          </Button>
        ))}
      </div>
      <Shown title="Button">
        {(["primary", "secondary", "ghost"] as const).map((look) => (
          <div key={look} className="flex flex-wrap gap-2">
            <Button look={look}>Make task</Button>
            <Button look={look} icon={Plus}>
              Add repository
            </Button>
            <Button look={look} busy>
              Saving
            </Button>
            <Button look={look} blocked="Needs a connection">
              Analyse now
            </Button>
          </div>
        ))}
        <IconButton icon={RotateCw} label="Try again" />
        <IconButton icon={RotateCw} label="Try again later" blocked="Needs a connection" />
        <CopyButton text="devmentor link" />
      </Shown>
      <Shown title="Field">
        <SearchField label="Search findings" />
        <input aria-label="Filled" defaultValue="main" className={`${fieldLook} !w-40`} />
        <input aria-label="Off" disabled defaultValue="main" className={`${fieldLook} !w-40`} />
      </Shown>
      <Shown title="Severity, grade, origin, check">
        {SEVERITIES.map((severity) => (
          <SeverityMark key={severity} severity={severity} />
        ))}
        {SEVERITIES.map((severity) => (
          <SeverityMark key={severity} severity={severity} short />
        ))}
        <SeverityTally counts={{ critical: 1, high: 2, medium: 3, low: 4, info: 5 }} />
        <SeverityTally counts={{ critical: 0, high: 0, medium: 0, low: 0, info: 0 }} />
        {(["small", "medium", "large"] as const).map((size) =>
          GRADES.map((grade) => <GradeBadge key={`${size}${grade}`} grade={grade} size={size} />),
        )}
        {(["measured", "inferred", "generated"] as const).map((origin) => (
          <OriginMark key={origin} origin={origin} />
        ))}
        {[true, false, undefined].map((passed) => (
          <CheckMark key={String(passed)} passed={passed} />
        ))}
      </Shown>
      <Shown title="Tag, partial, age">
        {Object.keys(TONES).map((tone) => (
          <Tag key={tone} tone={tone as Tone}>
            {tone}
          </Tag>
        ))}
        <Tag tone="accent" icon={Zap}>
          Quick win
        </Tag>
        <PartialTag reasons={["3 of 214 files skipped"]} />
        <PartialTag reasons={["3 of 214 files skipped: over 1 MiB", "The history begins on 3 May"]} />
        <Freshness meta={{ as_of: NOW, source: "cache", commit: "1b12131bd7723846", analyzer: null, partial: [] }} />
        <Freshness meta={{ as_of: NOW, source: "live", commit: null, analyzer: null, partial: [] }} />
        <Kbd>Ctrl K</Kbd>
        <Location text="/home/somebody/a/very/long/path/to/a/repository" className="w-48" />
      </Shown>
      <Shown title="Panel">
        <div className="grid w-full gap-4 sm:grid-cols-2">
          <Panel title="Loading">
            <Loaded query={query(undefined)} what="findings" skeleton={<SkeletonRows rows={3} />}>
              {() => null}
            </Loaded>
          </Panel>
          <Panel title="Ready" note="3" partial={["3 of 214 files skipped"]}>
            <Loaded query={query("Content")} what="findings" skeleton={null}>
              {(text: string) => <p>{text}</p>}
            </Loaded>
          </Panel>
          <Panel title="Ready and failed">
            <Loaded query={query("Earlier content stays", problem(500, "internal", "Something failed on the server."))} what="findings" skeleton={null}>
              {(text: string) => <p>{text}</p>}
            </Loaded>
          </Panel>
          <Panel title="Empty">
            <Empty action={<Button>See rules</Button>}>No findings. 214 files checked with 96 rules.</Empty>
          </Panel>
          <Panel title="Broken">
            <Boundary>
              <Breaks />
            </Boundary>
          </Panel>
        </div>
      </Shown>
      <Shown title="Problem">
        <div className="grid w-full gap-3 sm:grid-cols-2">
          <Problem error={problem(0, "unreachable", "The server did not answer.")} what="findings" onRetry={() => undefined} />
          <Problem error={problem(404, "not_found", "Not found")} />
          <Problem error={problem(403, "role_needed", "Changing this needs another role.", { grantors: [{ name: "Contributor A" }] })} />
          <Problem error={problem(422, "malformed", "2 fields need a change.", { errors: [{ field: "/source", message: "Give a folder." }] })} />
          <Problem error={problem(429, "limited", "Too many requests", { retry_after: 12 })} onRetry={() => undefined} />
          <Problem error={problem(503, "resting", "The server is resting.")} onRetry={() => undefined} />
        </div>
      </Shown>
      <Shown title="Table, bars, code, text">
        <div className="grid w-full gap-4 sm:grid-cols-2">
          <Table label="Files" columns={[{ title: "File" }, { title: "Commits", numeric: true }]}>
            <tr className={rowLook}>
              <Cell>src/price.ts</Cell>
              <Cell numeric>15</Cell>
            </tr>
          </Table>
          <PlainBars label="Commits by month" values={[0, 3, 9, 4].map((value, month) => ({ label: `Month ${month + 1}: ${value}`, value }))} />
          <CodeLines label="Some lines" start={2} end={2} lines={["def label():", "    call(name)", "\u202e"].map((text, index) => ({ number: index + 1, text, tokens: [] }))} />
          <p>
            <Prose text="What comes from a repository is text: `<script>` and \u202e are shown." />
          </p>
        </div>
      </Shown>
      <Shown title="List that holds still, table to take along">
        <div className="grid w-full gap-4 sm:grid-cols-2">
          {[0, 3].map((waiting) => (
            <Updates key={waiting} steady={{ shown: [], waiting, apply: () => undefined, holding: { ref: () => undefined, onPointerLeave: () => undefined, onBlur: () => undefined } }}>
              <p className="rounded-card border border-line p-3">{waiting === 0 ? "Nothing waits" : "Something waits"}</p>
            </Updates>
          ))}
          <p className={`rounded-card border border-line p-3 ${changedLook}`}>Changed by somebody else just now</p>
          <TakeAlong file="files" columns={[["path", (row: string) => row]]} rows={() => ["src/price.ts"]} />
        </div>
      </Shown>
      <Shown title="Popover, toast">
        <Popover
          label="Export"
          trigger="Export"
          triggerClass="tap rounded-control border border-line bg-raised px-2.5 text-dense font-medium"
          className="w-52 p-1.5"
        >
          {(close) => (
            <button type="button" className={menuItem} onClick={close}>
              Report (JSON)
            </button>
          )}
        </Popover>
        <Button onClick={() => toast("Insight dismissed", { undo: () => toast(common.undo) })}>Say something that can be undone</Button>
      </Shown>
    </main>
  );
}
