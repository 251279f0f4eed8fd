// One request to the API: JSON both ways, the token when there is one, every failure an ApiError.

import { ApiError, readProblem } from './problem';
import { askForToken, currentToken } from './token';

export interface CallOptions {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function apiPath(path: string, query: CallOptions['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export function authorization(): Record<string, string> {
  const token = currentToken();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

const noAnswer = () => new ApiError(0, 'No answer from the server', 'The server cannot be reached.');

async function fetchAnswer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw noAnswer();
  }
}

// The raw answer, once it is a good one.
export async function send(method: string, path: string, options: CallOptions = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...authorization(), ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  const response = await fetchAnswer(apiPath(path, options.query), { method, headers, body, signal: options.signal });
  if (response.ok) return response;
  if (response.status === 401) askForToken();
  throw readProblem(response.status, await response.json().catch(() => null), response.headers.get('X-Request-Id'));
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  return readJson<T>(response);
}

async function readJson<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'No whole answer', 'The answer of the server was cut off, or it is not one of Clarion.');
  }
}

export interface Readiness {
  status: string;
  checks: Record<string, string>;
}

// A server that is not ready says why, with 503: that is an answer here.
export async function readReadiness(): Promise<Readiness> {
  const response = await fetchAnswer('/readyz', {});
  const body = await response.json().catch(() => null);
  if (typeof body?.checks === 'object') return body as Readiness;
  throw readProblem(response.status, body, response.headers.get('X-Request-Id'));
}

// Saves what a GET answers as a file; fetched rather than linked, so that the token goes with it.
export async function download(path: string, query: CallOptions['query'], name: string): Promise<void> {
  const response = await send('GET', path, { query, headers: { Accept: '*/*' } });
  saveBlob(await response.blob(), name);
}

export function saveText(text: string, name: string): void {
  saveBlob(new Blob([text], { type: 'text/plain;charset=utf-8' }), name);
}

function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
