import { formatCount, plural } from "@/lib/count";

export const hotspots = {
  title: "Hotspots",
  columns: { share: "Share", score: "Score", path: "File", commits: "Commits", fixes: "Fixes", authors: "People", changed: "Lines changed", complexity: "Complexity", code: "Lines" },
  share: (files: number) => `Share: commits times cognitive complexity, of all ${plural(files, "file", "files")} listed.`,
  score: (formula: string) => `Score: ${formula.charAt(0).toLowerCase()}${formula.slice(1)}`,
  basis: (commits: number, days: number) => `${plural(commits, "commit counts", "commits count")} in the ${plural(days, "day", "days")} before the newest commit.`,
  empty: "No file is ranked: a hotspot changed three times or more and has code whose complexity can be read.",
  coupled: "Changes together with",
  coupledIn: (together: number, of: number) => `in ${together} of ${plural(of, "commit", "commits")}`,
  withTests: "With tests",
  functions: "Functions that change most",
  functionsHint: (followed: number, commits: number) => `Lines followed back through ${formatCount(followed)} of ${plural(commits, "commit", "commits")}.`,
  changed: (commits: number, fixes: number) => `${plural(commits, "change", "changes")}${fixes > 0 ? `, ${plural(fixes, "fix", "fixes")}` : ""}`,
  complexityOf: (cognitive: number) => `complexity ${formatCount(cognitive)}`,
  corrections: "Written, then corrected",
  correction: (lines: number, days: number) => `${plural(lines, "line", "lines")} replaced after ${days === 0 ? "less than a day" : plural(days, "day", "days")}`,
  noCoupling: "No other file changes together with it.",
  duplicates: {
    title: "Code that stands in several places",
    columns: { lines: "Lines", places: "Places", where: "Where" },
    basis: (duplicated: number, compared: number) =>
      `${formatCount(duplicated)} of ${plural(compared, "line is", "lines are")} equal to others outside tests, originals and copies alike.`,
    listed: (shown: number, all: number) => `The ${formatCount(shown)} of ${formatCount(all)} groups that would save the most.`,
    renamed: "names or values differ",
    more: (count: number) => `${formatCount(count)} more`,
    notListed: (count: number) => `and ${formatCount(count)} that are not listed`,
    empty: "No code of six lines or more stands in two places.",
    tests: (duplicated: number, compared: number) => `In tests: ${formatCount(duplicated)} of ${plural(compared, "line is", "lines are")} equal to others`,
    testsHint: "Tests, examples and fixtures. They cost no points: a test that repeats itself can still be read alone.",
  },
  ownership: {
    title: "Who knows what",
    columns: { folder: "Folder", who: "Changed by", last: "Last change", commits: "Commits", fixes: "Fixes", people: "People", factor: "More than half by", code: "Lines" },
    basis: "Lines changed in the window, each change half as heavy after 180 days. Names are those in the commits; bots are left out. Where one person holds most of a folder, let a second one work on it.",
    share: (percent: number) => `${formatCount(percent)} %`,
    factor: (people: number) => plural(people, "person", "people"),
    others: (people: number) => `and ${plural(people, "other", "others")}`,
    root: "(root)",
    onePerson: "one person",
    absence: (folders: number, all: number, lines: number) =>
      `In ${formatCount(folders)} of ${plural(all, "folder", "folders")} (${plural(lines, "line", "lines")} of code) one person alone made more than half of the changes: should that person leave, those who stay know the smaller part.`,
    away: "Who is away?",
    awayHint: "Choose people to see which folders would miss them.",
    nobodyBack: "Nobody is away",
    more: (people: number) => `Show ${plural(people, "more person", "more people")}`,
    without: (names: string, folders: number, all: number, lines: number) =>
      folders === 0
        ? `Without ${names}, those who stay know the larger part of all ${plural(all, "folder", "folders")}.`
        : `Without ${names}, those who stay know the smaller part of ${formatCount(folders)} of ${plural(all, "folder", "folders")} (${plural(lines, "line", "lines")} of code).`,
    lost: (percent: number) => `${formatCount(percent)} % lost`,
    next: (name: string, percent: number, age: string) => `Ask next: ${name}, ${formatCount(percent)} %, ${age}`,
    nobody: "Nobody else changed it",
    empty: "No folder was changed by five commits or more.",
  },
  openCode: "Show source",
};
