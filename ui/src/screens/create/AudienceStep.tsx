// A sentence becomes conditions; the conditions are what is sent to.

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { statsQuery } from '../../api/queries';
import { Failure } from '../../shared/states';
import { AudienceResult } from './AudienceResult';
import { AudienceShape } from './AudienceShape';
import { Conditions } from './Conditions';
import { isNobody } from './conditions';
import { newCampaignId } from './draft';
import type { StepProps } from './step';
import { askSentence } from './useAudience';

const placeholder = 'Run campaign for laptops in Bangalore with at least 2 purchases';

// Questions that mean somebody among these contacts.
function useExamples(): string[] | null {
  const { data } = useQuery(statsQuery);
  if (!data) return null;
  const largest = [...data.cities].sort((a, b) => b.count - a.count)[0]?.value;
  const hasDemo = data.cities.some((city) => city.value === 'Bangalore');
  return [...(hasDemo ? [placeholder] : largest ? [`customers in ${largest}`] : []), 'abandoned carts', 'everyone'];
}

export function AudienceStep({
  draft,
  change,
  audience,
  isLoading,
  failure,
  onRetry,
  asksAtOnce,
  onAsked,
}: StepProps & { failure: unknown; onRetry: () => void; asksAtOnce: boolean; onAsked: () => void }) {
  const [text, setText] = useState(draft.sentence);
  const examples = useExamples();
  const ask = useMutation({
    mutationFn: askSentence,
    onSuccess: (results, sentence) => {
      change({
        sentence,
        // Conditions to begin with; without one of them nobody goes on (checkAudience).
        filter: isNobody(results.filter) ? { everyone: true } : results.filter,
        unsupported: results.unsupported_dimensions,
        goesOnWithout: false,
        ambiguous: results.ambiguities,
        meansAll: false,
        sku: results.promotion?.sku ?? '',
        clonedFrom: '',
        campaignId: newCampaignId(),
      });
      onAsked();
    },
  });
  const submit = (sentence: string) => {
    setText(sentence);
    if (sentence.trim()) ask.mutate(sentence.trim());
  };
  const hasAsked = useRef(false);
  const willAsk = asksAtOnce && ask.isIdle && draft.sentence !== '';
  useEffect(() => {
    if (!asksAtOnce || hasAsked.current || !draft.sentence) return;
    hasAsked.current = true;
    ask.mutate(draft.sentence);
  }, [asksAtOnce, ask, draft.sentence]);

  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">In a sentence</Header>}>
        <SpaceBetween size="s">
          <FormField
            stretch
            label="Who should hear about it?"
            description="Name a product, a place, an age, purchases or a channel. Words that are not understood are shown, never ignored."
          >
            <Textarea
              value={text}
              rows={2}
              placeholder={placeholder}
              onChange={({ detail }) => setText(detail.value)}
              onKeyDown={(event) => {
                if (event.detail.key !== 'Enter' || event.detail.shiftKey) return;
                event.preventDefault();
                submit(text);
              }}
            />
          </FormField>
          <SpaceBetween direction="horizontal" size="s" alignItems="center">
            <Button variant="primary" loading={ask.isPending} onClick={() => submit(text)} disabled={!text.trim()}>
              Find people
            </Button>
            <Box color="text-body-secondary">or try:</Box>
            {(examples ?? [placeholder, 'abandoned carts', 'everyone']).map((example) => (
              <span key={example} className={examples ? undefined : 'kept-place'}>
                <Link variant="secondary" onFollow={() => submit(example)}>
                  {example}
                </Link>
              </span>
            ))}
          </SpaceBetween>
        </SpaceBetween>
      </Container>
      {ask.error && <Failure error={ask.error} onRetry={() => submit(text)} />}
      {!draft.filter && (willAsk || ask.isPending || ask.isSuccess) && (
        <AudienceShape text="Reading the sentence" hasConditions={false} />
      )}
      {draft.filter && (
        <>
          {draft.unsupported.length > 0 && (
            <Alert type="warning" header="Not understood, and so not part of the selection">
              <ul>
                {draft.unsupported.map((part) => (
                  <li key={part.words}>
                    “{part.words}”: {part.reason}
                    {part.suggestion ? ` (${part.suggestion})` : ''}
                  </li>
                ))}
              </ul>
              <Checkbox
                checked={draft.goesOnWithout}
                onChange={({ detail }) => change({ goesOnWithout: detail.checked })}
              >
                Go on without these words
              </Checkbox>
            </Alert>
          )}
          {draft.ambiguous.length > 0 && (
            <Alert type="warning" header="Which is meant?">
              <ul>
                {draft.ambiguous.map((part) => (
                  <li key={part.words}>
                    “{part.words}” may mean {part.candidates.join(' or ')}
                  </li>
                ))}
              </ul>
              <Checkbox checked={draft.meansAll} onChange={({ detail }) => change({ meansAll: detail.checked })}>
                The conditions below say what is meant
              </Checkbox>
            </Alert>
          )}
          <Conditions
            filter={draft.filter}
            sql={audience?.sql_query}
            name={draft.unsupported.length > 0 ? draft.name : draft.name || draft.sentence}
            onChange={(filter) => change({ filter, campaignId: newCampaignId() })}
          />
          {failure ? (
            <Failure error={failure} onRetry={onRetry} />
          ) : (
            <AudienceResult draft={draft} audience={audience} isLoading={isLoading} />
          )}
        </>
      )}
    </SpaceBetween>
  );
}
