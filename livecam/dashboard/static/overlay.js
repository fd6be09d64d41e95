// Boxes and labels over the picture, in the canvas's own pixels: crisp on any screen.

import { ADJECTIVES, aside, claims, headline, isNew, scoresOf, short } from "./words.js";

const PLATE = "rgb(16 16 16 / 78%)"; // white text keeps 9:1 on it even over pure white
const STRONG = "#ffffff";
const QUIET = "#c9ced6";
const FRESH = "#f2f4f7";
const TRACK = "#6b7079";
const FACE = "system-ui, sans-serif";

// Where the picture lies in the canvas: whole, as large as can be, centred.
export function placeOf(bitmap, canvas) {
  const scale = Math.min(canvas.width / bitmap.width, canvas.height / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  return { left: (canvas.width - width) / 2, top: (canvas.height - height) / 2, width, height };
}

// look: {boxes, landmarks, bars, ids, ages, mirror, palette, ratio}
export function drawFaces(context, faces, place, look) {
  const size = fontSize(place, look.ratio);
  const areas = faces.map((face) => areaOf(face, place, look.mirror));
  const taken = [];
  if (look.boxes) faces.forEach((face, index) => drawBox(context, face, areas[index], look));
  if (look.landmarks) faces.forEach((face, index) => drawLandmarks(context, face, areas[index], { place, look }));
  faces.forEach((face, index) => {
    const others = [...areas, ...taken];
    const plate = choosePlate(context, face, areas[index], { place, size, look, others });
    taken.push(plate.area);
    drawPlate(context, face, plate, { size, look });
  });
  context.globalAlpha = 1;
}

export function colourOf(face, palette) {
  if (isNew(face)) return FRESH;
  return claims(face) ? palette[face.emotion] : palette.UNSURE;
}

function fontSize(place, ratio) {
  return Math.max(11 * ratio, Math.min(18 * ratio, place.height / 30));
}

function areaOf(face, place, isMirrored) {
  const [left, top, width, height] = face.box;
  const from = isMirrored ? 1 - left - width : left;
  return {
    left: place.left + from * place.width,
    top: place.top + top * place.height,
    width: width * place.width,
    height: height * place.height,
  };
}

function drawBox(context, face, area, look) {
  const stroke = Math.max(1, Math.min(2.5 * look.ratio, Math.min(area.width, area.height) / 20));
  const radius = Math.min(8 * look.ratio, Math.min(area.width, area.height) / 7);
  context.globalAlpha = face.box_opacity ?? 1;
  context.beginPath();
  context.roundRect(area.left, area.top, area.width, area.height, radius);
  context.setLineDash([]);
  context.lineWidth = stroke + 2 * look.ratio;
  context.strokeStyle = "rgb(0 0 0 / 65%)"; // shows on a picture of any brightness
  context.stroke();
  const isDashed = face.is_approximate || !claims(face);
  context.setLineDash(isDashed ? [4 * stroke, 3 * stroke] : []);
  context.lineWidth = claims(face) ? stroke : Math.max(1, stroke * 0.7);
  context.strokeStyle = colourOf(face, look.palette);
  context.stroke();
  context.setLineDash([]);
}

// Points of the face from its newest answer, which have moved with its box since; only while that is fresh.
function drawLandmarks(context, face, area, { place, look }) {
  const radius = Math.max(1.2 * look.ratio, Math.min(3 * look.ratio, area.width / 60));
  context.globalAlpha = face.opacity ?? 1;
  for (const [x, y] of face.landmarks ?? []) {
    const left = place.left + (look.mirror ? 1 - x : x) * place.width;
    const top = place.top + y * place.height;
    context.beginPath();
    context.arc(left, top, radius + look.ratio, 0, 2 * Math.PI);
    context.fillStyle = "rgb(0 0 0 / 65%)"; // shows on a picture of any brightness
    context.fill();
    context.beginPath();
    context.arc(left, top, radius, 0, 2 * Math.PI);
    context.fillStyle = STRONG;
    context.fill();
  }
}

// The most telling form that has a place of its own; else the shortest where it hides least.
function choosePlate(context, face, area, { place, size, look, others }) {
  let best = null;
  for (const form of look.bars ? ["bars", "full", "short"] : ["full", "short"]) {
    const plate = measured(context, face, form, size, look);
    for (const at of placesBeside(area, plate, size * 0.4)) {
      const spot = inside({ ...at, width: plate.width, height: plate.height }, place);
      const hidden = others.reduce((sum, other) => sum + shared(spot, other), 0);
      if (!best || hidden < best.hidden) best = { ...plate, area: spot, hidden };
      if (hidden === 0) return best;
    }
  }
  return best;
}

function measured(context, face, form, size, look) {
  const lines = [{ text: form === "short" ? short(face) : headline(face), isStrong: true }];
  const more = form === "short" ? "" : aside(face, look);
  if (more) lines.push({ text: more, isStrong: false });
  const bars = form === "bars" ? scoresOf(face) : [];
  const widths = lines.map((line) => {
    context.font = fontOf(line.isStrong && claims(face), line.isStrong ? size : size * 0.85);
    return context.measureText(line.text).width;
  });
  const width = Math.max(...widths, bars.length ? size * 11 : 0) + size * 1.1;
  const height = lines.length * size * 1.3 + bars.length * size * 1.15 + size * 0.5;
  return { lines, bars, width, height };
}

function placesBeside(area, plate, gap) {
  const right = area.left + area.width;
  const bottom = area.top + area.height;
  return [
    { left: area.left, top: area.top - plate.height - gap },
    { left: area.left, top: bottom + gap },
    { left: right + gap, top: area.top },
    { left: area.left - plate.width - gap, top: area.top },
    { left: right - plate.width, top: area.top - plate.height - gap },
    { left: right - plate.width, top: bottom + gap },
  ];
}

function inside(area, place) {
  const within = (from, least, most) => Math.max(least, Math.min(from, most));
  return {
    ...area,
    left: within(area.left, place.left, place.left + place.width - area.width),
    top: within(area.top, place.top, place.top + place.height - area.height),
  };
}

function shared(one, other) {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return width > 0 && height > 0 ? width * height : 0;
}

function drawPlate(context, face, { area, lines, bars }, { size, look }) {
  context.globalAlpha = Math.max(0.35, face.opacity ?? 1);
  context.fillStyle = PLATE;
  context.beginPath();
  context.roundRect(area.left, area.top, area.width, area.height, size * 0.25);
  context.fill();
  context.fillStyle = colourOf(face, look.palette);
  context.fillRect(area.left, area.top, size * 0.25, area.height);
  context.textBaseline = "alphabetic";
  const left = area.left + size * 0.6;
  let base = area.top + size * 1.2;
  for (const line of lines) {
    context.font = fontOf(line.isStrong && claims(face), line.isStrong ? size : size * 0.85);
    context.fillStyle = line.isStrong && claims(face) ? STRONG : QUIET;
    context.fillText(line.text, left, base);
    base += size * 1.3;
  }
  drawBars(context, bars, { left, base: base - size * 0.1, size, palette: look.palette });
}

function drawBars(context, bars, { left, base, size, palette }) {
  context.font = fontOf(false, size * 0.85);
  bars.forEach(([emotion, confidence], index) => {
    const at = base + index * size * 1.15;
    context.fillStyle = QUIET;
    context.textAlign = "left";
    context.fillText(ADJECTIVES[emotion], left, at);
    context.textAlign = "right";
    context.fillText(confidence.toFixed(0), left + size * 11, at);
    context.textAlign = "left";
    context.fillStyle = TRACK;
    context.fillRect(left + size * 4.6, at - size * 0.5, size * 4.6, size * 0.42);
    context.fillStyle = palette[emotion];
    context.fillRect(left + size * 4.6, at - size * 0.5, (size * 4.6 * Math.min(100, Math.max(0, confidence))) / 100, size * 0.42);
  });
}

function fontOf(isBold, size) {
  return `${isBold ? "600 " : ""}${size.toFixed(1)}px ${FACE}`;
}
