// Short notices above the content: what an action did, or why it could not be done.

import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { ApiError, nextStep } from '../api/problem';

interface Notices {
  items: FlashbarProps.MessageDefinition[];
  succeed: (text: string) => void;
  warn: (text: string) => void;
  fail: (title: string, error: unknown) => void;
}

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
        content: `${error instanceof Error ? error.message : String(error)} ${nextStep(error)}`,
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
  return <Flashbar items={useNotices().items} />;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
