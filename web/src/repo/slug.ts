import { useParams } from "@tanstack/react-router";

/** The repository's name in the address of this page. */
export const useSlug = (): string => useParams({ strict: false }).repo ?? "";
