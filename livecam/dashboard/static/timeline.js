// What each face appeared to express over the last minutes: a row per face, a bar per spell.

import { prepared } from "./chart.js";
import { ADJECTIVES } from "./words.js";

const SPAN = 600; // seconds that the server keeps
const LEAST_SPAN = 60;
const LEFT = 44; // CSS pixels for the faces' numbers
const BOTTOM = 20;
const MOST_ROW = 26;
const MOST_FACES = 12; // that the server keeps

// faces: [{track_id, spells: [[begin, end, emotion or null, highest score or null], ...]}]
export function drawEmotions(canvas, faces, { now, uptime, palette }) {
  const { context, width, height } = prepared(canvas);
  const span = Math.min(SPAN, Math.max(LEAST_SPAN, Math.ceil((uptime ?? 0) / 60) * 60));
  const x = (at) => LEFT + Math.max(0, 1 - (now - at) / span) * (width - LEFT - 8);
  const row = Math.min(MOST_ROW, (height - BOTTOM - 4) / Math.max(1, Math.min(faces.length, MOST_FACES)));
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  drawAxis(context, { x, now, span, height });
  faces.slice(-MOST_FACES).forEach((face, index) => {
    const top = 4 + index * row;
    context.fillStyle = "#eceff3";
    context.textAlign = "right";
    context.fillText(`#${face.track_id}`, LEFT - 8, top + row / 2);
    for (const spell of face.spells) drawSpell(context, spell, { x, top, row, palette });
  });
  if (!faces.length) {
    context.fillStyle = "#c9ced6";
    context.textAlign = "center";
    context.fillText("No face has been scored in this time.", width / 2, (height - BOTTOM) / 2);
  }
}

function drawSpell(context, [begin, end, emotion], { x, top, row, palette }) {
  const left = x(begin);
  const width = Math.max(2, x(end) - left);
  context.fillStyle = palette[emotion] ?? palette.UNSURE;
  const inset = emotion ? 2 : row * 0.35; // unclear is thin: it says less
  context.fillRect(left, top + inset, width, row - 2 * inset);
  const word = ADJECTIVES[emotion];
  if (word && row > 14 && context.measureText(word).width + 8 < width) {
    context.fillStyle = "#101010";
    context.textAlign = "left";
    context.fillText(word, left + 4, top + row / 2 + 0.5);
  }
}

function drawAxis(context, { x, now, span, height }) {
  const minute = span > 120 ? 60 : 15;
  context.strokeStyle = "rgb(138 147 160 / 35%)";
  context.lineWidth = 1;
  for (let ago = 0; ago <= span; ago += span > 300 ? 120 : minute) {
    const at = Math.round(x(now - ago)) + 0.5;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, height - BOTTOM);
    context.stroke();
    context.fillStyle = "#c9ced6";
    context.textAlign = ago === 0 ? "right" : ago >= span ? "left" : "center";
    context.fillText(ago === 0 ? "now" : span > 120 ? `−${ago / 60} min` : `−${ago} s`, at, height - 9);
  }
}
