// The conditions kept under a name, to be sent to again.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import type { Filter, Segment } from '../../api/types';
import { useNotices } from '../../app/notices';
import { number } from '../../shared/format';
import { Failure } from '../../shared/states';

export function SaveSegment({ filter, suggestion }: { filter: Filter; suggestion: string }) {
  const client = useQueryClient();
  const { succeed } = useNotices();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () => call<Segment>('POST', '/api/segments', { body: { name: name.trim(), filter } }),
    onSuccess: (segment) => {
      void client.invalidateQueries({ queryKey: ['segments'] });
      succeed(`Segment “${segment.name}” has ${number(segment.count)} people now; it stands under Segments.`);
      setOpen(false);
    },
  });
  return (
    <>
      <Button
        onClick={() => {
          setName(suggestion);
          save.reset();
          setOpen(true);
        }}
      >
        Save as segment
      </Button>
      <Modal
        visible={isOpen}
        onDismiss={() => setOpen(false)}
        header="Save as segment"
        footer={
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" onClick={() => setOpen(false)}>
                Leave it
              </Button>
              <Button variant="primary" loading={save.isPending} disabled={!name.trim()} onClick={() => save.mutate()}>
                Save
              </Button>
            </SpaceBetween>
          </Box>
        }
      >
        <SpaceBetween size="m">
          {save.error && <Failure error={save.error} />}
          <FormField
            label="Name"
            description="The conditions are kept, not the people: whoever matches later is in it then."
          >
            <Input value={name} onChange={({ detail }) => setName(detail.value)} />
          </FormField>
        </SpaceBetween>
      </Modal>
    </>
  );
}
