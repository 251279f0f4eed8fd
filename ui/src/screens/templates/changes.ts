// What changed between two definitions, member by member, in words short enough for a table. Pure.

type Definition = Record<string, unknown>;

const longest = 60;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `“${text.length > longest ? `${text.slice(0, longest)}…` : text}”`;
}

// The part of two texts that differs, with a little around it, so that a long text shows where it changed.
function aroundChange(from: string, to: string): [string, string] {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) ++start;
  let end = 0;
  while (end < Math.min(from.length, to.length) - start && from.at(-1 - end) === to.at(-1 - end)) ++end;
  const cut = (text: string) => {
    const first = Math.max(0, start - 12);
    const last = Math.min(text.length, text.length - end + 12);
    return `${first > 0 ? '…' : ''}${text.slice(first, last)}${last < text.length ? '…' : ''}`;
  };
  return [cut(from), cut(to)];
}

function flat(definition: Definition): Map<string, unknown> {
  const members = new Map<string, unknown>();
  for (const [name, value] of Object.entries(definition)) {
    if (name === 'fallbacks' && typeof value === 'object' && value !== null) {
      for (const [variable, text] of Object.entries(value)) members.set(`fallback of ${variable}`, text);
    } else {
      members.set(name.replaceAll('_', ' '), value);
    }
  }
  return members;
}

export function changesBetween(before: unknown, after: unknown): string[] {
  const from = flat(before as Definition);
  const to = flat(after as Definition);
  const changes: string[] = [];
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const old = from.get(name);
    const now = to.get(name);
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    if (old === undefined) changes.push(`${name} added: ${shown(now)}`);
    else if (now === undefined) changes.push(`${name} removed`);
    else if (typeof old === 'string' && typeof now === 'string') {
      const [a, b] = aroundChange(old, now);
      changes.push(`${name}: ${shown(a)} became ${shown(b)}`);
    } else changes.push(`${name} changed`);
  }
  return changes;
}
