// A moment in the viewer's zone, with UTC on hover.

import { localTime } from './format';

export function Time({ at, none = '–' }: { at: string | null | undefined; none?: string }) {
  if (!at) return <>{none}</>;
  return (
    <time dateTime={at} title={`${at.slice(0, 19).replace('T', ' ')} UTC`}>
      {localTime(at)}
    </time>
  );
}
