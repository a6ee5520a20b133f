import { plural } from "@/lib/count";

export const advisory = {
  title: "Known vulnerabilities",
  lead: "How should DevMentor find out which packages have known vulnerabilities? You can change this later.",
  online: "Online look-up",
  onlineHint: "Asks the OSV service. The names of your packages leave this server; their versions and your code do not.",
  mirror: "Import a mirror",
  mirrorHint: "Reads a folder in OSV's export layout. Nothing leaves this server.",
  none: "Not at all",
  noneHint: "Reports will say “could not check”, never “none”.",
  path: "Folder of the mirror",
  importNow: "Import mirror",
  importing: "Importing",
  imported: (records: number) => `${plural(records, "record", "records")} imported. The newest of each ecosystem:`,
  importAgain: "Import newer mirror",
  empty: "Nothing is imported yet: give the folder of a mirror, or go on without.",
  pathPlaceholder: "/data/osv",
  command: "Each ecosystem is a folder with its `all.zip` in it. The command `devmentor advisories import FOLDER` does the same.",
  without: "Go on without: do not check for vulnerabilities now",
};
