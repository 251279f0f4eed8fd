// A screen that failed shows what happened instead of nothing; another address starts anew.

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { Component, type ReactNode } from 'react';

interface Props {
  address: string;
  children: ReactNode;
}

interface State {
  error: unknown;
  address: string;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, address: this.props.address };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.address === state.address ? null : { error: null, address: props.address };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // After an update of the server the parts of the old page are gone.
    const isOld = error instanceof Error && /dynamically imported module|preload CSS/i.test(error.message);
    return (
      <Alert
        type="error"
        header={isOld ? 'This page is older than its server' : 'This screen failed'}
        action={<Button onClick={() => location.reload()}>Load again</Button>}
      >
        {isOld ? 'Load it again; drafts are kept.' : error instanceof Error ? error.message : String(error)}
      </Alert>
    );
  }
}
