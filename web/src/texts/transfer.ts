import { formatCount, plural } from "@/lib/count";

/** Backticks would end the code that a path stands in. */
const code = (text: string) => `\`${text.replaceAll("`", "'")}\``;

/** Tasks for folders that would miss somebody. */
export const transfer = {
  open: (folders: number) => `Create ${plural(folders, "transfer task", "transfer tasks")}`,
  heading: "Transfer tasks",
  lead: (names: string) => `One task for each folder of which those who stay know the smaller part without ${names}.`,
  /** The title of a task: at most 300 characters, of which the folder gets most. */
  title: (folder: string, next: string) => (next ? `Have ${next.slice(0, 80)} learn ${folder.slice(-180)}` : `Find somebody who learns ${folder.slice(-180)}`),
  description: (repo: string, folder: string, away: readonly string[], lost: number, next: { name: string; percent: number; age: string } | undefined) =>
    [
      `${code(folder)} in ${code(repo)}: without ${away.join(", ")}, ${formatCount(lost)} % of its changes were made by nobody who stays.`,
      next
        ? `${next.name} made ${formatCount(next.percent)} % of the changes, the last ${next.age}: the most of those who stay.`
        : "Nobody else changed it in the time that was read.",
      "Done when somebody else has made a change here that another person reviewed.",
    ].join("\n\n"),
  create: (count: number) => `Create ${plural(count, "task", "tasks")}`,
  made: (count: number) => `${plural(count, "task", "tasks")} created`,
  chooseOne: "Choose a folder",
};
