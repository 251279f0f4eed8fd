// What happened to one delivery, in order: handed over, told by the carrier, and where it stands.

import type { DeliveryDetail } from '../../api/types';
import { words } from '../../shared/format';

export interface Chapter {
  status: 'success' | 'warning' | 'error' | 'in-progress' | 'pending' | 'stopped';
  title: string;
  at: string | null;
  detail: string;
}

const good = new Set(['delivered', 'opened', 'clicked', 'replied', 'settled_arrived']);
const bad = new Set(['failed', 'bounced', 'complained', 'settled_not_arrived']);
const titles: Partial<Record<string, string>> = {
  settled_arrived: 'Settled by hand: it arrived',
  settled_not_arrived: 'Settled by hand: it did not arrive',
};

export function story(delivery: DeliveryDetail): Chapter[] {
  const { attempts, events, sent_at: sentAt, state, updated_at: updatedAt } = delivery;
  const chapters: Chapter[] = [];
  const wasInDoubt = state === 'in_doubt' || events[0]?.kind.startsWith('settled_');
  if (sentAt !== null && !wasInDoubt) {
    const tries = attempts > 1 ? `, at attempt ${attempts}` : '';
    chapters.push({ status: 'success', title: `Handed to the carrier${tries}`, at: sentAt, detail: '' });
  }
  if (wasInDoubt && state !== 'in_doubt') {
    chapters.push({ status: 'warning', title: 'Handed over, without an answer', at: sentAt, detail: '' });
  }
  for (const { kind, at, detail } of events) {
    const status = good.has(kind) ? 'success' : bad.has(kind) ? 'error' : 'warning';
    chapters.push({ status, title: titles[kind] ?? words(kind), at, detail });
  }
  const end = standing(delivery);
  if (end) chapters.push({ ...end, at: state === 'waiting' ? delivery.due_at : updatedAt });
  return chapters;
}

// Where it stands, when no event says so.
function standing({ state, attempts, events, reason }: DeliveryDetail): Omit<Chapter, 'at'> | null {
  const tries = attempts > 0 ? `after ${attempts === 1 ? 'one attempt' : `${attempts} attempts`}` : '';
  switch (state) {
    case 'waiting':
      return {
        status: 'pending',
        title: tries ? `Waits for another attempt, ${tries}` : 'Waits for its turn',
        detail: '',
      };
    case 'sending':
      return { status: 'in-progress', title: `Being handed over, attempt ${attempts}`, detail: '' };
    case 'in_doubt':
      return {
        status: 'warning',
        title: 'Handed over, without an answer',
        detail: '',
      };
    case 'skipped':
      return { status: 'stopped', title: 'Skipped', detail: '' };
    case 'failed':
      // The carrier's own event has said it already.
      if (events.some(({ kind }) => bad.has(kind))) return null;
      return { status: 'error', title: tries ? `Failed ${tries}` : 'Failed', detail: reason ? words(reason) : '' };
    default:
      return null;
  }
}
