// Buttons that change the run, toggles that change this page, and the keys for both.

import { CallFields } from "./call_fields.js";
import { write } from "./panels.js";

const byId = (id) => document.getElementById(id);
const KEYS = { p: "pause_sending", a: "mode", r: "record", s: "snapshot", o: "overlay", b: "bars", m: "mirror", h: "help", " ": "freeze" };
const STORED = "livecam.view";

export class Controls {
  constructor() {
    this.now = {}; // by name: {value, obstacle}, as the server says
    this.fields = new CallFields((name, value) => this.ask(name, value));
    for (const button of document.querySelectorAll("[data-control]")) button.onclick = () => this.press(button);
    byId("mark").onsubmit = (event) => this.mark(event);
    byId("stop").onclick = () => byId("stop-dialog").showModal();
    byId("stop-dialog").onclose = () => {
      if (byId("stop-dialog").returnValue === "stop") this.perform("stop", null, () => "The run is ending.");
      byId("stop-dialog").returnValue = "";
    };
  }

  show(now) {
    this.now = now ?? {};
    press("pause_sending", Boolean(this.holds("pause_sending")));
    press("mode", this.holds("mode") === "aligned");
    press("record", Boolean(this.holds("record")));
    this.fields.show(this.now);
    for (const button of document.querySelectorAll("[data-control]")) {
      button.toggleAttribute("data-has-obstacle", Boolean(this.now[button.dataset.control]?.obstacle));
    }
  }

  holds(name) {
    return this.now[name]?.value ?? null;
  }

  press(button) {
    const name = button.dataset.control;
    if (button.getAttribute("aria-busy") === "true") return undefined;
    const obstacle = this.now[name]?.obstacle;
    if (obstacle) return this.tell(`Not possible: ${obstacle}.`, true);
    const wanted = {
      pause_sending: !this.holds("pause_sending"),
      mode: this.holds("mode") === "aligned" ? "live" : "aligned",
      record: !this.holds("record"),
      snapshot: null,
    }[name];
    const done = name === "snapshot" ? () => `Saved as ${this.holds("snapshot")}, where livecam was started.` : () => "";
    button.setAttribute("aria-busy", "true");
    return this.perform(name, wanted, done).finally(() => button.removeAttribute("aria-busy"));
  }

  async mark(event) {
    event.preventDefault();
    const field = byId("mark-text");
    if (await this.perform("mark", field.value, () => `Marked: ${field.value}`)) field.value = "";
  }

  // Asks the server for a change; says in a sentence what came of it. Returns whether it was done.
  async perform(name, value, done) {
    const { error } = await this.ask(name, value);
    return error ? this.tell(error, true) : this.tell(done());
  }

  // Asks the server for a change; returns what holds now, {now}, or the sentence that refuses it, {error}.
  async ask(name, value) {
    try {
      const response = await fetch(`api/controls/${name}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ value }),
      });
      const answer = await response.json();
      if (!response.ok || !answer.ok) return { error: answer.error ?? `The server refused (${response.status}).` };
      this.show(answer.now);
      return answer;
    } catch {
      return { error: "The server did not answer: nothing was changed." };
    }
  }

  tell(sentence, isError = false) {
    const place = byId("answer");
    place.toggleAttribute("data-is-error", isError);
    write(place, sentence);
    return !isError;
  }
}

// What this viewer wants to see; remembered by the browser. "mirror" is null until chosen: then as the run says.
export function toggles(onChange) {
  const chosen = { overlay: true, bars: false, mirror: null, boxes: true, landmarks: false, ids: true, ages: true, ...remembered() };
  for (const box of document.querySelectorAll("[data-toggle]")) {
    box.checked = Boolean(chosen[box.dataset.toggle]);
    box.onchange = () => {
      chosen[box.dataset.toggle] = box.checked;
      remember(chosen);
      onChange();
    };
  }
  return chosen;
}

// Holds the picture of this page, and of no other; the run goes on.
export function freezing(live) {
  byId("freeze").checked = false; // a reload shows what is now
  byId("freeze").onchange = () => {
    window.livecam.isFrozen = byId("freeze").checked;
    byId("frozen").hidden = !window.livecam.isFrozen;
    live.isFrozen = window.livecam.isFrozen;
  };
}

export function keys() {
  const isWanted = byId("shortcuts");
  byId("help-open").onclick = () => byId("help").showModal();
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input[type=text], input[type=number], select, dialog");
    const isPressing = event.key === " " && event.target.closest("button, input, a, summary, video, [tabindex]");
    if (isTyping || isPressing || !isWanted.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const name = KEYS[event.key];
    if (name === "help") byId("help").showModal();
    else if (name === "freeze") {
      event.preventDefault(); // space would scroll
      byId("freeze").click();
    } else if (name) document.querySelector(`[data-control=${name}], [data-toggle=${name}]`).click();
  });
}

// Shows a button pressed or not; its words stay, so that "pressed" says one thing only.
function press(name, isOn) {
  const button = document.querySelector(`[data-control=${name}]`);
  if (button.getAttribute("aria-pressed") !== String(isOn)) button.setAttribute("aria-pressed", String(isOn));
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {};
  }
}

function remember(chosen) {
  try {
    localStorage.setItem(STORED, JSON.stringify(chosen));
  } catch {
    // A browser that keeps nothing is fine: the page begins anew next time.
  }
}
