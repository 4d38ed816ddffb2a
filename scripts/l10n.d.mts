/** Where the texts to translate are, and their translations. */
export function textsOfSources(): string[];
export function textsOf(name: string, source: string): string[];
export function readBundle(name: string): Record<string, string>;
export function translations(): string[];
