// The bearer token: kept for this tab only (sessionStorage), asked for when the server answers 401.

import { useSyncExternalStore } from 'react';

const key = 'clarion.token';
const listeners = new Set<() => void>();
let isNeeded = false;

function changed(): void {
  for (const listener of listeners) listener();
}

export function currentToken(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // storage can be switched off
  }
}

export function saveToken(token: string): void {
  isNeeded = false;
  sessionStorage.setItem(key, token);
  changed();
}

export function forgetToken(): void {
  sessionStorage.removeItem(key);
  changed();
}

export function askForToken(): void {
  if (isNeeded) return;
  isNeeded = true;
  changed();
}

export function dismissToken(): void {
  isNeeded = false;
  changed();
}

export function useTokenNeeded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isNeeded,
  );
}
