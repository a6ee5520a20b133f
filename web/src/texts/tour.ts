/** The guided tour. */
export const tour = {
  title: "Take the tour",
  offer: "Five stops: where things are, and how to check what this program says. It is in Help later on.",
  start: "Start",
  next: "Next",
  back: "Back",
  end: "End",
  skip: "Skip",
  place: (at: number, of: number) => `${at} of ${of}`,
  stops: [
    ["Repositories", "Everything that you connect is here, with its grade and what is open. Pin what you look at every day."],
    ["The grade explains itself", "Its parts say what was measured, what it cost, and what brings the points back. Every figure with a question mark does."],
    ["Evidence", "A path with a line opens the code beside the page, with the lines marked. What has no evidence is not shown."],
    ["From insight to task", "Make a task of what you want to do. The insight closes itself when its check passes."],
    ["Search, or run any command", "Ctrl K finds every page, repository, task and command. The question mark lists the keys of the page."],
  ],
} as const;
