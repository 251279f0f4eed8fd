// From a sentence to a campaign in five steps; nothing is sent before the last button.

import Alert from '@cloudscape-design/components/alert';
import Header from '@cloudscape-design/components/header';
import Wizard from '@cloudscape-design/components/wizard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { call } from '../../api/client';
import { campaignQuery, installationQuery, segmentQuery } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { useSendVerb } from '../../app/Environment';
import { useNotices } from '../../app/notices';
import { whyNoClone } from '../../shared/audience';
import { Confirm } from '../../shared/Confirm';
import { RouteButton } from '../../shared/RouteLink';
import { Answer, Failure } from '../../shared/states';
import { useTitle } from '../../shared/useTitle';
import { AudienceStep } from './AudienceStep';
import { ChannelStep } from './ChannelStep';
import { checkStep, requestOf, steps, type StepId } from './checks';
import { ContentStep } from './ContentStep';
import { campaignPath, draftOf, useDraft, type Draft } from './draft';
import { PaceStep } from './PaceStep';
import { blockerOf } from './preflight';
import { usePreflight } from './usePreflight';
import { ReviewStep } from './ReviewStep';
import { useAudience } from './useAudience';

// What the address asks to begin with: a sentence (?q=), another campaign (?clone=) or a segment (?segment=).
export default function Create() {
  useTitle('Create campaign');
  const [search] = useSearchParams();
  const clone = search.get('clone');
  const segment = search.get('segment');
  const source = useQuery({ ...campaignQuery(clone ?? ''), enabled: clone !== null });
  const saved = useQuery({ ...segmentQuery(segment ?? ''), enabled: segment !== null });
  if (clone !== null) {
    return (
      <Answer query={source} text="Reading the campaign" title="Create campaign">
        {(campaign) => {
          const reason = whyNoClone(campaign);
          return reason === null ? (
            <Steps start={draftOf(campaign)} />
          ) : (
            <NoClone campaign={campaign} reason={reason} />
          );
        }}
      </Answer>
    );
  }
  if (segment !== null) {
    return (
      <Answer query={saved} text="Reading the segment" title="Create campaign">
        {(found) => <Steps start={{ filter: found.filter, name: found.name }} />}
      </Answer>
    );
  }
  const sentence = search.get('q');
  return <Steps start={sentence ? { sentence } : null} asksAtOnce={sentence !== null} />;
}

function NoClone({ campaign, reason }: { campaign: Campaign; reason: string }) {
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Create campaign</Header>
      <Alert
        type="info"
        header={`${campaign.name || campaign.campaign_id} cannot be cloned`}
        action={<RouteButton to={campaignPath(campaign.campaign_id)}>Back to the campaign</RouteButton>}
      >
        {reason}
      </Alert>
    </SpaceBetween>
  );
}

function Steps({ start, asksAtOnce = false }: { start: Partial<Draft> | null; asksAtOnce?: boolean }) {
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { fail } = useNotices();
  const verb = useSendVerb();
  const { draft, change, discard } = useDraft(start);
  const audience = useAudience(draft);
  const [isTried, setTried] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const [confirmation, setConfirmation] = useState('');
  const most = useQuery(installationQuery).data?.max_tps;
  const wanted = Math.max(
    0,
    steps.findIndex((step) => step === search.get('step')),
  );
  // A later step needs what the earlier ones give.
  const problemOf = (step: StepId) => checkStep(step, draft, audience.data, confirmation, most);
  const firstUnfit = steps.findIndex((step) => problemOf(step) !== null);
  const active = firstUnfit >= 0 ? Math.min(wanted, firstUnfit) : wanted;
  const preflight = usePreflight(draft, audience.data, active === steps.length - 1);
  const refusal = audience.error ? 'There is no plan for this: mend what the server says above.' : null;
  const blocker = active === steps.length - 1 ? blockerOf(preflight) : null;
  const error = refusal ?? problemOf(steps[active]!) ?? blocker;

  // The address has done its part: with it a reload would begin anew, and what was changed since would be gone.
  const forgetStart = () => setSearch({}, { replace: true });
  useEffect(() => {
    if (start?.filter) forgetStart();
  }, []);
  const goTo = (index: number) => {
    setTried(false);
    setSearch(index === 0 ? {} : { step: steps[index]! }, { replace: false });
    window.scrollTo(0, 0);
  };
  const create = useMutation({
    mutationFn: () => call<Campaign>('POST', '/api/campaigns', { body: requestOf(draft) }),
    onSuccess: (campaign) => {
      client.setQueryData(campaignQuery(campaign.campaign_id).queryKey, campaign);
      void client.invalidateQueries({ queryKey: ['campaigns'] });
      discard();
      void navigate(campaignPath(campaign.campaign_id), { replace: true });
    },
    onError: (failure) => fail('The campaign was not started', failure),
  });

  const awaitsChecks = active === steps.length - 1 && preflight.some((check) => check.type === 'loading');
  const props = { draft, change, audience: audience.data, isLoading: audience.isFetching, isTried };
  // What is decided or sent next rests on the count: it has to be the one of this draft.
  const awaitsCount = draft.filter !== null && audience.isBehind && !audience.error;
  const contents: Record<StepId, JSX.Element> = {
    audience: (
      <AudienceStep
        {...props}
        failure={audience.error}
        onRetry={() => void audience.refetch()}
        asksAtOnce={asksAtOnce}
        onAsked={forgetStart}
      />
    ),
    channel: <ChannelStep {...props} />,
    content: <ContentStep {...props} />,
    pace: <PaceStep {...props} />,
    review: (
      <ReviewStep
        {...props}
        checks={preflight}
        confirmation={confirmation}
        onConfirmation={setConfirmation}
        goTo={goTo}
      />
    ),
  };
  const titles: Record<StepId, [string, string]> = {
    audience: ['Audience', 'Who should hear about it?'],
    channel: ['Channel', 'Which way each person is written to, and why.'],
    content: ['Content', 'What they read.'],
    pace: ['When and how fast', 'There is no default rate.'],
    review: ['Review', 'Nothing has been sent so far.'],
  };
  return (
    <>
      <Wizard
        activeStepIndex={active}
        isLoadingNextStep={create.isPending || awaitsCount || awaitsChecks}
        submitButtonText={verb}
        i18nStrings={{
          stepNumberLabel: (n) => `Step ${n}`,
          collapsedStepsLabel: (n, all) => `Step ${n} of ${all}`,
          navigationAriaLabel: 'Steps',
          cancelButton: 'Throw away',
          previousButton: 'Back',
          nextButton: 'Next',
          submitButton: verb,
          errorIconAriaLabel: 'Error',
        }}
        onNavigate={({ detail }) => {
          const isForward = detail.requestedStepIndex > active;
          if (isForward && error) setTried(true);
          else goTo(detail.requestedStepIndex);
        }}
        onCancel={() => setLeaving(true)}
        onSubmit={() => {
          setTried(true);
          if (!error && !awaitsCount && !create.isPending) create.mutate();
        }}
        steps={steps.map((step) => ({
          title: titles[step][0],
          description: titles[step][1],
          content:
            audience.error && step !== 'audience' ? (
              <SpaceBetween size="l">
                <Failure error={audience.error} onRetry={() => void audience.refetch()} />
                {contents[step]}
              </SpaceBetween>
            ) : (
              contents[step]
            ),
          errorText: isTried && step === steps[active] && error ? error : undefined,
        }))}
      />
      <Confirm
        isOpen={isLeaving}
        question="Throw this draft away?"
        keep="Keep it"
        act="Throw away"
        onClose={() => setLeaving(false)}
        onAct={() => {
          discard();
          void navigate('/campaigns');
        }}
      >
        Nothing has been sent. A draft that is kept is here again when you come back.
      </Confirm>
    </>
  );
}
