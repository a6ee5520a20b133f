/** The hotspots of a folder, grouped by the folders in it. */

/** A file with what is drawn of it. */
export interface Spot {
  path: string;
  /** Its lines of code: the area. */
  code: number;
  /** Its part of all work on hard code, in percent: the colour. */
  share: number;
  /** Fixes of late. */
  fixes: number;
}

/** A file, or a folder with what is in it. */
export interface Tile {
  /** The path of the file or folder. */
  path: string;
  /** The name below the folder that is shown. */
  name: string;
  /** How many files; nothing for a file itself. */
  files: number | null;
  code: number;
  share: number;
  fixes: number;
}

/**
 * What is directly below a folder, the largest first. Folders with nothing but one folder or one file in them are
 * passed over: they would be a level that says nothing.
 */
export function tilesOf(spots: readonly Spot[], folder: string): Tile[] {
  const start = folder === "" ? "" : `${folder}/`;
  const groups = new Map<string, Spot[]>();
  for (const spot of spots) {
    if (!spot.path.startsWith(start)) continue;
    const rest = spot.path.slice(start.length);
    const cut = rest.indexOf("/");
    const key = cut < 0 ? spot.path : start + rest.slice(0, cut);
    groups.set(key, [...(groups.get(key) ?? []), spot]);
  }
  const tiles = [...groups].map(([key, group]): Tile => {
    const path = group.length === 1 && group[0] ? group[0].path : common(key, group);
    const single = group.length === 1;
    return {
      path,
      name: path.slice(start.length),
      files: single ? null : group.length,
      code: group.reduce((sum, each) => sum + each.code, 0),
      share: group.reduce((sum, each) => sum + each.share, 0),
      fixes: group.reduce((sum, each) => sum + each.fixes, 0),
    };
  });
  return tiles.sort((a, b) => b.code - a.code || (a.path < b.path ? -1 : 1));
}

/** The deepest folder that all of these files are below. */
function common(folder: string, group: readonly Spot[]): string {
  const first = group[0]?.path.split("/") ?? [];
  let depth = folder.split("/").length;
  while (depth < first.length - 1 && group.every((each) => each.path.startsWith(`${first.slice(0, depth + 1).join("/")}/`))) depth += 1;
  return first.slice(0, depth).join("/");
}
