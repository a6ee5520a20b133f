/** The frame around every page. */
export const shell = {
  skipContent: "Skip to content",
  skipPanel: "Skip to panel",
  closePanel: "Close details",
  resize: "Width of the details",
} as const;
