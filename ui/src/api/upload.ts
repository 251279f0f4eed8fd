// A file on its way to the server, with its progress. XMLHttpRequest, because fetch tells nothing of what has been sent.

import { apiPath, authorization, type CallOptions } from './client';
import { ApiError, readProblem } from './problem';
import { askForToken } from './token';

export function upload<T>(
  path: string,
  query: CallOptions['query'],
  file: Blob,
  onProgress: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiPath(path, query));
    for (const [name, value] of Object.entries(authorization())) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0, 'No answer from the server', 'The server cannot be reached.'));
    request.onload = () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // Whatever it is, the status says that it went wrong.
      }
      if (request.status >= 200 && request.status < 300) return resolve(body as T);
      if (request.status === 401) askForToken();
      reject(readProblem(request.status, body, request.getResponseHeader('X-Request-Id')));
    };
    request.send(file);
  });
}
