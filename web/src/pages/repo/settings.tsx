import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";

import { repoQuery } from "@/api/queries";
import { useWorkspace } from "@/api/workspace";
import { early } from "@/lib/part";
import { useSlug } from "@/repo/slug";
import { settings as texts } from "@/texts/settings";
import { Loaded, SkeletonRows } from "@/ui/loaded";

const SettingsList = early(() => import("./settings/list"));

/** How a repository is analysed, what it says of itself, and how to take it away. */
export function RepoSettingsPage() {
  const slug = useSlug();
  const query = useQuery(repoQuery(useWorkspace(), slug));
  const rows = <SkeletonRows rows={4} height="h-24" />;
  return (
    <Loaded query={query} what={texts.what} skeleton={rows}>
      {({ data }) => (
        <Suspense fallback={rows}>
          <SettingsList repo={data} />
        </Suspense>
      )}
    </Loaded>
  );
}
