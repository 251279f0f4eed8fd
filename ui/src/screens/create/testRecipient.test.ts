import { expect, it } from 'vitest';
import type { Message } from '../../api/types';
import { testRecipient } from './testRecipient';

it('carries the message of each channel to the address that was typed', () => {
  expect(testRecipient('sms', { channel: 'sms', text: 'Hi' }, '+14255550156')).toMatchObject({
    selected_channel: 'sms',
    phone: '+14255550156',
    message: 'Hi',
  });
  const mail: Message = {
    channel: 'email',
    subject: 's',
    text: 't',
    html: '<p>',
    unsubscribe_url: 'https://x.example/u',
  };
  expect(testRecipient('email', mail, 'a@example.com')).toMatchObject({
    email: 'a@example.com',
    subject: 's',
    message: 't',
    message_html: '<p>',
    unsubscribe_url: 'https://x.example/u',
  });
});

it('keeps named and positional parameters apart', () => {
  const message = {
    channel: 'whatsapp',
    template_name: 'promotion',
    language: 'en_US',
    components: [
      { type: 'header', parameters: [{ text: 'Now' }] },
      { type: 'body', parameters: [{ text: 'Ana', parameter_name: 'name' }] },
      { type: 'button', sub_type: 'url', index: 0, parameters: [{ text: 'X15' }] },
    ],
  } as unknown as Message;
  expect(testRecipient('whatsapp', message, '+14255550156')).toMatchObject({
    template_name: 'promotion',
    template_language: 'en_US',
    template_header: ['Now'],
    template_parameters: { name: 'Ana' },
    template_buttons: [{ type: 'url', index: 0, parameters: ['X15'] }],
  });
});
