/** Whether a colour can be told from what it lies on: the contrast ratio of WCAG 2.2. */

/** What graphics need (WCAG 2.2, success criterion 1.4.11). */
export const graphicsContrast = 3;

/** From 1 to 21; null when one of them is not a colour that this reads (#rgb, #rrggbb, with or without alpha, rgb(), rgba()). */
export function contrastRatio(color: string, background: string): number | null {
  const [a, b] = [luminance(color), luminance(background)];
  if (a === null || b === null) return null;
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The first of the colours that stands out from the background; the last where none does. Colours that cannot be read count as good. */
export function legible(background: string, ...colors: [string, ...string[]]): string {
  const good = colors.find((color) => (contrastRatio(color, background) ?? graphicsContrast) >= graphicsContrast);
  return good ?? (colors.at(-1) as string);
}

function luminance(color: string): number | null {
  const channels = parse(color);
  if (!channels) return null;
  const [red, green, blue] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(color: string): number[] | null {
  const text = color.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])[0-9a-f]?$/i.exec(text);
  if (short) return short.slice(1).map((digit) => Number.parseInt(digit + digit, 16));
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})?$/i.exec(text);
  if (long) return long.slice(1, 4).map((digits) => Number.parseInt(digits, 16));
  const decimal = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(text);
  return decimal ? decimal.slice(1).map(Number) : null;
}
