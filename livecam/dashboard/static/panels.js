// What the panels say. The state is a livecam.panel/1 object; what it lacks is shown as a dash.

import { drawLatency, drawSplit, PART_COLOURS } from "./chart.js";
import { drawEmotions } from "./timeline.js";
import { ADJECTIVES, aside, clockText, dollars, headline, milliseconds, spanOf } from "./words.js";

const LEAST_TOLD = 0.001; // seconds of a part of a call that is worth a word
const byId = (id) => document.getElementById(id);

export class Panels {
  constructor(palette) {
    this.palette = palette;
    this.state = null;
    this.newestEvent = null;
    byId("emotion-legend").replaceChildren(
      ...Object.entries(ADJECTIVES).map(([name, word]) => keyed(palette[name], word)),
      keyed(palette.UNSURE, "unclear"),
    );
    for (const radio of document.querySelectorAll("[name=span]")) radio.onchange = () => this.draw();
    new ResizeObserver(() => this.draw()).observe(byId("emotions"));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  show(state) {
    this.state = state;
    const { source = {}, recording = {}, latency = {} } = state;
    set("source", [source.name, source.state].filter(Boolean).join(" · "));
    set("recorded", clockText(recording.seconds ?? 0));
    byId("recording").hidden = typeof recording.seconds !== "number";
    byId("notice").hidden = !source.notice;
    set("notice", source.notice ?? "");
    set("p50", milliseconds(latency.p50));
    set("p95", milliseconds(latency.p95));
    list("now", nowRows(state));
    list("cost", costRows(state.cost));
    this.showSplit(latency.timing ?? []);
    const drawn = window.livecam.isFrozen ? null : window.livecam.drawn; // a frozen picture is not now
    this.showFaces(drawn?.faces ?? state.faces ?? []);
    this.showEvents(state.events ?? [], state.at);
    this.draw();
  }

  draw() {
    if (!this.state) return;
    const { state, palette } = this;
    const colours = schemeColours();
    const span = document.querySelector("[name=span]:checked").value;
    const latency = { now: state.at, span: span === "minute" ? 60 : 600, colours };
    drawLatency(byId("latency"), state.history?.[span], latency);
    drawSplit(byId("split"), told(state.latency?.timing ?? []), { palette, colours });
    drawEmotions(byId("emotions"), state.emotions ?? [], { now: state.at, uptime: state.uptime, palette });
  }

  showSplit(timing) {
    const parts = told(timing);
    const items = parts.map((each, index) =>
      keyed(this.palette[PART_COLOURS[index % PART_COLOURS.length]], `${each.part} ${milliseconds(each.seconds)}`),
    );
    byId("split-legend").replaceChildren(...(items.length ? items : [element("li", "No call was answered yet.")]));
    const words = parts.map((each) => `${each.part} ${milliseconds(each.seconds)}`).join(", ");
    byId("split").setAttribute("aria-label", `Parts of a call: ${words || "none yet"}`);
  }

  showFaces(faces) {
    const items = faces.map((face) => element("li", [`#${face.track_id} ${headline(face)}`, aside(face, { ids: false })].filter(Boolean).join(" · ")));
    byId("faces").replaceChildren(...(items.length ? items : [element("li", "Nobody is seen.", "quiet")]));
  }

  showEvents(events, now) {
    const newest = events.at(-1)?.number ?? null;
    const ages = byId("events").querySelectorAll("time");
    if (newest === this.newestEvent && ages.length) {
      [...events].reverse().forEach((event, index) => (ages[index].textContent = ago(now - event.at)));
      return; // rows stay as they are: nobody loses the place at which they read
    }
    this.newestEvent = newest;
    const rows = [...events].reverse().map((event) => {
      const row = element("li", "");
      row.append(element("time", ago(now - event.at)), element("span", `${event.is_trouble ? "⚠ " : ""}${event.text}`));
      return row;
    });
    byId("events").replaceChildren(...(rows.length ? rows : [element("li", "Nothing yet.", "quiet")]));
  }
}

// The sentence that must be seen now; null when all is well.
export function troubleOf(state) {
  const { cloud = {}, recording = {}, calls = {} } = state;
  if (state.trouble) return state.trouble;
  if (cloud.circuit === "open") return cloud.message; // without a countdown: it would be read out every second
  if (recording.trouble) return recording.trouble;
  return typeof calls.pace === "number" ? `Calls are slowed to ${calls.pace.toFixed(1)} per second.` : null;
}

function nowRows({ frames = {}, counts = {}, calls = {}, detector = {}, cloud = {} }) {
  const reasons = Object.entries(counts.dropped ?? {}).map(([reason, number]) => `${number} ${reason}`);
  const failures = Object.entries(counts.failed ?? {}).map(([reason, number]) => `${number} ${reason}`);
  const behind = typeof frames.delay === "number" ? `${frames.delay.toFixed(2)} s behind (aligned)` : "live";
  const payload = cloud.payload ? `${cloud.payload.width} px wide, quality ${cloud.payload.quality}` : "–";
  return [
    ["Pictures", `${number(frames.fps, 1)} a second · ${behind}`],
    ["Dropped", withReasons(frames.dropped ?? 0, reasons)],
    ["Detector", detector.stand_in ? `${detector.stand_in} stands in for ${detector.name}` : (detector.name ?? "–")],
    ["Calls", calls.is_paused ? "sending is paused" : `${callRate(calls)} · ${calls.ok ?? 0} answered`],
    ["Failed", withReasons(calls.failed ?? 0, failures)],
    ["Cloud", cloud.circuit === "open" ? `${cloud.error}: tried again in ${Math.ceil(cloud.retry_in ?? 0)} s` : "no trouble"],
    ["Sent", payload],
  ];
}

function costRows(cost) {
  if (!cost) return [["This run", "nothing: no paid calls"], ["An hour", "–"], ["Left", "–"]];
  return [
    ["This run", dollars(cost.usd)],
    ["An hour", `${dollars(cost.per_hour_usd)} at the present pace`],
    ["Left", leftOf(cost)],
  ];
}

function callRate(calls) {
  if (typeof calls.rate !== "number") return "none just now";
  const asked = typeof calls.asked_rate === "number" ? ` of ${calls.asked_rate}` : "";
  return `${number(calls.rate, 1)}${asked} a second`;
}

function leftOf({ left_usd: left, limit_usd: limit, lasts }) {
  if (typeof left !== "number") return "no budget is set";
  const until = typeof lasts === "number" && left > 0 ? `, lasts ${spanOf(lasts)}` : "";
  const whole = typeof limit === "number" ? `this run may cost ${dollars(limit)}` : "of the day's budget";
  return `${dollars(left)}${until} · ${whole}`; // what is left is of the narrower one, of run and day
}

function withReasons(count, reasons) {
  return reasons.length ? `${count} (${reasons.join(", ")})` : String(count);
}

function number(value, digits) {
  return typeof value === "number" ? value.toFixed(digits) : "–";
}

function told(timing) {
  return timing.filter((each) => each.seconds >= LEAST_TOLD);
}

function ago(seconds) {
  return seconds < 60 ? `${Math.max(0, Math.floor(seconds))} s ago` : `${Math.floor(seconds / 60)} min ago`;
}

function schemeColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "quiet", "line", "p50", "p95"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function list(id, rows) {
  const place = byId(id);
  if (place.children.length !== rows.length) {
    place.replaceChildren(...rows.map(([name]) => {
      const row = element("div", "");
      row.append(element("dt", name), element("dd", ""));
      return row;
    }));
  }
  rows.forEach(([, text], index) => write(place.children[index].lastChild, text));
}

function keyed(colour, text) {
  const item = element("li", "");
  const key = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const square = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  key.setAttribute("viewBox", "0 0 12 12");
  key.setAttribute("aria-hidden", "true");
  for (const [name, value] of [["x", 1], ["y", 1], ["width", 10], ["height", 10], ["fill", colour]]) square.setAttribute(name, value);
  key.append(square);
  item.append(key, text);
  return item;
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function set(id, text) {
  write(byId(id), text);
}

// Nothing is written that stands there already: a screen reader would say it again.
export function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
