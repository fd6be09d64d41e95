// The clips of this run's folder: a list that keeps itself up to date, and a player.
//
// The server says in words how far each clip has come (GET api/clips); videos and reports are under clips/ID.

import { write } from "./panels.js";

const CONCERNS = /^(clip|upload|job|results)_/; // types of events after which the list is another one
const SETTLE = 300; // milliseconds: events come in groups, and the ledger is written just before or after
const AGAIN = 4000; // milliseconds after which a list with something under way is asked for again
const STEP = 5; // seconds
const USUAL_FPS = 30;
const byId = (id) => document.getElementById(id);

export class Clips {
  constructor() {
    this.rows = new Map(); // by id: {item, clip}
    this.chosen = null; // id
    this.playing = null; // id of the clip whose video is in the player
    this.timer = null;
    this.isAsking = false;
    this.player = new Player();
    byId("clips").onclick = ({ target }) => {
      const button = target.closest("button");
      if (button) this.choose(button.closest("li").dataset.clip);
    };
    this.soon(0);
  }

  // Called with each event of the server.
  hear(event) {
    if (CONCERNS.test(event.type)) this.soon(SETTLE);
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), wait);
  }

  async refresh() {
    if (this.isAsking) return this.soon(SETTLE);
    this.isAsking = true;
    try {
      const response = await fetch("api/clips");
      if (!response.ok) throw new Error(`refused (${response.status})`);
      this.show(await response.json());
    } catch {
      write(byId("clips-count"), "The list of clips could not be had: it may be old.");
      this.soon(AGAIN);
    } finally {
      this.isAsking = false;
    }
    return undefined;
  }

  show({ clips, older, problem }) {
    const known = this.rows;
    this.rows = new Map(clips.map((clip) => [clip.id, { item: known.get(clip.id)?.item ?? newRow(clip.id), clip }]));
    for (const { item, clip } of this.rows.values()) fill(item, clip);
    place(byId("clips"), [...this.rows.values()].map(({ item }) => item));
    write(byId("clips-count"), countText(clips.length, older, problem));
    this.follow();
    if (clips.some((clip) => clip.is_under_way)) this.soon(AGAIN);
  }

  choose(id) {
    if (id === this.playing) return this.player.toggle();
    this.chosen = id;
    this.playing = null;
    for (const { item, clip } of this.rows.values()) {
      const button = item.querySelector("button");
      if (clip.id === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    this.follow(true);
    return byId("clip-player").scrollIntoView({ block: "nearest" });
  }

  // Shows what is chosen as it is now: a clip may be finished, or deleted, meanwhile.
  follow(isAsked = false) {
    if (this.chosen === null) return;
    const clip = this.rows.get(this.chosen)?.clip;
    if (!clip && this.playing) return; // deleted, or among the older ones: what plays goes on
    if (!clip) this.player.clear("This clip is not in the list any more.");
    else if (!clip.can_play) {
      this.playing = null;
      this.player.clear(whyNot(clip));
    } else if (this.playing !== clip.id) {
      this.playing = clip.id;
      this.player.play(clip, isAsked);
    }
  }
}

class Player {
  constructor() {
    this.video = byId("clip-video");
    this.clip = null;
    this.fps = USUAL_FPS;
    this.video.onerror = () => this.explain();
    byId("clip-speed").onchange = () => this.setSpeed();
    byId("clip-marks").onclick = ({ target }) => {
      const button = target.closest("button");
      if (button) this.seek(Number(button.dataset.time));
    };
    byId("clip-player").parentElement.onkeydown = (event) => this.key(event);
    this.showMarks(null);
  }

  async play(clip, isAsked) {
    this.clip = clip;
    this.fps = clip.frames && clip.duration ? clip.frames / clip.duration : USUAL_FPS;
    this.video.hidden = false;
    byId("clip-empty").hidden = true;
    this.video.src = `clips/${clip.id}.mp4`;
    this.setSpeed();
    write(byId("clip-said"), `Clip of ${instant(clip.start)}.`);
    this.showMarks(null);
    if (isAsked) this.toggle();
    const told = await details(clip.id);
    if (this.clip !== clip) return;
    if (told?.notice) write(byId("clip-said"), `Clip of ${instant(clip.start)}. ${told.notice}`);
    this.showMarks(told?.marks ?? []);
  }

  clear(sentence) {
    if (this.clip) {
      this.clip = null;
      this.video.removeAttribute("src");
      this.video.load();
      this.showMarks(null);
    }
    this.video.hidden = true;
    byId("clip-empty").hidden = false;
    write(byId("clip-empty"), sentence);
    write(byId("clip-said"), "");
  }

  // Says why a video does not play: in the server's words, if it has any.
  async explain() {
    const clip = this.clip;
    if (!clip) return;
    let sentence = "This browser cannot play the clip.";
    try {
      const response = await fetch(`clips/${clip.id}.mp4`, { headers: { Range: "bytes=0-0" } });
      if (!response.ok) sentence = await response.text();
    } catch {
      sentence = "The server did not answer: the clip cannot be played.";
    }
    if (this.clip === clip) this.clear(sentence.trim());
  }

  showMarks(marks) {
    const items = (marks ?? []).map(({ time, text }) => {
      const [item, button] = [element("li"), element("button", `${clock(time)} ${text}`)];
      button.dataset.time = time;
      item.append(button);
      return item;
    });
    const none = marks === null ? "–" : "None in this clip.";
    byId("clip-marks").replaceChildren(...(items.length ? items : [element("li", none, "quiet")]));
  }

  setSpeed() {
    const speed = Number(byId("clip-speed").value);
    this.video.defaultPlaybackRate = speed; // which a new video begins with
    this.video.playbackRate = speed;
  }

  seek(time) {
    const { duration } = this.video;
    this.video.currentTime = Math.min(Math.max(time, 0), Number.isFinite(duration) ? duration : time);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.clip) return;
    if (event.target.matches("select")) return event.stopPropagation(); // letters choose there
    const isBrowsers = event.target === this.video; // which has arrows of its own for its player
    const act = {
      ...(isBrowsers ? {} : { ArrowLeft: () => this.seek(this.video.currentTime - STEP) }),
      ...(isBrowsers ? {} : { ArrowRight: () => this.seek(this.video.currentTime + STEP) }),
      ",": () => this.frameBy(-1 / this.fps),
      ".": () => this.frameBy(1 / this.fps),
      "[": () => this.speedBy(-1),
      "]": () => this.speedBy(1),
    }[event.key];
    if (!act) return undefined;
    event.preventDefault();
    return act();
  }

  // From a press: a browser that wants one on its own button first refuses.
  toggle() {
    if (this.video.paused) this.video.play().catch(() => {});
    else this.video.pause();
  }

  frameBy(seconds) {
    this.video.pause();
    this.seek(this.video.currentTime + seconds);
  }

  speedBy(steps) {
    const choice = byId("clip-speed");
    choice.selectedIndex = Math.min(Math.max(choice.selectedIndex + steps, 0), choice.options.length - 1);
    this.setSpeed();
  }
}

async function details(id) {
  try {
    const response = await fetch(`api/clips/${id}`);
    return response.ok ? (await response.json()).clip : null;
  } catch {
    return null;
  }
}

function newRow(id) {
  const item = element("li");
  item.dataset.clip = id;
  const [button, report] = [element("button"), element("a", "Report")];
  button.append(element("b"), element("span"), element("span", "", "why"));
  report.href = `clips/${id}/report`;
  report.target = "_blank";
  report.rel = "noopener";
  item.append(button, element("ul", "", "states"), report);
  return item;
}

function fill(item, clip) {
  const { words } = clip;
  const [began, facts, why] = item.querySelector("button").children;
  write(began, instant(clip.start));
  write(facts, [words.length, words.size].filter(Boolean).join(" · ") || "–");
  write(why, words.why);
  const told = [...words.states, ...(words.price ? [{ text: words.price, is_trouble: false }] : [])];
  const texts = told.map((each) => `${each.is_trouble ? "⚠ " : ""}${each.text}`);
  const states = item.querySelector(".states");
  while (states.children.length > texts.length) states.lastChild.remove();
  while (states.children.length < texts.length) states.append(element("li"));
  texts.forEach((text, index) => {
    write(states.children[index], text);
    states.children[index].toggleAttribute("data-is-trouble", told[index].is_trouble);
  });
  const report = item.querySelector("a");
  report.hidden = !clip.has_report;
  report.setAttribute("aria-label", `Report on the clip of ${instant(clip.start)}, in a new tab`);
}

// Puts rows in their order; those that stay where they are keep the focus, and are not read out again.
function place(list, items) {
  const wanted = items.length ? items : [element("li", "Nothing was recorded yet: the button Record, or --record, does.", "quiet")];
  for (const old of [...list.children]) if (!wanted.includes(old)) old.remove();
  wanted.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
}

function countText(shown, older, problem) {
  if (problem) return `${problem[0].toUpperCase()}${problem.slice(1)}.`.replace(/\.\.$/, ".");
  const count = shown === 1 ? "1 clip" : `${shown} clips`;
  const rest = older ? ` and ${older} older ${older === 1 ? "one, which is" : "ones, which are"} not shown here` : "";
  return `${count}, the newest first${rest}.`;
}

function whyNot(clip) {
  const reasons = {
    recording: "This clip is still being recorded: it can be played once it is finished.",
    finalising: "This clip is being finished: it can be played in a moment.",
    damaged: "No picture of this clip can be read.",
    purging: "This clip is being deleted.",
  };
  const elsewhere = clip.s3 ? `This clip is on S3 alone: ${clip.s3}` : "The video of this clip is not on this machine.";
  return reasons[clip.state] ?? elsewhere;
}

// An instant as the viewer's clock and the command line show it.
function instant(text) {
  const at = new Date(text);
  const two = (number) => String(number).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(":")}`;
}

function clock(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), (seconds % 60).toFixed(1).padStart(4, "0")];
  return `${minutes}:${rest}`;
}

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
