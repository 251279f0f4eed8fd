import { expect, it } from 'vitest';
import { definitionOf, formOf } from './definition';

it('leaves a definition as it was when nothing is changed', () => {
  const sms = { text: 'Hi {{first_name}}', fallbacks: { first_name: 'there' } };
  expect(definitionOf('sms', formOf('sms', sms))).toEqual(sms);
  const mail = { subject: 'a', text: 'b', html: '<p>c</p>', unsubscribe: 'https://x.example/u', fallbacks: {} };
  expect(definitionOf('email', formOf('email', mail))).toEqual(mail);
  for (const body of [{ name: '{{first_name}}', code: '{{promotion.code}}' }, ['{{first_name}}', 'x']]) {
    const whatsapp = {
      template_name: 't',
      language: 'en',
      header: ['{{promotion.headline}}'],
      body,
      body_text: 'Hi',
      buttons: [{ type: 'url', index: 2, parameters: ['{{customer_id}}'] }],
      fallbacks: { first_name: 'you' },
    };
    expect(definitionOf('whatsapp', formOf('whatsapp', whatsapp))).toEqual(whatsapp);
  }
});

it('says what is missing', () => {
  expect(definitionOf('sms', formOf('sms', null))).toMatch(/text/);
  expect(definitionOf('email', { ...formOf('email', null), text: 'a' })).toMatch(/subject/);
  expect(definitionOf('whatsapp', formOf('whatsapp', null))).toMatch(/name that Meta approved/);
  const mixed = [
    { key: 'name', value: 'a' },
    { key: '', value: 'b' },
  ];
  expect(definitionOf('whatsapp', { ...formOf('whatsapp', null), templateName: 't', body: mixed })).toMatch(/one kind/);
});

it('keeps a fallback back until the text uses its name', () => {
  const form = { ...formOf('sms', null), text: 'Hello' };
  expect(definitionOf('sms', form)).toEqual({ text: 'Hello', fallbacks: {} });
  expect(definitionOf('sms', { ...form, text: 'Hi {{ first_name }}' })).toMatchObject({
    fallbacks: { first_name: 'there' },
  });
  expect(definitionOf('sms', { ...form, text: '{{#first_name}}x{{/first_name}}' })).toMatchObject({
    fallbacks: { first_name: 'there' },
  });
  expect(definitionOf('sms', { ...form, text: '{{first_name_b}}' })).toMatchObject({ fallbacks: {} });
});
