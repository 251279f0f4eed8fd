// Asks once more before what cannot be taken back: leaving things as they are comes first.

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

interface Props {
  isOpen: boolean;
  question: string;
  keep: string; // the button that changes nothing
  act: string;
  onClose: () => void; // after both buttons
  onAct: () => void;
  children: ReactNode;
}

export function Confirm({ isOpen, question, keep, act, onClose, onAct, children }: Props) {
  return (
    <Modal
      visible={isOpen}
      onDismiss={onClose}
      header={question}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {keep}
            </Button>
            <Button
              variant="primary"
              onClick={() => {
                onClose();
                onAct();
              }}
            >
              {act}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {children}
    </Modal>
  );
}
