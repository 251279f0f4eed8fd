// A moment in the viewer's zone, with UTC on hover.

import type { ReactNode } from 'react';
import { localTime } from './format';

export function Time({ at, none = '–', before }: { at: string | null | undefined; none?: ReactNode; before?: string }) {
  if (!at) return <>{none}</>;
  return (
    <time dateTime={at} title={`${at.slice(0, 19).replace('T', ' ')} UTC`}>
      {before ? `${before} ${localTime(at)}` : localTime(at)}
    </time>
  );
}
