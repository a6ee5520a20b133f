import { serverFilter, type FindingFilters } from "@/api/report";
import type { Finding } from "@/api/types";
import { visible } from "@/lib/visible";
import { findings } from "@/texts/findings";

import type { Selection } from "./selection";
import type { Choice } from "./suppress-dialog";

const { scopes } = findings.suppress;

/** What can be suppressed around findings of one rule: they themselves, then the rule in wider and wider places. */
export function choicesFor(chosen: readonly Finding[], loaded: readonly Finding[]): Choice[] {
  const [first] = chosen;
  if (!first) return [];
  const ids = (pass: (finding: Finding) => boolean) => new Set(loaded.filter(pass).map((each) => each.id));
  const single: Choice = {
    label: scopes.findings(chosen.length),
    target: { scope: "findings", ids: chosen.map((each) => each.id) },
    ids: new Set(chosen.map((each) => each.id)),
  };
  const { rule, span } = first;
  if (chosen.some((each) => each.rule !== rule)) return [single];
  const of = (each: Finding) => each.rule === rule;
  const choices = [single];
  const { path } = span;
  if (chosen.every((each) => each.span.path === path)) {
    choices.push({ label: scopes.file(rule, visible(path)), target: { scope: "file", rule, path }, ids: ids((each) => of(each) && each.span.path === path) });
  }
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  if (folder !== "" && chosen.every((each) => each.span.path.startsWith(`${folder}/`))) {
    choices.push({
      label: scopes.folder(rule, visible(folder)),
      target: { scope: "folder", rule, path: folder },
      ids: ids((each) => of(each) && each.span.path.startsWith(`${folder}/`)),
    });
  }
  choices.push({ label: scopes.rule(rule), target: { scope: "rule", rule }, ids: ids(of) });
  return choices;
}

/** The same for what is chosen in the list. */
export function choicesOf(selection: Selection, loaded: readonly Finding[], total: number, filters: FindingFilters): Choice[] {
  if (!selection.all) return choicesFor(loaded.filter((each) => selection.ids.has(each.id)), loaded);
  const filter = Object.fromEntries(Object.entries(serverFilter(filters)).map(([name, value]) => [name, String(value)]));
  return [{ label: scopes.filter(total), target: { scope: "filter", filter }, ids: new Set(loaded.map((each) => each.id)) }];
}
