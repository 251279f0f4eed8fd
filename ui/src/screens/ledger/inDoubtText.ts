// What will settle a delivery in doubt, as far as the server hears of carriers' events.

import type { EventSource } from '../../api/types';

export function whatSettles(sources: readonly Pick<EventSource, 'source' | 'status'>[] | undefined): string {
  if (!sources) return 'An event of the carrier settles it.';
  const on = sources.filter(({ status }) => status !== 'off');
  if (on.length === 0) {
    return 'No events of carriers come to this installation, so nothing settles it by itself; docs/events.md says how to receive them.';
  }
  if (on.every(({ source }) => source === 'simulated')) {
    return 'The simulated carriers tell of what had arrived within seconds; what stays in doubt after that did not, as it would be with real ones.';
  }
  if (on.every(({ status }) => status === 'failing')) {
    return 'An event of the carrier settles it, but events cannot be read at the moment: see Quotas & events.';
  }
  return 'An event of the carrier settles it, most often within minutes; where none comes in a day or two, none will.';
}
