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
    // Screens are loaded when they are first asked for: not while the server is away, and not from another version of it.
    const isNotLoaded = error instanceof Error && /dynamically imported module|preload CSS/i.test(error.message);
    return (
      <Alert
        type="error"
        header={isNotLoaded ? 'This screen could not be loaded' : 'This screen failed'}
        action={<Button onClick={() => location.reload()}>Load again</Button>}
      >
        {isNotLoaded
          ? 'The server cannot be reached, or it has been updated since this page was opened. Load it again; drafts are kept.'
          : error instanceof Error
            ? error.message
            : String(error)}
      </Alert>
    );
  }
}
