export const shortcuts = {
  title: "Keyboard shortcuts",
  single: "Single letters and signs run commands",
  singleHint: "Switched off, everything is still in the palette (Ctrl K) and behind its button. Kept in this browser.",
  remap: "A key in a frame can be changed: press it here, then the key you want instead. Kept in this browser.",
  reset: "All as they were",
  change: (name: string, key: string) => `${key}: change the key of “${name}”`,
  press: (name: string) => `Press the key for “${name}”`,
  groups: [
    {
      name: "Everywhere",
      keys: [
        ["Ctrl K", "Search, or run any command (⌘ K on a Mac)"],
        ["?", "This list"],
        ["G then R", "Repositories"],
        ["G then T", "Tasks"],
        ["G then S", "Settings of the repository"],
        ["Ctrl Z", "Take back the last change, while that is offered"],
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
        ["F", "Filter"],
        ["Shift F", "Clear filters"],
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
