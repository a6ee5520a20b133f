=== empty.ts
