// Several campaigns' results as one.

import type { Analytics } from '../../api/types';

type Reason = Analytics['by_reason'][number];

export interface Sums {
  reasons: Reason[]; // failures and exclusions, the same reason on the same channel once
  emailsSent: number;
  bounced: number;
  complained: number;
}

export function sumUp(documents: readonly Analytics[]): Sums {
  const reasons = new Map<string, Reason>();
  const sums: Sums = { reasons: [], emailsSent: 0, bounced: 0, complained: 0 };
  for (const document of documents) {
    for (const row of document.by_reason) {
      const key = `${row.state} ${row.channel ?? ''} ${row.reason}`;
      const known = reasons.get(key);
      reasons.set(key, known ? { ...known, count: known.count + row.count } : row);
    }
    sums.emailsSent += document.by_channel.email.accepted;
    sums.bounced += document.response.email.bounced;
    sums.complained += document.response.email.complained;
  }
  sums.reasons = [...reasons.values()].sort((a, b) => b.count - a.count);
  return sums;
}
