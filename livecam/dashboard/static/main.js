// Wires the page: the live picture, the panels' state (events of the server) and the controls.

import { Clips } from "./clips.js";
import { Camera } from "./camera.js";
import { Controls, freezing, keys, toggles } from "./controls.js";
import { LiveView } from "./live.js";
import { Panels, troubleOf, write } from "./panels.js";
import { ADJECTIVES } from "./words.js";

const SILENCE = 5000; // milliseconds without a word from the server that are worth one
const byId = (id) => document.getElementById(id);

byId("elsewhere").hidden = /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);

window.livecam = { drawn: null, panel: null, isConnected: false };

function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name.toLowerCase()}`).trim();
  return Object.fromEntries([...Object.keys(ADJECTIVES), "UNSURE"].map((name) => [name, colour(name)]));
}

const colours = palette();
const panels = new Panels(colours);
const controls = new Controls();
const clips = new Clips();
const chosen = toggles(() => live.draw());
let heardAt = performance.now();
let lost = null; // what to say while there is no connection

const live = new LiveView(byId("picture"), {
  toggles: chosen,
  palette: colours,
  onLink: (isUp) => {
    window.livecam.isConnected = isUp;
    if (isUp) lost = null;
    else explainLoss();
    showTrouble();
  },
  onDrawn: (frame) => {
    byId("waiting").hidden = true;
    camera.annotate(frame);
    const mirror = document.querySelector("[data-toggle=mirror]");
    if (chosen.mirror === null) mirror.checked = Boolean(frame.mirror);
  },
});
const camera = new Camera({ chosen, palette: colours, live });
freezing(live);
keys();
listen();
setInterval(showTrouble, 1000);

// Events of the server; the browser itself connects again, but gives up after some answers: then it is begun anew.
function listen() {
  const stream = new EventSource("events");
  stream.addEventListener("panel", ({ data }) => {
    heardAt = performance.now();
    const state = JSON.parse(data);
    window.livecam.panel = state;
    panels.show(state);
    controls.show(state.controls);
    showTrouble();
  });
  stream.addEventListener("livecam", ({ data }) => clips.hear(JSON.parse(data)));
  stream.onopen = () => clips.soon(0); // after a time without a word
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}

// A refused page must be opened anew; anything else comes back by itself.
async function explainLoss() {
  const hasEnded = window.livecam.panel?.source?.state === "ended";
  lost = hasEnded ? "The run has ended. No connection: trying again." : "No connection: trying again.";
  try {
    const response = await fetch("api/controls");
    if (response.status === 401 || response.status === 403) {
      lost = "livecam was started anew: open the address that it printed.";
    }
  } catch {
    // Not reachable: what is said already is right.
  }
  showTrouble();
}

function showTrouble() {
  const isSilent = performance.now() - heardAt > SILENCE;
  const silence = isSilent ? "The server has said nothing for some seconds: figures may be old." : null;
  const sentence = lost ?? silence ?? (window.livecam.panel ? troubleOf(window.livecam.panel) : null);
  byId("trouble").toggleAttribute("data-is-on", Boolean(sentence));
  write(byId("trouble-text"), sentence ?? "All is well.");
}
