import { formatCount, plural } from "@/lib/format";

export const architecture = {
  title: "Architecture",
  what: "the diagram",
  summary: (modules: number, edges: number, cyclic: number, cycles: number) =>
    `${plural(modules, "module", "modules")}, ${plural(edges, "dependency", "dependencies")} between them, ${formatCount(cyclic)} in cycles · ${plural(cycles, "import cycle", "import cycles")} between files`,
  diagram: "Diagram",
  table: "Table",
  view: "View",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit to window",
  columns: { module: "Module", files: "Files", code: "Lines", dependsOn: "Depends on", usedBy: "Used by", cycle: "Cycle" },
  inCycle: "cycle",
  root: "(root)",
  empty: (files: string) => `No internal imports found${files}.`,
  unparsed: (names: string) => `Imports are not read for: ${names}`,
  unresolved: (count: number) => `${plural(count, "import", "imports")} of own files could not be resolved`,
  cycles: "Import cycles between files",
  dependsOn: "Depends on",
  usedBy: "Used by",
  imports: (count: number) => plural(count, "import", "imports"),
  nothing: "Nothing of this repository",
  heaviest: (shown: number, all: number, edges: number, allEdges: number) =>
    `The ${formatCount(shown)} of ${formatCount(all)} modules with the most imports, and ${formatCount(edges)} of ${plural(allEdges, "dependency", "dependencies")}`,
  allShown: (all: number) => `All ${plural(all, "module", "modules")}`,
  showAll: (all: number) => `Show all ${formatCount(all)}`,
  showHeaviest: (count: number) => `Show the top ${formatCount(count)}`,
  hint: "Drag to move, pinch or Ctrl and wheel to zoom. Arrow keys move between modules, Shift and arrows move the drawing, plus and minus zoom, 0 fits it to the window, Enter shows details.",
};
