// A previewed message as one entry of eligible_users: the carrier is given what the person would get.

import type { Channel, Message } from '../../api/types';

interface Component {
  type: 'header' | 'body' | 'button';
  sub_type?: string;
  index?: number;
  parameters: { text: string; parameter_name?: string }[];
}

// Named parameters are an object, positional ones a list.
function parametersOf(component: Component): Record<string, string> | string[] {
  const { parameters } = component;
  if (parameters.some((parameter) => parameter.parameter_name)) {
    return Object.fromEntries(parameters.map(({ parameter_name, text }) => [parameter_name ?? '', text]));
  }
  return parameters.map(({ text }) => text);
}

export function testRecipient(channel: Channel, message: Message, address: string): Record<string, unknown> {
  const person = { customer_id: `test-${address}`, selected_channel: channel, reason: 'A test to oneself.' };
  if (channel === 'sms') return { ...person, phone: address, message: message.text };
  if (channel === 'email') {
    return {
      ...person,
      email: address,
      subject: message.subject,
      message: message.text,
      ...(message.html ? { message_html: message.html } : {}),
      ...(message.unsubscribe_url ? { unsubscribe_url: message.unsubscribe_url } : {}),
    };
  }
  const components = (message.components ?? []) as unknown as Component[];
  const of = (type: Component['type']) => components.find((component) => component.type === type);
  const header = of('header');
  const body = of('body');
  const buttons = components.filter((component) => component.type === 'button');
  return {
    ...person,
    phone: address,
    template_name: message.template_name,
    template_language: message.language,
    ...(body ? { template_parameters: parametersOf(body) } : {}),
    ...(header ? { template_header: parametersOf(header) } : {}),
    ...(buttons.length > 0
      ? {
          template_buttons: buttons.map((button) => ({
            type: button.sub_type,
            index: button.index,
            parameters: parametersOf(button),
          })),
        }
      : {}),
  };
}
