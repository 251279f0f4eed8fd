// Addresses that are never to be written to again: one, or a pasted list.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { channels, type Channel } from '../../api/types';
import { useNotices } from '../../app/notices';
import { channelNames, number } from '../../shared/format';
import { Failure } from '../../shared/states';
import { readAddresses } from './addresses';

const mostAtOnce = 10_000; // as the API takes them

export function AddSuppression({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const { succeed } = useNotices();
  const [channel, setChannel] = useState<Channel>('sms');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const addresses = readAddresses(text);
  const isTooMany = addresses.length > mostAtOnce;
  const add = useMutation({
    mutationFn: () =>
      call<{ added: number }>('POST', '/api/suppressions', {
        body: {
          suppressions: addresses.map((address) => ({
            channel,
            address,
            source: 'console',
            ...(reason.trim() ? { reason: reason.trim() } : {}),
          })),
        },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['suppressions'] });
      succeed(
        addresses.length === 1
          ? `${addresses[0]} is not written to by ${channelNames[channel]} any more.`
          : `${number(addresses.length)} addresses are not written to by ${channelNames[channel]} any more.`,
      );
      close();
    },
  });
  // The server names the entry of the list; a person looks for the address.
  const entry = add.error && /suppressions\[(\d+)\]/i.exec(add.error.message)?.[1];
  const wrong = entry ? addresses[Number(entry)] : undefined;
  const close = () => {
    setText('');
    setReason('');
    add.reset();
    onClose();
  };
  return (
    <Modal
      visible={isOpen}
      onDismiss={close}
      header="Suppress addresses"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              Leave it
            </Button>
            <Button
              variant="primary"
              loading={add.isPending}
              disabled={addresses.length === 0 || isTooMany}
              onClick={() => add.mutate()}
            >
              {addresses.length > 1 ? `Suppress ${number(addresses.length)} addresses` : 'Suppress'}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {add.error && <Failure error={add.error} />}
        {wrong !== undefined && <Box>This is about “{wrong}”.</Box>}
        <SegmentedControl
          label="Channel"
          selectedId={channel}
          onChange={({ detail }) => setChannel(detail.selectedId as Channel)}
          options={channels.map((id) => ({ id, text: channelNames[id] }))}
        />
        <FormField
          stretch
          label={channel === 'email' ? 'Email addresses' : 'Phone numbers'}
          constraintText={channel === 'email' ? 'One a line.' : 'One a line, with country code, such as +14255550156.'}
          errorText={isTooMany ? `At most ${number(mostAtOnce)} at once; do the rest after.` : undefined}
        >
          <Textarea
            rows={4}
            spellcheck={false}
            value={text}
            placeholder={channel === 'email' ? 'gone@example.com' : '+14255550156'}
            onChange={({ detail }) => setText(detail.value)}
          />
        </FormField>
        <FormField
          stretch
          label={
            <>
              Reason <i>– optional</i>
            </>
          }
        >
          <Input value={reason} placeholder="operator" onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
