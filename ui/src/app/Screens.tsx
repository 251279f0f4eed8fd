// One screen an address; each is loaded when it is first asked for.

import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { lazy } from 'react';
import { Navigate, Route, Routes, useSearchParams } from 'react-router';
import { RouteButton } from '../shared/RouteLink';
import * as modules from './screenModules';

const Overview = lazy(modules.overview);
const Campaigns = lazy(modules.campaigns);
const Campaign = lazy(modules.campaign);
const Create = lazy(modules.create);
const Deliveries = lazy(modules.deliveries);
const Contacts = lazy(modules.contacts);
const Contact = lazy(modules.contact);
const Segments = lazy(modules.segments);
const Suppressions = lazy(modules.suppressions);
const Templates = lazy(modules.templates);
const Template = lazy(modules.template);
const Quotas = lazy(modules.quotas);
const Settings = lazy(modules.settings);

// "/?q=SENTENCE" is a link to a question: it opens the first step of a campaign, and nothing is sent.
function Start() {
  const [search] = useSearchParams();
  const sentence = search.get('q');
  return sentence ? <Navigate to={`/campaigns/new?q=${encodeURIComponent(sentence)}`} replace /> : <Overview />;
}

export function Screens() {
  return (
    <Routes>
      <Route path="/" element={<Start />} />
      <Route path="/campaigns" element={<Campaigns />} />
      <Route path="/campaigns/new" element={<Create />} />
      <Route path="/campaigns/:id" element={<Campaign />} />
      <Route path="/campaigns/:id/:view" element={<Campaign />} />
      <Route path="/deliveries" element={<Deliveries />} />
      <Route path="/contacts" element={<Contacts />} />
      <Route path="/contacts/:id" element={<Contact />} />
      <Route path="/segments" element={<Segments />} />
      <Route path="/suppressions" element={<Suppressions />} />
      <Route path="/templates" element={<Templates />} />
      <Route path="/templates/:channel/:name" element={<Template />} />
      <Route path="/quotas" element={<Quotas />} />
      <Route path="/settings" element={<Settings />} />
      <Route
        path="*"
        element={
          <SpaceBetween size="l">
            <Header variant="h1">There is no such page</Header>
            <Box>The address may be wrong, or from another version.</Box>
            <RouteButton to="/">Go to the overview</RouteButton>
          </SpaceBetween>
        }
      />
    </Routes>
  );
}
