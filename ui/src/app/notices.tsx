// Short notices above the content: what an action did, or why it could not be done.

import Button from '@cloudscape-design/components/button';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { nextStep } from '../api/problem';
import { Time } from '../shared/Time';
import { useOutdated, useRenew } from './outdated';

interface Notices {
  items: FlashbarProps.MessageDefinition[];
  succeed: (text: string) => void;
  warn: (text: string) => void;
  fail: (title: string, error: unknown) => void;
}

const textOf = (error: unknown) => `${error instanceof Error ? error.message : String(error)} ${nextStep(error)}`;

const NoticesContext = createContext<Notices | null>(null);
let lastId = 0;

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);
  const add = useCallback((item: FlashbarProps.MessageDefinition) => {
    const id = String(++lastId);
    const dismiss = () => setItems((all) => all.filter((other) => other.id !== id));
    setItems((all) =>
      [{ ...item, id, dismissible: true, dismissLabel: 'Dismiss', onDismiss: dismiss }, ...all].slice(0, 3),
    );
    if (item.type === 'success') setTimeout(dismiss, 6000);
  }, []);
  const succeed = useCallback((text: string) => add({ type: 'success', content: text }), [add]);
  const warn = useCallback((text: string) => add({ type: 'warning', content: text }), [add]);
  const fail = useCallback(
    (title: string, error: unknown) =>
      add({
        type: 'error',
        header: title,
        content: textOf(error),
      }),
    [add],
  );
  const value = useMemo(() => ({ items, succeed, warn, fail }), [items, succeed, warn, fail]);
  return <NoticesContext.Provider value={value}>{children}</NoticesContext.Provider>;
}

export function useNotices(): Notices {
  const value = useContext(NoticesContext);
  if (!value) throw new Error('useNotices needs a NoticesProvider above it');
  return value;
}

export function NoticeList() {
  const { items } = useNotices();
  const outdated = useOutdated();
  const renew = useRenew();
  const old: FlashbarProps.MessageDefinition[] = outdated
    ? [
        {
          id: 'outdated',
          type: 'warning',
          header: 'Some of what is shown may be out of date',
          content: (
            <>
              It is from <Time at={new Date(outdated.since).toISOString()} />. {textOf(outdated.error)}
            </>
          ),
          action: <Button onClick={renew}>Try again</Button>,
        },
      ]
    : [];
  return <Flashbar items={[...old, ...items]} />;
}
