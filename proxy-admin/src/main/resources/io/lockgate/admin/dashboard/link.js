// The link to the process: questions, orders, and the stream of what there is to see. The token, where one
// is asked for, lives in this module and nowhere else; it is gone with the page.

let token = '';

export class TokenNeeded extends Error {}

export function useToken(value) {
  token = value;
}

async function send(path, options = {}) {
  const headers = { ...(options.headers ?? {}) };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const response = await fetch(path, { ...options, headers, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  if (response.status === 401) {
    throw new TokenNeeded('the token is needed');
  }
  return response;
}

/** A document, or null where there is none. */
export async function ask(path) {
  const response = await send(path);
  return response.ok ? response.json() : null;
}

/** Orders something; answers {ok, document}. */
export async function order(path, body) {
  const response = await send(path, { method: 'POST', body: body ? JSON.stringify(body) : undefined });
  return { ok: response.ok, document: await response.json() };
}

/** Reads the stream until it ends. fetch and not EventSource, which cannot send the token. */
export async function follow(path, onDocument, signal) {
  const response = await send(path, { signal });
  if (!response.ok) {
    throw new Error((await response.json()).error);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    pending += value;
    const events = pending.split('\n\n');
    pending = events.pop();
    events.map((event) => event.split('\n').find((line) => line.startsWith('data: ')))
        .filter(Boolean)
        .slice(-1) // only the newest counts
        .forEach((line) => onDocument(JSON.parse(line.slice('data: '.length))));
  }
}
