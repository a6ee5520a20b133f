export const shortcuts = {
  title: "Keyboard shortcuts",
  single: "Single letters and signs run commands",
  singleHint: "Switched off, everything is still in the palette (Ctrl K) and behind its button. Kept in this browser.",
  groups: [
    {
      name: "Everywhere",
      keys: [
        ["Ctrl K", "Search, or run any command (⌘ K on a Mac)"],
        ["?", "This list"],
        ["G then R", "Repositories"],
        ["G then T", "Tasks"],
        ["C", "New task"],
        ["/", "Search or filter on this page"],
        ["[", "Fold the sidebar"],
        ["]", "Close details"],
        ["Esc", "Close the topmost thing"],
      ],
    },
    {
      name: "Lists and tables",
      keys: [
        ["J / K", "Next and previous row"],
        ["Enter", "Show details beside the list"],
      ],
    },
    {
      name: "Repository",
      on: "repo",
      keys: [
        ["1 – 8", "Switch tab"],
        ["R", "Analyse now"],
        ["T", "Table or diagram"],
      ],
    },
    {
      name: "Diagram",
      on: "diagram",
      keys: [
        ["Arrows", "Next box in that direction"],
        ["Shift Arrows", "Move the drawing"],
        ["+ / -", "Zoom"],
        ["0", "Fit to window"],
        ["Enter", "Show details of the box"],
        ["O", "Look closer: modules, files, definitions"],
        ["Backspace", "Look from further away"],
      ],
    },
    {
      name: "Insight",
      on: "insight",
      keys: [
        ["M", "Make a task"],
        ["D", "Dismiss"],
      ],
    },
  ],
} as const;
