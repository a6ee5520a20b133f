/** The way to a question from what is on the screen. */
export const askAbout = {
  action: "Ask about this",
};
