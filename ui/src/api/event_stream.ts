// Server-sent events read with fetch, so that the token goes in a header and never into an address.
//
// Format      WHATWG HTML, "text/event-stream"; comments and retry lines are passed over.
// Reconnects  by itself after 0.5, 1, 2 and then every 4 seconds, with the last id it has seen.

import { authorization } from './client';
import { ApiError, readProblem } from './problem';
import { askForToken } from './token';

export interface ServerEvent {
  event: string;
  data: string;
  id: string;
}

// Takes text as it arrives; gives each event once its empty line is there.
export class EventParser {
  private rest = '';

  push(text: string): ServerEvent[] {
    this.rest += text;
    const blocks = this.rest.split(/\r?\n\r?\n/);
    this.rest = blocks.pop() ?? '';
    return blocks.map(parseBlock).filter((event): event is ServerEvent => event !== null);
  }
}

function parseBlock(block: string): ServerEvent | null {
  const event: ServerEvent = { event: 'message', data: '', id: '' };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    const name = line.slice(0, colon);
    if (name === 'data') data.push(value);
    else if (name === 'event') event.event = value;
    else if (name === 'id') event.id = value;
  }
  if (data.length === 0) return null;
  event.data = data.join('\n');
  return event;
}

export interface Follower {
  onEvent: (event: ServerEvent) => void;
  onState: (state: 'live' | 'reconnecting') => void;
  // A refusal that another try would not change; the stream has ended.
  onRefused: (error: ApiError) => void;
}

const waits = [500, 1000, 2000, 4000];

// Follows `path` until its "end" event or the signal.
export async function followEvents(path: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let lastId = '';
  let failures = 0;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream', ...authorization() };
      if (lastId) headers['Last-Event-ID'] = lastId;
      const response = await fetch(path, { headers, signal });
      if (!response.ok) {
        const problem = readProblem(response.status, await response.json().catch(() => null), null);
        if (response.status === 401) askForToken();
        if (response.status >= 400 && response.status < 500 && response.status !== 429) {
          follower.onRefused(problem);
          return;
        }
        throw problem;
      }
      follower.onState('live');
      failures = 0;
      const parser = new EventParser();
      const decoder = new TextDecoder();
      for (const reader = response.body!.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) break;
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          lastId = event.id || lastId;
          follower.onEvent(event);
          if (event.event === 'end') return;
        }
      }
    } catch {
      if (signal.aborted) return;
    }
    follower.onState('reconnecting');
    await new Promise((resolve) => setTimeout(resolve, waits[Math.min(failures++, waits.length - 1)]));
  }
}
