// Contacts from a file: it is checked first, whole and without keeping anything; importing is a second decision.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FileUpload from '@cloudscape-design/components/file-upload';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportSummary } from '../../api/types';
import { upload } from '../../api/upload';
import { useNotices } from '../../app/notices';
import { number } from '../../shared/format';
import { Failure } from '../../shared/states';
import { ImportResult } from './ImportResult';

export function ImportContacts({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const { succeed } = useNotices();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const run = useMutation({
    mutationFn: ({ chosen, isDryRun }: { chosen: File; isDryRun: boolean }) => {
      setShare(0);
      return upload<ImportSummary>('/api/contacts/import', { dry_run: String(isDryRun) }, chosen, setShare);
    },
    onSuccess: (summary) => {
      if (summary.is_dry_run) return;
      succeed(
        `${number(summary.imported + summary.replaced)} contacts were imported; they are shown in a few seconds.`,
      );
      // The server looks for newer contacts every two seconds.
      setTimeout(() => void client.invalidateQueries(), 3_000);
    },
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    run.reset();
    if (chosen) run.mutate({ chosen, isDryRun: true });
  };
  const close = () => {
    choose(null);
    onClose();
  };
  const checked = run.data;
  const wouldKeep = checked ? checked.imported + checked.replaced : 0;
  const isDone = checked !== undefined && !checked.is_dry_run;
  return (
    <Modal
      visible={isOpen}
      onDismiss={close}
      size="large"
      header="Import contacts"
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant={isDone ? 'primary' : 'link'} onClick={close}>
              {isDone ? 'Done' : 'Import nothing'}
            </Button>
            {!isDone && (
              <Button
                variant="primary"
                loading={run.isPending}
                disabled={wouldKeep === 0}
                onClick={() => file && run.mutate({ chosen: file, isDryRun: false })}
              >
                {wouldKeep > 0 ? `Import ${number(wouldKeep)} contacts` : 'Import'}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {!isDone && (
          <FormField
            label="File"
            description="JSON, NDJSON, CSV, or an export of Amazon Pinpoint or listmonk, up to 64 MiB. Larger ones: clarion import FILE."
          >
            <FileUpload
              value={file ? [file] : []}
              onChange={({ detail }) => choose(detail.value[0] ?? null)}
              accept=".csv,.json,.ndjson,.jsonl,.txt"
              showFileSize
              i18nStrings={{
                uploadButtonText: () => 'Choose a file',
                dropzoneText: () => 'Drop the file here',
                removeFileAriaLabel: () => 'Take the file away',
                limitShowFewer: 'Fewer',
                limitShowMore: 'More',
                errorIconAriaLabel: 'Error',
              }}
            />
          </FormField>
        )}
        {run.isPending && (
          <ProgressBar label={share < 1 ? 'Sending the file' : 'Reading every row'} value={100 * share} />
        )}
        {run.error && <Failure error={run.error} />}
        {checked?.is_dry_run && <Alert type="info">Checked; nothing has been kept so far.</Alert>}
        {checked && <ImportResult summary={checked} name={file?.name ?? 'contacts'} />}
      </SpaceBetween>
    </Modal>
  );
}
