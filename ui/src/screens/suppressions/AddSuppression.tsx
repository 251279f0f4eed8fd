import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { channels, type Channel } from '../../api/types';
import { useNotices } from '../../app/notices';
import { channelNames } from '../../shared/format';

export function AddSuppression({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const { succeed } = useNotices();
  const [channel, setChannel] = useState<Channel>('sms');
  const [address, setAddress] = useState('');
  const add = useMutation({
    mutationFn: () =>
      call('POST', '/api/suppressions', { body: { channel, address: address.trim(), source: 'console' } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['suppressions'] });
      succeed(`${address.trim()} is not written to by ${channelNames[channel]} any more.`);
      setAddress('');
      onClose();
    },
  });
  return (
    <Modal
      visible={isOpen}
      onDismiss={onClose}
      header="Suppress an address"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Leave it
            </Button>
            <Button variant="primary" loading={add.isPending} disabled={!address.trim()} onClick={() => add.mutate()}>
              Suppress
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {add.error && <Alert type="error">{add.error.message}</Alert>}
        <SegmentedControl
          label="Channel"
          selectedId={channel}
          onChange={({ detail }) => setChannel(detail.selectedId as Channel)}
          options={channels.map((id) => ({ id, text: channelNames[id] }))}
        />
        <FormField
          label={channel === 'email' ? 'Email address' : 'Phone number'}
          constraintText={channel === 'email' ? undefined : 'With country code, such as +14255550156.'}
        >
          <Input value={address} onChange={({ detail }) => setAddress(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
