// Talks to the server's API, the same that any client uses.

let apiKey = "";

export function setKey(key) { apiKey = key; }

/** An error of the API, with its HTTP status. */
export class APIError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  if (apiKey) headers.Authorization = `Bearer ${apiKey}`;
  const response = await fetch(path, body === undefined
    ? { headers, signal } : { method: "POST", headers, body: JSON.stringify(body), signal });
  if (response.ok) return response;
  let message = `the server answered ${response.status}`;
  try {
    message = (await response.json()).error?.message ?? message;
  } catch { /* no JSON: the status has to do */ }
  throw new APIError(response.status, message);
}

/** The model that is served. */
export async function servedModel() { return (await (await request("v1/models")).json()).data[0]; }

/** The number of tokens of a text. */
export async function tokenCount(text, signal) {
  return (await (await request("tokenize", { prompt: text }, signal)).json()).count;
}

/** A document of about `tokens` tokens with a sentence hidden in it, and a question for that. */
export async function example(tokens, signal) {
  const seed = Math.floor(Math.random() * 1e6);
  return (await request(`page/example?tokens=${tokens}&seed=${seed}`, undefined, signal)).json();
}

/** The events of a stream, parsed. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const data = text.slice(0, end).split("\n").filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart()).join("\n");
      text = text.slice(end + 2);
      if (data === "[DONE]") return;
      if (data) yield JSON.parse(data);
    }
  }
}

/**
 * Asks a question, telling progress and text as they come.
 * Returns seconds to the first token, tokens a second after it, usage, and the report of attention.
 */
export async function ask({ content, method, signal, onProgress, onText }) {
  const extensions = { return_progress: true, report: true, masks: true };
  if (method) extensions.method = method;
  const start = performance.now();
  const response = await request("v1/chat/completions", {
    messages: [{ role: "user", content }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    minference: extensions,
  }, signal);
  let first = null;
  let last = start;
  const result = { usage: null, report: null };
  for await (const event of events(response)) {
    if (event.error) throw new APIError(500, event.error.message);
    const { prompt_progress: progress, attention } = event.minference ?? {};
    if (progress) onProgress(progress);
    if (event.usage) result.usage = event.usage;
    if (attention) result.report = attention;
    const text = event.choices?.[0]?.delta?.content;
    if (text) {
      last = performance.now();
      first ??= last;
      onText(text);
    }
  }
  result.firstSeconds = first === null ? null : (first - start) / 1000;
  const generated = result.usage?.completion_tokens ?? 0;
  result.tokensPerSecond = first !== null && last > first && generated > 1
    ? (generated - 1) / ((last - first) / 1000) : null;
  return result;
}
