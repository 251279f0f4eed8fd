import { expect, it } from 'vitest';
import { campaign, campaigns, contact, create, moduleOf, overview, template } from './screenModules';

it('finds the screen of an address', () => {
  expect(moduleOf('/')).toBe(overview);
  expect(moduleOf('/campaigns')).toBe(campaigns);
  expect(moduleOf('/campaigns/new')).toBe(create);
  expect(moduleOf('/campaigns/new-year')).toBe(campaign);
  expect(moduleOf('/campaigns/spring/recipients')).toBe(campaign);
  expect(moduleOf('/contacts/CUST-000001')).toBe(contact);
  expect(moduleOf('/templates/email/promotion')).toBe(template);
  expect(moduleOf('/no/such/page')).toBeUndefined();
});
