/** Colour tokens of one theme by name, without the leading dashes. */
export type Theme = Record<string, string>;

/** Reads every `[data-theme="…"]` block of a token file. Only tokens that are one hexadecimal colour are kept. */
export function readThemes(css: string): Record<string, Theme> {
  const themes: Record<string, Theme> = {};
  for (const [, name, body] of css.matchAll(/\[data-theme="(\w+)"\]\s*\{([^}]*)\}/g)) {
    const theme: Theme = {};
    for (const [, token, value] of (body ?? "").matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gi)) {
      if (token && value) theme[token] = value;
    }
    if (name) themes[name] = theme;
  }
  return themes;
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = parseInt(hex.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio as WCAG 2.2 defines it, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}
