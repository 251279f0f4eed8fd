// A sentence with the sign of what it means. Cloudscape's status indicator is made for one or two words: in a narrow
// place it breaks a sentence within its words.

import Icon, { type IconProps } from '@cloudscape-design/components/icon';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';

export type VerdictType = 'success' | 'info' | 'warning' | 'error' | 'loading';

const signs: Record<Exclude<VerdictType, 'loading'>, [IconProps.Name, IconProps.Variant, string]> = {
  success: ['status-positive', 'success', 'Good'],
  info: ['status-info', 'link', 'Note'],
  warning: ['status-warning', 'warning', 'Warning'],
  error: ['status-negative', 'error', 'Wrong'],
};

export function Verdict({ type, children }: { type: VerdictType; children: ReactNode }) {
  if (type === 'loading') {
    return (
      <span className="verdict">
        <Spinner /> <span>{children}</span>
      </span>
    );
  }
  const [name, variant, label] = signs[type];
  return (
    <span className="verdict">
      <Icon name={name} variant={variant} ariaLabel={label} /> <span>{children}</span>
    </span>
  );
}
