/** Names come from files: nothing in them may command a terminal, or turn the order of the words around it. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "�");
}
