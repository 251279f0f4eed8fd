// Times as the clock on a wall shows them in some zone. Pure, by the browser's own table of zones.

export const viewerZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// The viewer's own first, then all the browser knows.
export function zoneNames(): string[] {
  return [viewerZone, ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== viewerZone)];
}

// How far the zone's clock is ahead of UTC at that moment, in milliseconds.
function offsetOf(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at / 1000) * 1000;
}

// The moment at which the zone's clock shows that date and time: of two such moments the first; of a time that the
// clock skips, the moment as far after the change. Null when it is no date or time.
export function instantIn(zone: string, date: string, time: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) return null;
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  // Offsets on either side of any change nearby; the larger one is the earlier moment.
  const day = 86_400_000;
  const offsets = [offsetOf(zone, asUtc - day), offsetOf(zone, asUtc + day)];
  const fits = offsets.map((offset) => asUtc - offset).filter((at) => at + offsetOf(zone, at) === asUtc);
  if (fits.length > 0) return new Date(Math.min(...fits));
  return new Date(asUtc - offsets[0]!);
}

export function timeIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone }).format(at);
}
