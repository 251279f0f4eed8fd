// A template's definition as a form, field by field, and back. Pure.

import type { Channel, Template } from '../../api/types';

export interface Pair {
  key: string; // empty for a numbered parameter
  value: string;
}

export interface TemplateForm {
  text: string; // of WhatsApp the wording that Meta approved
  subject: string;
  html: string;
  unsubscribe: string;
  fallbacks: Pair[];
  templateName: string;
  language: string;
  header: string; // its only parameter
  body: Pair[];
  buttons: { type: string; index: string; value: string }[];
}

type Definition = Record<string, unknown>;
const str = (value: unknown) => (typeof value === 'string' ? value : '');

export function textOf(template: Pick<Template, 'definition'>): string {
  const definition = template.definition as Definition;
  return str(definition.subject) || str(definition.text) || str(definition.body_text) || str(definition.template_name);
}

function pairsOf(parameters: unknown): Pair[] {
  if (Array.isArray(parameters)) return parameters.map((value) => ({ key: '', value: str(value) }));
  if (typeof parameters !== 'object' || parameters === null) return [];
  return Object.entries(parameters).map(([key, value]) => ({ key, value: str(value) }));
}

interface Button {
  type: string;
  index: number;
  parameters?: string[];
}

export function formOf(channel: Channel, definition: Definition | null): TemplateForm {
  const read = definition ?? {};
  const fallbacks = (read.fallbacks ?? (definition ? {} : { first_name: 'there' })) as Record<string, string>;
  const buttons = (Array.isArray(read.buttons) ? read.buttons : []) as Button[];
  return {
    text: str(channel === 'whatsapp' ? read.body_text : read.text),
    subject: str(read.subject),
    html: str(read.html),
    unsubscribe: str(read.unsubscribe),
    fallbacks: pairsOf(fallbacks),
    templateName: str(read.template_name),
    language: str(read.language) || 'en_US',
    header: pairsOf(read.header)[0]?.value ?? '',
    body: definition ? pairsOf(read.body) : [{ key: '', value: '{{first_name}}' }],
    buttons: buttons.map((button) => ({
      type: str(button.type),
      index: String(button.index),
      value: str(button.parameters?.[0]),
    })),
  };
}

// A fallback for a name that the template does not use is a mistake to the server; in the form it may wait.
function usedFallbacks(form: TemplateForm, definition: Definition): Record<string, string> {
  const { fallbacks: _, ...rest } = definition;
  const texts = JSON.stringify(rest);
  const kept = form.fallbacks
    .map(({ key, value }) => ({ key: key.trim(), value }))
    .filter(({ key }) => key !== '' && new RegExp(`\\{\\{[{&#^]?\\s*${key.replaceAll('.', '\\.')}\\s*\\}`).test(texts));
  return Object.fromEntries(kept.map(({ key, value }) => [key, value]));
}

function parametersOf(pairs: readonly Pair[]): Record<string, string> | string[] | string {
  const filled = pairs.filter(({ key, value }) => key.trim() || value.trim());
  const named = filled.filter(({ key }) => key.trim());
  if (named.length === 0) return filled.map(({ value }) => value);
  if (named.length < filled.length) return 'Name every parameter of the body, or none: a template has one kind only.';
  return Object.fromEntries(filled.map(({ key, value }) => [key.trim(), value]));
}

function whatsAppOf(form: TemplateForm): Definition | string {
  if (!form.templateName.trim()) return 'Choose the template by the name that Meta approved.';
  const body = parametersOf(form.body);
  if (typeof body === 'string') return body;
  const buttons = form.buttons.map(({ type, index, value }) => ({ type, index: Number(index), parameters: [value] }));
  return {
    template_name: form.templateName.trim(),
    language: form.language.trim() || 'en_US',
    ...(form.header.trim() ? { header: [form.header] } : {}),
    ...(Object.keys(body).length > 0 ? { body } : {}),
    ...(form.text.trim() ? { body_text: form.text } : {}),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

function textsOf(channel: Channel, form: TemplateForm): Definition | string {
  if (channel === 'whatsapp') return whatsAppOf(form);
  if (!form.text.trim()) return 'Write the text of the message.';
  if (channel === 'sms') return { text: form.text };
  if (!form.subject.trim()) return 'Write the subject of the mail.';
  return {
    subject: form.subject,
    text: form.text,
    ...(form.html.trim() ? { html: form.html } : {}),
    ...(form.unsubscribe.trim() ? { unsubscribe: form.unsubscribe.trim() } : {}),
  };
}

// The definition to save, or a sentence that says what is wrong with the form itself; the server checks the rest.
export function definitionOf(channel: Channel, form: TemplateForm): Definition | string {
  const texts = textsOf(channel, form);
  return typeof texts === 'string' ? texts : { ...texts, fallbacks: usedFallbacks(form, texts) };
}
