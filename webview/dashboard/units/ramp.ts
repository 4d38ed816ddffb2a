/**
 * The colours of firing frequency. A straight line in OKLab from blue to yellow: equal steps along it look equal, and both its
 * lightness and its blue–yellow axis survive every common colour blindness. The ends keep clear of the theme's background.
 */

type Lab = readonly [lightness: number, greenRed: number, blueYellow: number];
export type Colour = readonly [red: number, green: number, blue: number];

export const rampSteps = 64;

const ends: Record<"dark" | "light", readonly [Lab, Lab]> = {
  dark: [
    [0.4, -0.012, -0.105],
    [0.92, -0.024, 0.165],
  ],
  light: [
    [0.31, -0.01, -0.095],
    [0.82, -0.016, 0.152],
  ],
};

/** From 10⁻⁴ to 1 in rampSteps colours. */
export function rampFor(background: "dark" | "light"): Colour[] {
  const [from, to] = ends[background];
  return Array.from({ length: rampSteps }, (_, step) => {
    const share = step / (rampSteps - 1);
    const mixed = from.map((value, i) => value + ((to[i] as number) - value) * share);
    return colourOf(mixed as unknown as Lab);
  });
}

/** @param position 0…1 */
export function rampColour(ramp: readonly Colour[], position: number): Colour {
  return ramp[Math.round(Math.min(1, Math.max(0, position)) * (ramp.length - 1))] as Colour;
}

export function cssColour([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** As ImageData holds it on the little-endian machines that VS Code runs on. */
export function packed([red, green, blue]: Colour): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Björn Ottosson's OKLab to sRGB, clipped. */
export function colourOf([lightness, greenRed, blueYellow]: Lab): Colour {
  const l = (lightness + 0.3963377774 * greenRed + 0.2158037573 * blueYellow) ** 3;
  const m = (lightness - 0.1055613458 * greenRed - 0.0638541728 * blueYellow) ** 3;
  const s = (lightness - 0.0894841775 * greenRed - 1.291485548 * blueYellow) ** 3;
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function channel(linear: number): number {
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, encoded)) * 255);
}

/** WCAG's relative luminance, for telling light backgrounds from dark ones. */
export function luminance([red, green, blue]: Colour): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
