// Everything that is looked at before a campaign may start: each check with its result, and where to mend it. Pure.

import { channels, type Channel, type Installation, type QueryResults, type Template } from '../../api/types';
import { channelNames, money, number } from '../../shared/format';
import type { ProviderVerdict } from '../templates/provider';
import { people } from '../../shared/people';
import { parseBudget, type StepId } from './checks';
import type { Draft } from './draft';

export interface Check {
  id: string;
  type: 'success' | 'info' | 'warning' | 'error' | 'loading'; // an error stops the campaign from being started
  text: string;
  step?: StepId; // where it is mended
}

export interface Findings {
  draft: Draft;
  audience: QueryResults | undefined;
  isProduction: boolean;
  readiness: { checks: Record<string, string> } | undefined;
  isUnreachable: boolean; // the server did not say whether it is ready
  installation: Installation | undefined;
  isUnknown: boolean; // the server did not say how it is set up or which templates it has
  whatsapp: { template: Template; verdict: ProviderVerdict | null } | null; // what WhatsApp messages are made of
}

const used = (audience: QueryResults): Channel[] =>
  channels.filter((channel) => audience.after_metrics.messages_by_channel[channel] > 0);

function checkServer({ readiness, isUnreachable }: Findings): Check {
  const id = 'server';
  if (!readiness) {
    return isUnreachable
      ? { id, type: 'error', text: 'The server does not answer; the page asks again by itself.' }
      : { id, type: 'loading', text: 'Asking whether the server can record and send.' };
  }
  const wrong = Object.values(readiness.checks).filter((result) => result !== 'ok');
  if (wrong.length > 0) return { id, type: 'error', text: wrong.join('; ') };
  return { id, type: 'success', text: 'The server can record and send.' };
}

function checkWords({ draft }: Findings): Check {
  const left = draft.unsupported.map((part) => `“${part.words}”`).join(', ');
  const open = draft.ambiguous.map((part) => `“${part.words}”`).join(', ');
  if (!left && open) {
    return {
      id: 'words',
      type: 'warning',
      text: `${open} may mean several things; the conditions decide.`,
      step: 'audience',
    };
  }
  return left
    ? { id: 'words', type: 'warning', text: `Left out knowingly: ${left}.`, step: 'audience' }
    : { id: 'words', type: 'success', text: 'Every word of the sentence was understood.' };
}

function checkPeople(audience: QueryResults): Check {
  const { count } = audience.suppressed;
  return count === 0
    ? { id: 'people', type: 'success', text: 'Everybody who matches may be written to.' }
    : {
        id: 'people',
        type: 'warning',
        text: `${people(count)} of those who match get none: consent, opt-outs, addresses and caps are kept.`,
        step: 'audience',
      };
}

function checkContent({ whatsapp, isProduction }: Findings, audience: QueryResults): Check[] {
  const checks: Check[] = [];
  const broken =
    (audience.suppressed.by_rule.missing_variable ?? 0) + (audience.suppressed.by_rule.invalid_content ?? 0);
  checks.push(
    broken === 0
      ? { id: 'content', type: 'success', text: 'A message can be made for everybody.' }
      : {
          id: 'content',
          type: 'warning',
          text: `For ${people(broken)} no message can be made, mostly for want of a value; a fallback would mend it.`,
          step: 'content',
        },
  );
  if (whatsapp && used(audience).includes('whatsapp')) {
    const { verdict, template } = whatsapp;
    const id = 'whatsapp';
    if (!verdict) checks.push({ id, type: 'loading', text: 'Asking what Meta says of the WhatsApp template.' });
    else if (verdict.kind === 'approved')
      checks.push({ id, type: 'success', text: `Meta has approved the WhatsApp template of “${template.name}”.` });
    else if (verdict.kind === 'unknown')
      checks.push({ id, type: isProduction ? 'warning' : 'info', text: verdict.text });
    else checks.push({ id, type: 'error', text: verdict.text, step: 'content' });
  }
  const mail = audience.sample_messages.find((sample) => sample.channel === 'email');
  if (mail?.content && !mail.content.unsubscribe_url) {
    checks.push({
      id: 'unsubscribe',
      type: 'warning',
      text: 'The mail has no unsubscribe link; Gmail and Yahoo require one of bulk senders.',
      step: 'content',
    });
  }
  const { sms: messages } = audience.after_metrics.messages_by_channel;
  const { sms: parts } = audience.parts_by_channel;
  if (parts > messages) {
    checks.push({
      id: 'parts',
      type: 'warning',
      text: `${number(messages)} SMS are sent and paid as ${number(parts)} parts.`,
      step: 'content',
    });
  }
  return checks;
}

function checkChannels({ installation, isUnknown }: Findings, audience: QueryResults): Check {
  const id = 'channels';
  if (!installation) {
    return isUnknown
      ? { id, type: 'error', text: 'The server does not say what is set up; the page asks again by itself.' }
      : { id, type: 'loading', text: 'Asking what is set up.' };
  }
  const names = used(audience)
    .map((channel) => channelNames[channel])
    .join(', ');
  const missing = used(audience).filter((channel) => !installation.set_up[channel]);
  return missing.length === 0
    ? { id, type: 'success', text: `Set up for sending: ${names}.` }
    : {
        id,
        type: 'error',
        text: `Not set up for sending: ${missing.map((channel) => channelNames[channel]).join(', ')}.`,
        step: 'channel',
      };
}

function checkMoney({ draft, installation }: Findings, audience: QueryResults): Check[] {
  const checks: Check[] = [];
  const cost = audience.after_metrics.cost;
  const budget = parseBudget(draft.budget);
  if (!budget) {
    checks.push({
      id: 'budget',
      type: 'warning',
      text: `No budget is set; the estimate is ${money(cost)}.`,
      step: 'pace',
    });
  } else if (cost > budget) {
    checks.push({
      id: 'budget',
      type: 'warning',
      text: `The estimate of ${money(cost)} is above the budget of ${money(budget)}: sending will stop before everybody is served.`,
      step: 'pace',
    });
  } else {
    checks.push({
      id: 'budget',
      type: 'success',
      text: `The estimate of ${money(cost)} is within the budget of ${money(budget)}.`,
    });
  }
  const examples = used(audience).filter((channel) =>
    installation?.prices.some((price) => price.channel === channel && price.is_example),
  );
  if (examples.length > 0) {
    const names = examples.map((channel) => channelNames[channel]).join(', ');
    checks.push({
      id: 'prices',
      type: 'warning',
      text: `Prices of ${names} are examples, not your account’s: the estimate shows a size only. Settings tells how to put in your own.`,
    });
  }
  return checks;
}

function checkHours({ draft }: Findings, audience: QueryResults): Check {
  const waiting = audience.time_optimized.count;
  const aside = [...(draft.respectsCaps ? [] : ['frequency caps']), ...(draft.keepsQuietHours ? [] : ['quiet hours'])];
  if (aside.length > 0)
    return { id: 'hours', type: 'warning', text: `Set aside for this campaign: ${aside.join(' and ')}.`, step: 'pace' };
  const text = 'Frequency caps and quiet hours are kept';
  return waiting === 0
    ? { id: 'hours', type: 'success', text: `${text}; nobody has to wait.` }
    : { id: 'hours', type: 'warning', text: `${text}: ${people(waiting)} will get the message later.`, step: 'pace' };
}

export function preflightOf(findings: Findings): Check[] {
  const { audience } = findings;
  if (!audience) return [{ id: 'people', type: 'loading', text: 'Counting people.' }];
  return [
    checkServer(findings),
    checkWords(findings),
    checkPeople(audience),
    checkChannels(findings, audience),
    ...checkContent(findings, audience),
    ...checkMoney(findings, audience),
    checkHours(findings, audience),
  ];
}

// Why the campaign cannot be started; nothing when it can.
export function blockerOf(checks: readonly Check[]): string | null {
  const wrong = checks.find((check) => check.type === 'error');
  if (wrong) return `A check failed: ${wrong.text}`;
  return checks.some((check) => check.type === 'loading') ? 'Wait until every check has its result.' : null;
}
