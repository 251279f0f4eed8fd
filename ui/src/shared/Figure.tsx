// A figure that is read first, and what it is of.

import Box from '@cloudscape-design/components/box';

export function Figure({ value, note }: { value: string; note?: string }) {
  return (
    <>
      <Box fontSize="heading-l" fontWeight="bold">
        <span className="numeric">{value}</span>
      </Box>
      {note && (
        <Box color="text-body-secondary" fontSize="body-s">
          {note}
        </Box>
      )}
    </>
  );
}
