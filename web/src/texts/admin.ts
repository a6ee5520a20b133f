/** The pages of whoever runs this server. */
export const admin = {
  navigation: "Administration",
  outbox: "Outbox",
} as const;
