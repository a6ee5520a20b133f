/** The pages of whoever runs this server. */
export const admin = {
  navigation: "Administration",
  scope: "Administration",
  pages: { health: "Health", jobs: "Jobs", "dead-letters": "Dead letters", caches: "Caches", outbox: "Outbox", audit: "Audit log" },
} as const;
