/** Losses over steps as lines of an SVG. */
const SVG = "http://www.w3.org/2000/svg";
const BOX = { left: 62, right: 628, top: 12, bottom: 222, label: 250 };
const LINES_MAX = 4;
const POINTS_MAX = 600;

export class Curves {
  constructor(svg, legend) {
    this.svg = svg;
    this.legend = legend;
    this.clear();
  }

  clear() {
    this.points = new Map();
    this.svg.replaceChildren();
    this.legend.replaceChildren();
  }

  /** Take in the values of a step; a step that is repeated after a pause counts as it was the last time. */
  add(step, values) {
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) continue;
      if (!this.points.has(name) && this.points.size >= LINES_MAX) continue;
      const line = this.points.get(name) ?? [];
      while (line.length && line.at(-1)[0] >= step) line.pop();
      line.push([step, value]);
      this.points.set(name, line);
    }
  }

  get last() {
    return [...this.points].map(([name, line]) => `${name} ${line.at(-1)[1].toPrecision(3)}`).join(", ");
  }

  draw(steps, title) {
    const all = [...this.points.values()].flat();
    if (!all.length) return;
    const x = scale(all.map((point) => point[0]), BOX.left, BOX.right);
    const y = scale(all.map((point) => point[1]), BOX.bottom, BOX.top);
    const lines = [...this.points.values()].map((line, index) => polyline(thin(line), x, y, index));
    this.svg.replaceChildren(...rows(y), ...columns(x), ...lines, text(steps, BOX.right, BOX.label + 6, "end"));
    this.svg.setAttribute("aria-label", title);
    this.legend.replaceChildren(...[...this.points.keys()].map(label));
  }
}

function scale(values, from, to) {
  let low = 0; // losses are seen against nothing, steps from the beginning
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) [low, high] = [low - 1, high + 1];
  const at = (value) => from + ((value - low) / (high - low)) * (to - from);
  return { at, ticks: ticks(low, high) };
}

function ticks(low, high) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const found = [];
  for (let tick = Math.ceil(low / step); tick * step <= high; tick += 1) found.push(tick * step);
  return found;
}

function thin(line) {
  const every = Math.ceil(line.length / POINTS_MAX);
  return line.filter((_, index) => index % every === 0 || index === line.length - 1);
}

function polyline(line, x, y, index) {
  const points = line.map(([step, value]) => `${x.at(step).toFixed(1)},${y.at(value).toFixed(1)}`);
  return element("polyline", { points: points.join(" "), class: `line-${index}` });
}

function rows(y) {
  return y.ticks.flatMap((tick) => {
    const at = y.at(tick);
    const line = element("line", { class: "grid", x1: BOX.left, x2: BOX.right, y1: at, y2: at });
    return [line, text(number(tick), BOX.left - 8, at + 5, "end")];
  });
}

function columns(x) {
  return x.ticks.filter((tick) => Number.isInteger(tick) && x.at(tick) < BOX.right - 70)
    .map((tick) => text(number(tick), x.at(tick), BOX.label - 6, "middle"));
}

function number(value) {
  return String(Number(value.toPrecision(4)));
}

function text(content, x, y, anchor) {
  const made = element("text", { x, y, "text-anchor": anchor });
  made.textContent = content;
  return made;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function label(name, index) {
  const made = document.createElement("span");
  made.className = `line-${index}`;
  made.textContent = name;
  return made;
}
