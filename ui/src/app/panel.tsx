// The panel at the side: one thing's whole story, opened from a row, closed without losing the place.

import HelpPanel from '@cloudscape-design/components/help-panel';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

interface Panel {
  title: string;
  content: ReactNode;
}

interface PanelState {
  panel: Panel | null;
  open: (panel: Panel) => void;
  close: () => void;
}

const PanelContext = createContext<PanelState | null>(null);

export function PanelProvider({ children }: { children: ReactNode }) {
  const [panel, open] = useState<Panel | null>(null);
  const value = useMemo(() => ({ panel, open, close: () => open(null) }), [panel]);
  return <PanelContext.Provider value={value}>{children}</PanelContext.Provider>;
}

export function usePanel(): PanelState {
  const value = useContext(PanelContext);
  if (!value) throw new Error('usePanel needs a PanelProvider above it');
  return value;
}

export function PanelView({ panel }: { panel: Panel | null }) {
  return panel && <HelpPanel header={<h2>{panel.title}</h2>}>{panel.content}</HelpPanel>;
}
