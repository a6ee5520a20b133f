/** What the page of a comparison says before there is one. */
export const comparePage = {
  what: "the comparison",
  newest: "Compare the newest",
};
