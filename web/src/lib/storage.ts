/** Small settings of this browser. Where storage is blocked, they hold until the page is left. */

const memory = new Map<string, string>();

/** Reads a setting. */
export function readSetting(name: string): string | null {
  try {
    return localStorage.getItem(`devmentor.${name}`);
  } catch {
    return memory.get(name) ?? null;
  }
}

/** Stores a setting. */
export function writeSetting(name: string, value: string): void {
  try {
    localStorage.setItem(`devmentor.${name}`, value);
  } catch {
    memory.set(name, value);
  }
}
