/** The status page: what the agent's jobs do, without a program to install. */
import { Unauthorised, follow, listJobs, token } from "./agent.js";
import { Curves } from "./chart.js";
import { WORDS, fill } from "./words.js";

const POLL_MS = 2000;
const NEWS_MAX = 100;
const LANGUAGE = "rvc-language";
const ACTIVE = ["running", "pausing"];
const ORDER = ["running", "pausing", "queued", "paused", "failed", "done", "cancelled"];

const at = (id) => document.getElementById(id);
const curves = new Curves(at("chart"), at("legend"));
let language = localStorage.getItem(LANGUAGE) ?? (navigator.language.startsWith("ko") ? "ko" : "en");
let words = WORDS[language] ?? WORDS.en;
let jobs = [];
let chosen = null;
let following = new AbortController();
let heard = [];
let drawing = false;

function make(name, className, content) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = content;
  return made;
}

function speak() {
  words = WORDS[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
  at("language").textContent = words.other;
  at("language").lang = language === "ko" ? "en" : "ko";
  document.title = `RVC Studio: ${words.title}`;
  show();
}

function notify(text) {
  at("notice").hidden = !text;
  if (at("notice").textContent !== text) at("notice").textContent = text;
}

function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes >= 60) return fill(words.hours, { h: Math.floor(minutes / 60), m: minutes % 60 });
  return minutes ? fill(words.minutes, { m: minutes }) : fill(words.seconds, { s: Math.ceil(seconds) });
}

function moment(time) {
  return new Date(time).toLocaleString(language, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });
}

function outlook(job, place) {
  const parts = [words.kinds[job.kind] ?? job.kind];
  if (ACTIVE.includes(job.state)) {
    if (job.phase) parts.push(words.phases[job.phase] ?? job.phase);
    parts.push(`${Math.floor(job.progress * 100)} %`);
    if (job.left_s !== null) parts.push(fill(words.left, { time: duration(job.left_s) }));
  } else if (job.state === "queued") {
    parts.push(fill(words.place, { place }));
    if (job.starts_in_s !== null) parts.push(fill(words.starts, { time: duration(job.starts_in_s) }));
  } else {
    parts.push(moment(job.ended ?? job.created));
  }
  return parts.join(" · ");
}

function sorted() {
  const turn = (job) => job.starts_in_s ?? Infinity;
  const rank = (job) => ORDER.indexOf(job.state);
  return [...jobs].sort((a, b) => rank(a) - rank(b) || (a.state === "queued" ? compare(turn(a), turn(b)) || a.number - b.number : b.number - a.number));
}

function compare(one, other) {
  return one === other ? 0 : one < other ? -1 : 1;
}

function item(job, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.id = job.id;
  button.setAttribute("aria-current", String(job.id === chosen));
  button.append(
    make("span", "name", job.name),
    make("span", `state ${job.state}`, words.states[job.state]),
    make("span", "when soft", outlook(job, place)),
  );
  if (ACTIVE.includes(job.state) || job.state === "paused") button.append(bar(job.progress));
  button.addEventListener("click", () => choose(job.id));
  const entry = document.createElement("li");
  entry.append(button);
  return entry;
}

function bar(value) {
  const made = document.createElement("progress");
  made.max = 1;
  made.value = value;
  return made;
}

function showList() {
  const focused = document.activeElement?.dataset?.id;
  let place = 0;
  at("jobs").replaceChildren(...sorted().map((job) => item(job, job.state === "queued" ? (place += 1) : 0)));
  at("jobs").querySelector(`[data-id="${focused}"]`)?.focus();
  const count = (states) => jobs.filter((job) => states.includes(job.state)).length;
  const facts = { running: count(ACTIVE), queued: count(["queued"]), all: jobs.length };
  at("count").textContent = jobs.length ? fill(words.count, facts) : words.none;
}

function showDetail() {
  const job = jobs.find((one) => one.id === chosen);
  at("detail").hidden = !job;
  if (!job) return;
  const place = sorted().filter((one) => one.state === "queued").indexOf(job) + 1;
  at("detail-title").textContent = job.name;
  at("detail-state").textContent = `${words.states[job.state]} · ${outlook(job, place)}`;
  at("detail-progress").hidden = ["done", "failed", "cancelled"].includes(job.state);
  at("detail-progress").value = job.progress;
  at("detail-progress").setAttribute("aria-label", job.name);
  const failure = job.failure;
  at("failure").hidden = !failure;
  at("failure").textContent = failure ? `${failure.text} ${failure.hint}` : "";
  at("facts").replaceChildren(...facts(job).flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]).reduce(pairs, []));
}

function pairs(groups, element) {
  if (element.tagName === "DT") groups.push(document.createElement("div"));
  groups.at(-1).append(element);
  return groups;
}

function facts(job) {
  const known = [[words.owner, job.owner], [words.devices, job.devices.join(", ")]];
  for (const time of ["created", "started", "ended"]) if (job[time]) known.push([words[time], moment(job[time])]);
  if (job.attempt > 1) known.push([words.attempt, String(job.attempt)]);
  for (const [name, title] of Object.entries(words.names)) {
    if (typeof job.summary[name] === "number") known.push([title, String(Number(job.summary[name].toPrecision(4)))]);
  }
  return known.filter(([, value]) => value);
}

function sentence(body) {
  switch (body.event) {
    case "state": return words.states[body.state];
    case "checkpoint": return fill(words.checkpoint, body);
    case "preview": return fill(words.preview, body);
    case "done": return words.finished;
    case "log": return body.text;
    case "failed": return `${body.text} ${body.hint}`;
    default: return null;
  }
}

function showNews() {
  const entries = heard.map((event) => {
    const entry = document.createElement("li");
    const time = make("time", "", new Date(event.time).toLocaleTimeString(language));
    time.dateTime = event.time;
    entry.append(time, make("span", "", sentence(event.body)));
    return entry;
  });
  at("news").replaceChildren(...entries.reverse());
  at("curve").hidden = !curves.points.size;
  curves.draw(words.steps, fill(words.chart, { values: curves.last }));
}

function show() {
  const known = Boolean(token.get());
  at("login").hidden = known;
  at("board").hidden = !known;
  at("leave").hidden = !known;
  showList();
  showDetail();
  showNews();
}

function hear(event) {
  if (event.body.event === "metrics") curves.add(event.body.step, event.body.values);
  if (sentence(event.body)) heard = [...heard.slice(1 - NEWS_MAX), event];
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    showNews();
  });
}

function choose(id) {
  chosen = id;
  following.abort();
  following = new AbortController();
  heard = [];
  curves.clear();
  show();
  if (id) follow(id, hear, following.signal);
}

async function look() {
  if (token.get() && !document.hidden) {
    try {
      jobs = await listJobs();
      notify("");
      const first = sorted()[0];
      if (!jobs.some((job) => job.id === chosen)) choose(first?.id ?? null);
      showList();
      showDetail();
    } catch (error) {
      if (error instanceof Unauthorised) leave(words.wrong);
      else notify(words.lost);
    }
  }
}

function leave(text) {
  token.forget();
  jobs = [];
  choose(null);
  notify(text);
  at("token").focus();
}

async function keepLooking() {
  await look();
  setTimeout(keepLooking, POLL_MS);
}

at("login").addEventListener("submit", (event) => {
  event.preventDefault();
  token.set(at("token").value.trim());
  at("token").value = "";
  show();
  at("main").focus();
  look();
});
at("leave").addEventListener("click", () => leave(""));
at("language").addEventListener("click", () => {
  language = language === "ko" ? "en" : "ko";
  localStorage.setItem(LANGUAGE, language);
  speak();
});
document.addEventListener("visibilitychange", look);
speak();
keepLooking();
