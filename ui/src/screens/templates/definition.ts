// A template's definition as a form: SMS and email field by field, WhatsApp as the document it is.

import type { Channel, Template } from '../../api/types';

export interface TemplateForm {
  text: string;
  subject: string;
  html: string;
  unsubscribe: string;
  fallbacks: { key: string; value: string }[];
  document: string; // WhatsApp: JSON
}

type Definition = Record<string, unknown>;
const str = (value: unknown) => (typeof value === 'string' ? value : '');

export function textOf(template: Template): string {
  const definition = template.definition as Definition;
  return str(definition.subject) || str(definition.text) || str(definition.body_text) || str(definition.template_name);
}

const firstWhatsApp = {
  template_name: 'name_as_approved_by_meta',
  language: 'en_US',
  body: { name: '{{first_name}}' },
  body_text: 'Hi {{name}}.',
  fallbacks: { first_name: 'there' },
};

export function formOf(channel: Channel, definition: Definition | null): TemplateForm {
  const read = definition ?? {};
  const fallbacks = (read.fallbacks ?? (definition ? {} : { first_name: 'there' })) as Record<string, string>;
  return {
    text: str(read.text),
    subject: str(read.subject),
    html: str(read.html),
    unsubscribe: str(read.unsubscribe),
    fallbacks: Object.entries(fallbacks).map(([key, value]) => ({ key, value })),
    document: channel === 'whatsapp' ? JSON.stringify(definition ?? firstWhatsApp, null, 2) : '',
  };
}

// The definition to save, or a sentence that says what is wrong with the form itself; the server checks the rest.
export function definitionOf(channel: Channel, form: TemplateForm): Definition | string {
  if (channel === 'whatsapp') {
    try {
      const document = JSON.parse(form.document) as unknown;
      if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document as Definition;
      return 'The definition must be a JSON object.';
    } catch (error) {
      return `The definition is not JSON: ${(error as Error).message}`;
    }
  }
  const fallbacks = Object.fromEntries(
    form.fallbacks.filter(({ key }) => key.trim()).map(({ key, value }) => [key.trim(), value]),
  );
  if (!form.text.trim()) return 'Write the text of the message.';
  if (channel === 'sms') return { text: form.text, fallbacks };
  if (!form.subject.trim()) return 'Write the subject of the mail.';
  return {
    subject: form.subject,
    text: form.text,
    ...(form.html.trim() ? { html: form.html } : {}),
    ...(form.unsubscribe.trim() ? { unsubscribe: form.unsubscribe.trim() } : {}),
    fallbacks,
  };
}
