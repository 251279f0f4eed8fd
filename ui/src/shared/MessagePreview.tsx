// A message as its reader sees it: a bubble on a phone, or a mail with its head.

import Box from '@cloudscape-design/components/box';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import type { Channel, Message, Preview } from '../api/types';
import { channelNames, money, number } from './format';
import { Verdict } from './Verdict';

interface Props {
  channel: Channel;
  text: string;
  message: Message | null | undefined;
}

function Mail({ text, message }: Omit<Props, 'channel'>) {
  const [view, setView] = useState('text');
  const html = message?.html;
  return (
    <SpaceBetween size="s">
      {html && (
        <SegmentedControl
          label="Form of the mail"
          selectedId={view}
          onChange={({ detail }) => setView(detail.selectedId)}
          options={[
            { id: 'text', text: 'Plain text' },
            { id: 'html', text: 'HTML' },
          ]}
        />
      )}
      <div className="mail">
        <div className="mail-head">
          <strong>{message?.subject || 'No subject'}</strong>
        </div>
        {view === 'html' && html ? (
          // Scripts and links of the mail stay dead in here.
          <iframe title="The mail as HTML" sandbox="" srcDoc={html} />
        ) : (
          <div className="mail-body">{message?.text ?? text}</div>
        )}
      </div>
      {message?.unsubscribe_url && (
        <Box color="text-body-secondary">One-click unsubscribe: {message.unsubscribe_url}</Box>
      )}
    </SpaceBetween>
  );
}

export function MessagePreview({ channel, text, message }: Props) {
  if (channel === 'email') return <Mail text={text} message={message} />;
  return (
    <div className={`phone phone-${channel}`} role="group" aria-label={`${channelNames[channel]} on a phone`}>
      <div className="phone-from">{channelNames[channel]}</div>
      <div className="bubble">{text || message?.text || message?.template_name}</div>
    </div>
  );
}

// How the text fills its parts, and what that costs: a part more is paid as a message more.
function SmsCounter({ sms, price }: { sms: NonNullable<Preview['sms']>; price: Preview['price'] }) {
  const room = sms.parts * sms.part_size;
  return (
    <ProgressBar
      label={`${sms.encoding}, ${sms.parts === 1 ? '1 part' : `${sms.parts} parts`}`}
      value={(100 * sms.units) / Math.max(1, room)}
      additionalInfo={`${number(sms.units)} of ${number(room)} characters${
        price ? `; ${money(price.cost)} to this person` : ''
      }. ${number(Math.max(0, room - sms.units))} more fit without another part.`}
    />
  );
}

// What the server says of a preview: why there is no message, SMS parts and warnings.
export function PreviewNotes({ preview }: { preview: Preview }) {
  return (
    <SpaceBetween size="xs">
      {preview.refusal && <Verdict type="error">{preview.refusal.message}</Verdict>}
      {preview.sms && <SmsCounter sms={preview.sms} price={preview.price} />}
      {preview.warnings.map((warning) => (
        <Verdict key={warning} type="warning">
          {warning}
        </Verdict>
      ))}
    </SpaceBetween>
  );
}
