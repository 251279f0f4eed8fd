import { expect, it } from 'vitest';
import { definitionOf, formOf } from './definition';

it('leaves a definition as it was when nothing is changed', () => {
  const sms = { text: 'Hi {{first_name}}', fallbacks: { first_name: 'there' } };
  expect(definitionOf('sms', formOf('sms', sms))).toEqual(sms);
  const mail = { subject: 'a', text: 'b', html: '<p>c</p>', unsubscribe: 'https://x.example/u', fallbacks: {} };
  expect(definitionOf('email', formOf('email', mail))).toEqual(mail);
  const whatsapp = { template_name: 't', language: 'en', body: { name: '{{first_name}}' } };
  expect(definitionOf('whatsapp', formOf('whatsapp', whatsapp))).toEqual(whatsapp);
});

it('says what is missing', () => {
  expect(definitionOf('sms', formOf('sms', null))).toMatch(/text/);
  expect(definitionOf('email', { ...formOf('email', null), text: 'a' })).toMatch(/subject/);
  expect(definitionOf('whatsapp', { ...formOf('whatsapp', null), document: '{' })).toMatch(/not JSON/);
  expect(definitionOf('whatsapp', { ...formOf('whatsapp', null), document: '[]' })).toMatch(/object/);
});
