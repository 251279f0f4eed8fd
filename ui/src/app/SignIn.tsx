// Asks for the token when the server wants one.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { currentToken, dismissToken, saveToken, useTokenNeeded } from '../api/token';

export function SignIn() {
  const isNeeded = useTokenNeeded();
  const client = useQueryClient();
  const [token, setToken] = useState('');
  const submit = () => {
    if (!token.trim()) return;
    saveToken(token.trim());
    setToken('');
    void client.invalidateQueries();
  };
  return (
    <Modal
      visible={isNeeded}
      onDismiss={dismissToken}
      header="This server asks for a token"
      footer={
        <Box float="right">
          <Button variant="primary" onClick={submit} disabled={!token.trim()}>
            Use this token
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {currentToken() && <Alert type="error">The token in use was refused. It may have been revoked.</Alert>}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <FormField
            label="Token"
            description="Made on the server: clarion token create --name NAME --scope read,write,send"
            constraintText="Kept in this browser tab only, until it is closed."
          >
            <Input
              type="password"
              autoComplete={false}
              value={token}
              onChange={({ detail }) => setToken(detail.value)}
              autoFocus
            />
          </FormField>
        </form>
      </SpaceBetween>
    </Modal>
  );
}
