/** What the page asks of the agent. The token stays in this tab's sessionStorage and goes out as a header only. */
const KEY = "rvc-token";
const RETRY_MS = 2000;

export class Unauthorised extends Error {}

export const token = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

async function ask(path, options = {}) {
  const headers = { ...options.headers, Authorization: `Bearer ${token.get()}` };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  if (answer.status === 401) throw new Unauthorised();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

export async function listJobs() {
  return (await ask("/jobs")).json();
}

/** Call `hear` with every event of a job, each once, until it has ended or `signal` aborts; reconnects by itself. */
export async function follow(id, hear, signal) {
  let last = 0;
  while (!signal.aborted) {
    try {
      const answer = await ask(`/jobs/${id}/events`, { signal, headers: { "Last-Event-ID": String(last) } });
      if (answer.status === 204) return;
      for await (const event of read(answer.body)) {
        if (signal.aborted) return;
        last = event.number;
        hear(event);
      }
    } catch (error) {
      if (error instanceof Unauthorised) return;
    }
    await new Promise((done) => setTimeout(done, RETRY_MS));
  }
}

async function* read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5));
      if (data.length) yield JSON.parse(data.join("\n"));
    }
  }
}
