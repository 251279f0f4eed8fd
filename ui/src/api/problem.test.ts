import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, readReadiness } from './client';
import { ApiError, isPassing, nextStep, readProblem } from './problem';

describe('a problem that the server names', () => {
  it('keeps its title, sentence and request', () => {
    const problem = readProblem(
      503,
      { title: 'Not available', detail: 'the ledger cannot be read', request_id: 'r-1' },
      null,
    );
    expect([problem.title, problem.message, problem.requestId]).toEqual([
      'Not available',
      'The ledger cannot be read.',
      'r-1',
    ]);
  });

  it('is one honest sentence when the answer is none of ours', () => {
    const problem = readProblem(502, null, 'r-2');
    expect(problem.message).toBe('The server answered 502 without an explanation.');
    expect(problem.requestId).toBe('r-2');
  });

  it('says what to do next, whatever it is', () => {
    for (const status of [0, 400, 401, 403, 404, 409, 413, 418, 422, 429, 500, 503])
      expect(nextStep(new ApiError(status, 'x', 'x.')), String(status)).toMatch(/^[A-Z].*\.$/);
    expect(nextStep(new ApiError(503, 'x', 'x.'))).toContain('look at its log');
    expect(nextStep(new ApiError(0, 'x', 'x.'))).toContain('clarion serve');
    expect(nextStep(new TypeError('x'))).toContain('Reload');
  });

  it('may pass by itself when there was no answer or the server could not do it', () => {
    expect([0, 500, 503].map((status) => isPassing(new ApiError(status, 'x', 'x.')))).toEqual([true, true, true]);
    expect([400, 401, 404, 429].some((status) => isPassing(new ApiError(status, 'x', 'x.')))).toBe(false);
    expect(isPassing(new TypeError('x'))).toBe(false);
  });
});

describe('a request', () => {
  afterEach(() => vi.unstubAllGlobals());
  const answers = (answer: () => Response | Promise<Response>) => vi.stubGlobal('fetch', async () => answer());

  it('without an answer is offline', async () => {
    answers(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(call('GET', '/api/stats')).rejects.toMatchObject({ status: 0, title: 'No answer from the server' });
    await expect(readReadiness()).rejects.toMatchObject({ status: 0 });
  });

  it('whose answer is cut off is not taken for a mistake of the page', async () => {
    answers(() => new Response('{"total_customers": 1'));
    await expect(call('GET', '/api/stats')).rejects.toMatchObject({ status: 0, title: 'No whole answer' });
  });

  it('that was taken back stays so', async () => {
    answers(() => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(call('GET', '/api/stats')).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('for readiness takes the reasons of a server that is not ready, and nothing else', async () => {
    answers(() => Response.json({ status: 'not ready', checks: { ledger: 'cannot be written' } }, { status: 503 }));
    expect((await readReadiness()).checks.ledger).toBe('cannot be written');
    answers(() => new Response('<html>', { status: 503 }));
    await expect(readReadiness()).rejects.toMatchObject({ status: 503 });
  });
});
