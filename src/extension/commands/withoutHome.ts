/** The home folder's name is often a person's: `~` stands for it. */
export function withoutHome(text: string, home: string): string {
  if (home.length < 2) return text;
  // in JSON a backslash is written twice
  return [home, home.replaceAll("\\", "\\\\")].reduce((shorter, folder) => shorter.replaceAll(folder, "~"), text);
}
