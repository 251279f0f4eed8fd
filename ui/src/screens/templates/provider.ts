// What Meta says of a WhatsApp template, by name and language. Pure.

import type { ProviderTemplates } from '../../api/types';

export type ProviderVerdict = { kind: 'approved' | 'refused' | 'unknown' | 'absent'; status: string; text: string };

type Definition = Record<string, unknown>;

export function verdictOf(provider: ProviderTemplates | undefined, definition: unknown): ProviderVerdict | null {
  if (!provider) return null;
  const { template_name: name, language } = definition as Definition;
  if (!provider.is_known) return { kind: 'unknown', status: 'NOT CHECKED', text: provider.reason ?? 'Not known.' };
  const found = provider.templates.find((one) => one.template_name === name && one.language === language);
  if (!found) {
    return {
      kind: 'absent',
      status: 'NOT THERE',
      text: `The account has no template “${String(name)}” in ${String(language)}. Submit it to Meta, or correct name or language.`,
    };
  }
  if (found.status === 'APPROVED') return { kind: 'approved', status: found.status, text: 'Approved by Meta.' };
  return {
    kind: 'refused',
    status: found.status,
    text: `Meta says ${found.status}: its messages would not be delivered. Send when it is approved.`,
  };
}

export const providerWord = (provider: ProviderTemplates | undefined, definition: unknown) =>
  verdictOf(provider, definition)?.status;
