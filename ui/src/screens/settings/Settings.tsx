// How this server and this browser are set up.

import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { readinessQuery } from '../../api/queries';
import { askForToken, currentToken, forgetToken } from '../../api/token';
import { setTheme, useTheme, type Theme } from '../../app/theme';
import { words } from '../../shared/format';
import { Answer, Waiting } from '../../shared/states';
import { useTitle } from '../../shared/useTitle';
import { EnvironmentFacts, PriceList } from './Installation';

function Health() {
  const readiness = useQuery(readinessQuery);
  return (
    <Container
      header={
        <Header variant="h2" description="Asked again every ten seconds.">
          Health
        </Header>
      }
    >
      {/* What worked a while ago says nothing of a server that does not answer. */}
      <Answer
        query={{ ...readiness, data: readiness.error ? undefined : readiness.data }}
        shape={<Waiting text="Asking how the server does" isShort />}
      >
        {({ checks }) => (
          <KeyValuePairs
            columns={3}
            items={Object.entries(checks).map(([name, result]) => ({
              label: words(name),
              value: (
                <StatusIndicator type={result === 'ok' ? 'success' : 'error'}>
                  {result === 'ok' ? 'Works' : result}
                </StatusIndicator>
              ),
            }))}
          />
        )}
      </Answer>
    </Container>
  );
}

export default function Settings() {
  useTitle('Settings');
  const client = useQueryClient();
  const theme = useTheme();
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Settings</Header>
      <EnvironmentFacts />
      <Health />
      <Container header={<Header variant="h2">This browser</Header>}>
        <SpaceBetween size="m">
          <SegmentedControl
            label="Appearance"
            selectedId={theme}
            onChange={({ detail }) => setTheme(detail.selectedId as Theme)}
            options={[
              { id: 'system', text: 'As the system' },
              { id: 'light', text: 'Light' },
              { id: 'dark', text: 'Dark' },
            ]}
          />
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={askForToken}>Use a token</Button>
            {currentToken() && (
              <Button
                onClick={() => {
                  forgetToken();
                  void client.invalidateQueries();
                }}
              >
                Forget the token
              </Button>
            )}
          </SpaceBetween>
        </SpaceBetween>
      </Container>
      {/* Last, for it is the longest: nothing below it moves when it comes. */}
      <PriceList />
    </SpaceBetween>
  );
}
