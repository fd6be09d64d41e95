// Numbers and choices that change the run's calls. A value goes to the server when it is done, not while it is
// typed; what the server refuses is told beside its field, and the field says again what holds.

import { write } from "./panels.js";

const byId = (id) => document.getElementById(id);

export class CallFields {
  // ask(name, value): asks the server; resolves to its answer, {now} or {error}.
  constructor(ask) {
    this.ask = ask;
    this.now = {};
    this.edited = new Set(); // names of fields whose text is not sent yet
    this.waiting = new Map(); // name: the newest value to be sent while another one is under way
    this.said = new Map(); // name: {value, text}, what came of the newest change, for as long as that value holds
    this.fields = [...document.querySelectorAll("[data-setting]")];
    for (const field of this.fields) {
      field.oninput = () => this.edited.add(field.dataset.setting);
      field.onchange = () => this.commit(field);
      field.onkeydown = ({ key }) => {
        if (key === "Escape") this.restore(field);
        if (key === "Enter") this.commit(field);
      };
      field.onblur = () => this.edited.has(field.dataset.setting) && this.commit(field);
    }
  }

  show(now) {
    this.now = now;
    for (const field of this.fields) {
      const name = field.dataset.setting;
      const control = now[name];
      if (!control) continue;
      if (field.tagName === "SELECT") offer(field, control.choices ?? []);
      else limit(field, control);
      const isBusy = this.edited.has(name) || this.waiting.has(name);
      if (!isBusy) fill(field, control.value);
      if (this.said.get(name)?.value !== control.value) this.say(name);
    }
  }

  // Sends what stands in a field; of what comes meanwhile, the newest.
  async commit(field) {
    const name = field.dataset.setting;
    if (!this.edited.delete(name)) return;
    if (field.validity.badInput) {
      this.restore(field);
      this.say(name, "That is no number: nothing was changed.", true);
      return;
    }
    const wanted = valueOf(field);
    if (this.waiting.has(name)) {
      this.waiting.set(name, wanted);
      return;
    }
    let value = wanted;
    let answer = null;
    do {
      this.waiting.set(name, value);
      answer = await this.ask(name, value);
      const next = this.waiting.get(name);
      this.waiting.delete(name);
      if (Object.is(next, value)) break;
      value = next;
    } while (true);
    if (answer.error) this.say(name, sentence(answer.error), true);
    else this.say(name, lessThan(value, answer.now[name]));
    if (!this.edited.has(name)) fill(field, this.now[name]?.value);
  }

  restore(field) {
    const name = field.dataset.setting;
    this.edited.delete(name);
    fill(field, this.now[name]?.value);
    this.say(name);
  }

  // Without a text: what is to be known of the field anyway.
  say(name, text = "", isError = false) {
    if (text) this.said.set(name, { value: this.now[name]?.value, text });
    else this.said.delete(name);
    const place = byId(`${name}-told`);
    place.toggleAttribute("data-is-error", isError);
    document.querySelector(`[data-setting=${name}]`).setAttribute("aria-invalid", String(isError));
    write(place, text || hint(name, this.now));
  }
}

function valueOf(field) {
  if (field.tagName === "SELECT") return field.value;
  return field.value === "" ? null : field.valueAsNumber;
}

function fill(field, value) {
  const text = value === null || value === undefined ? "" : String(value);
  if (field.value !== text) field.value = text;
}

function offer(select, choices) {
  const present = [...select.options].map((option) => option.value);
  if (present.join("\n") === choices.join("\n")) return;
  select.replaceChildren(...choices.map((name) => new Option(name, name)));
}

function limit(field, control) {
  field.readOnly = Boolean(control.obstacle);
  field.placeholder = control.may_be_none && !control.obstacle ? "no limit" : "";
  for (const [name, value] of [["min", control.least], ["max", control.most], ["step", control.step]]) {
    if (value !== undefined && field[name] !== String(value)) field[name] = value;
  }
}

// What is said beside a field while nothing was refused.
function hint(name, now) {
  const control = now[name];
  if (control?.obstacle) return sentence(control.obstacle);
  const [own, standIn] = now.detector?.choices ?? [];
  const isHeld = Boolean(standIn) && now.detector.value === standIn;
  if (name === "rate") return isHeld ? `Of ${own}, once it is asked again.` : "Empty: as many as are usual.";
  if (name === "budget") return "Empty: no limit.";
  return isHeld ? `Nothing is sent to ${own}.` : "";
}

// Only the rate can be less than was asked for.
function lessThan(wanted, { value }) {
  return wanted !== null && value < wanted ? `${value} it is: the quota allows no more.` : "";
}

function sentence(text) {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
