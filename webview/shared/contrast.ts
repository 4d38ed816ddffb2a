/** Whether a colour can be told from what it lies on: the contrast ratio of WCAG 2.2. */

/** What graphics need (WCAG 2.2, success criterion 1.4.11). */
export const graphicsContrast = 3;

/**
 * From 1 to 21, with a translucent colour as it looks on the background; null when one of them is not a colour that this reads
 * (#rgb, #rrggbb, with or without alpha, rgb(), rgba()).
 */
export function contrastRatio(color: string, background: string): number | null {
  const [over, under] = [parse(color), parse(background)];
  if (!over || !under) return null;
  const seen = over.channels.map((value, k) => over.alpha * value + (1 - over.alpha) * (under.channels[k] as number));
  const [a, b] = [luminance(seen), luminance(under.channels)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The first of the colours that stands out from the background; the last where none does. Colours that cannot be read count as good. */
export function legible(background: string, ...colors: [string, ...string[]]): string {
  const good = colors.find((color) => (contrastRatio(color, background) ?? graphicsContrast) >= graphicsContrast);
  return good ?? (colors.at(-1) as string);
}

function luminance(channels: readonly number[]): number {
  const [red, green, blue] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

interface Color {
  /** Red, green and blue, 0…255. */
  channels: number[];
  alpha: number;
}

function parse(color: string): Color | null {
  const text = color.trim();
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (hex) {
    const digits = hex.length < 6 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    const [red = 0, green = 0, blue = 0, alpha = 255] = digits.map((pair) => Number.parseInt(pair, 16));
    return { channels: [red, green, blue], alpha: alpha / 255 };
  }
  const decimal = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+)(%?))?\s*\)$/.exec(text);
  if (!decimal) return null;
  const alpha = decimal[4] === undefined ? 1 : Number(decimal[4]) / (decimal[5] ? 100 : 1);
  return { channels: decimal.slice(1, 4).map(Number), alpha };
}
