// A pasted list, one address a line or separated by commas; blanks go, and so does what comes twice.
export function readAddresses(text: string): string[] {
  const parts = text.split(/[\n,;]+/).map((part) => part.trim());
  return [...new Set(parts.filter(Boolean))];
}
