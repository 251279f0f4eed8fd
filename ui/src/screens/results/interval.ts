// The interval of a share: Wilson's score interval at 95 % (E. B. Wilson, 1927), good for small numbers too.

export function shareInterval(part: number, whole: number): [number, number] {
  if (whole <= 0) return [0, 1];
  const z = 1.959964;
  const share = part / whole;
  const middle = (share + (z * z) / (2 * whole)) / (1 + (z * z) / whole);
  const half = (z * Math.sqrt((share * (1 - share)) / whole + (z * z) / (4 * whole * whole))) / (1 + (z * z) / whole);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
