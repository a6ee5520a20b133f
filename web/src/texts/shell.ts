/** The frame around every page. */
export const shell = {
  skipContent: "Skip to content",
  skipPanel: "Skip to panel",
  closePanel: "Close details",
} as const;
