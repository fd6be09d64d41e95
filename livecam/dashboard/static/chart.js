// Latency over the last minutes, and the parts of a call, on canvases in the screen's own pixels.

const MARGIN = { left: 46, right: 6, top: 8, bottom: 18 }; // CSS pixels
export const PART_COLOURS = ["CONFUSED", "SURPRISED", "CALM", "FEAR", "HAPPY", "SAD", "ANGRY", "DISGUSTED"];

// Returns a context whose unit is a CSS pixel, cleared, with the canvas's size.
export function prepared(canvas) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [pixels, rows] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== pixels) canvas.width = pixels;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

// timeline: {width: seconds of a slice, slices: [{at, p50, p95}]}; colours: {ink, quiet, line, p50, p95}.
export function drawLatency(canvas, timeline, { now, span, colours }) {
  const { context, width, height } = prepared(canvas);
  const slices = timeline?.slices ?? [];
  const highest = Math.max(0.05, ...slices.map((slice) => slice.p95 ?? 0));
  const step = niceStep(highest / 3);
  const top = Math.ceil(highest / step) * step;
  const room = { width: width - MARGIN.left - MARGIN.right, height: height - MARGIN.top - MARGIN.bottom };
  const x = (at) => MARGIN.left + Math.max(0, 1 - (now - at) / span) * room.width;
  const y = (seconds) => MARGIN.top + (1 - seconds / top) * room.height;

  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.lineWidth = 1;
  for (let level = 0; level <= top + step / 2; level += step) {
    context.strokeStyle = colours.line;
    line(context, [[MARGIN.left, Math.round(y(level)) + 0.5], [width - MARGIN.right, Math.round(y(level)) + 0.5]]);
    context.fillStyle = colours.quiet;
    context.fillText(`${Math.round(level * 1000)}${level === 0 ? " ms" : ""}`, MARGIN.left - 6, y(level));
  }
  context.fillText("now", width - MARGIN.right, height - 7);
  context.textAlign = "left";
  context.fillText(span > 60 ? `${span / 60} min ago` : `${span} s ago`, MARGIN.left, height - 7);

  for (const name of ["p95", "p50"]) {
    context.setLineDash(name === "p95" ? [5, 3] : []);
    context.strokeStyle = colours[name];
    context.lineWidth = 2;
    const middle = (slice) => Math.min(now, slice.at + timeline.width / 2);
    // A slice without a call leaves no gap: calls may be rarer than slices.
    line(context, slices.filter((slice) => slice[name] !== null).map((slice) => [x(middle(slice)), y(slice[name])]));
  }
  context.setLineDash([]);
}

// parts: [{part, seconds}] in the order of the call.
export function drawSplit(canvas, parts, { palette, colours }) {
  const { context, width, height } = prepared(canvas);
  const whole = parts.reduce((sum, each) => sum + each.seconds, 0);
  context.fillStyle = colours.line;
  context.fillRect(0, 0, width, height);
  if (whole <= 0) return;
  let left = 0;
  parts.forEach((each, index) => {
    const length = (each.seconds / whole) * width;
    context.fillStyle = palette[PART_COLOURS[index % PART_COLOURS.length]];
    context.fillRect(left, 0, length, height);
    context.fillStyle = colours.ink;
    if (index) context.fillRect(left - 0.5, 0, 1, height);
    left += length;
  });
  context.strokeStyle = colours.ink;
  context.lineWidth = 1;
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
}

function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= least);
}

function line(context, points) {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  if (points.length === 1) context.arc(points[0][0], points[0][1], 1.5, 0, 2 * Math.PI);
  context.stroke();
}
