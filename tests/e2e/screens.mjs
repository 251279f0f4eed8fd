// Every screen of the console, and what a server needs so that each has something to show.

// name, address, a text that is there once the screen is whole
export const screens = [
  ['overview', '/', 'In sum'],
  ['campaigns', '/campaigns', 'Spring'],
  ['create', '/campaigns/new?q=customers%20in%20Bangalore', 'Will get a message'],
  ['campaign', '/campaigns/spring', 'By channel'],
  ['recipients', '/campaigns/spring/recipients', 'Priya Reddy'],
  ['campaign-results', '/campaigns/spring/results', 'Response by channel'],
  ['deliveries', '/deliveries', 'WhatsApp'],
  ['contacts', '/contacts', 'Priya Reddy'],
  ['contact', '/contacts/CUST-000001', 'Consent and response'],
  ['segments', '/segments', 'Create campaign'],
  ['suppressions', '/suppressions', 'gone@example.com'],
  ['templates', '/templates', 'promotion'],
  ['template', '/templates/email/promotion', 'Preview'],
  ['quotas', '/quotas', 'Reputation'],
  ['template-whatsapp', '/templates/whatsapp/promotion', 'Approved wording'],
  ['settings', '/settings', 'Health'],
  ['nowhere', '/no/such/page', 'There is no such page'],
];

export async function fill(server) {
  await server.startCampaign('spring', { name: 'Spring', throughput_tps: 200 });
  await server.startCampaign('later', {
    name: 'Later',
    throughput_tps: 20,
    start_at: '2031-01-01T00:00:00Z',
  });
  await server.call('POST', '/api/suppressions', {
    channel: 'email',
    address: 'gone@example.com',
  });
  await server.finished('spring');
}
