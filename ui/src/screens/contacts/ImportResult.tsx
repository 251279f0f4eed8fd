import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { saveText } from '../../api/client';
import type { ImportSummary } from '../../api/types';
import { number } from '../../shared/format';

// The counts add up: read = new + replaced + merged + rejected.
export function ImportResult({ summary, name }: { summary: ImportSummary; name: string }) {
  const value = (count: number) => <span className="numeric">{number(count)}</span>;
  return (
    <SpaceBetween size="m">
      <KeyValuePairs
        columns={3}
        items={[
          { label: `Rows read as ${summary.format}`, value: value(summary.read) },
          { label: 'New', value: value(summary.imported) },
          { label: 'Replaced', value: value(summary.replaced) },
          { label: 'Merged into others', value: value(summary.merged) },
          { label: 'Rejected', value: value(summary.rejected) },
        ]}
      />
      {summary.rejected > 0 && (
        <Alert
          type="warning"
          header={`${number(summary.rejected)} rows cannot be used`}
          action={
            <Button iconName="download" onClick={() => saveText(summary.rejected_csv, `${name}.rejected.csv`)}>
              Rejected rows
            </Button>
          }
        >
          Each with its line, row, column and reason{summary.is_rejected_cut ? ' (the first of them)' : ''}. The others
          are kept.
        </Alert>
      )}
      {summary.replaced > 0 && (
        <Box>Of a contact that is replaced, only consent is kept where the file does not have it.</Box>
      )}
      {summary.opt_outs_kept > 0 && (
        <Box>{number(summary.opt_outs_kept)} opt-outs kept: the file has no later opt-in of these people.</Box>
      )}
      {summary.opt_ins_kept > 0 && (
        <Box>{number(summary.opt_ins_kept)} opt-ins kept: the file has no later opt-out of these people.</Box>
      )}
      {summary.ignored_columns.length > 0 && (
        <Box color="text-body-secondary">Columns that mean nothing here: {summary.ignored_columns.join(', ')}.</Box>
      )}
      {summary.repeated_columns.length > 0 && (
        <Box color="text-body-secondary">
          Columns that are there twice, so that only the first counts: {summary.repeated_columns.join(', ')}.
        </Box>
      )}
    </SpaceBetween>
  );
}
