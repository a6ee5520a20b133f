/** The look the reader chose. `system` follows the operating system. */
export type Theme = "system" | "light" | "dark" | "contrast";

/** Every choice, in the order of the menu. */
export const THEMES: readonly Theme[] = ["system", "light", "dark", "contrast"];

const KEY = "devmentor.theme";

/** The stored choice. */
export function chosenTheme(): Theme {
  const stored = read();
  return THEMES.find((theme) => theme === stored) ?? "system";
}

/** Stores the choice and applies it at once. public/theme.js applies it before the first paint of the next visit. */
export function chooseTheme(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is blocked: the choice holds for this visit.
  }
  document.documentElement.dataset["theme"] = theme === "system" ? systemTheme() : theme;
}

/** Follows the operating system while no theme is chosen. */
export function followSystemTheme(): void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", () => {
    if (chosenTheme() === "system") chooseTheme("system");
  });
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function systemTheme(): string {
  if (matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
