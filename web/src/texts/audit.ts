/** The page of an audit log. */
export const audit = {
  title: "Audit log",
  what: "the audit log",
  lead: "What was done here, by whom and from where; what was refused, too. Nothing in it can be changed.",
  leadServer: "What was done on this server, by whom and from where; what was refused, too. Nothing in it can be changed.",
  refresh: "Read again",
} as const;
