// Light, dark, or as the system has it; kept in this browser.

import { applyMode, disableMotion, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const key = 'clarion.theme';
const listeners = new Set<() => void>();
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const systemStill = window.matchMedia('(prefers-reduced-motion: reduce)');

export function currentTheme(): Theme {
  try {
    const saved = localStorage.getItem(key);
    return saved === 'light' || saved === 'dark' ? saved : 'system';
  } catch {
    return 'system';
  }
}

function apply(): void {
  const theme = currentTheme();
  const isDark = theme === 'dark' || (theme === 'system' && systemDark.matches);
  applyMode(isDark ? Mode.Dark : Mode.Light);
  disableMotion(systemStill.matches);
  document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
}

export function startTheme(): void {
  apply();
  systemDark.addEventListener('change', apply);
  systemStill.addEventListener('change', apply);
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(key, theme);
  apply();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}
