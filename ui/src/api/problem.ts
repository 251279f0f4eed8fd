// What went wrong with a request, as a person can use it: a title, the server's sentence, and what to do next.

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer at all
    readonly title: string,
    message: string,
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

// May go away by itself: no answer, or a server that cannot do it now.
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.isOffline || error.status >= 500);
}

// The server's sentence says what to change; this adds what can be done about the kind of failure.
export function nextStep(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Reload the page; if it happens again, it is a mistake in the page itself.';
  switch (error.status) {
    case 0:
      return 'Check that the server runs (clarion serve) and can be reached, then try again.';
    case 400:
    case 422:
      return 'Change what the sentence names and try again.';
    case 401:
      return 'Enter a token: clarion token create --name NAME --scope read,write,send.';
    case 403:
      return 'Use a token with the scope this needs.';
    case 404:
      return 'It may have been removed, or the address is wrong.';
    case 409:
      return 'Look at its state now and decide again.';
    case 413:
      return 'Import the contacts and send to a segment instead.';
    case 429:
      return 'Wait a moment and try again.';
    default:
      return error.status >= 500
        ? 'The server could not do it now; nothing was lost. Try again, then look at its log.'
        : 'Change what the sentence names and try again.';
  }
}

// Reads problem+json (RFC 9457) and {"success": false, "error"}; anything else becomes one honest sentence.
export function readProblem(status: number, body: unknown, requestId: string | null): ApiError {
  const document = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string) => (typeof document[name] === 'string' ? (document[name] as string) : undefined);
  const message = text('detail') ?? text('error') ?? `The server answered ${status} without an explanation.`;
  const title = text('title') ?? (status >= 500 ? 'The server could not do it' : 'The request was refused');
  return new ApiError(status, title, sentence(message), text('request_id') ?? requestId);
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
