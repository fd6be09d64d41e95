// The words for emotions, as on the overlay (livecam/overlay/wording.py; a test holds them equal).

export const ADJECTIVES = {
  HAPPY: "happy",
  SAD: "sad",
  ANGRY: "angry",
  CONFUSED: "confused",
  DISGUSTED: "disgusted",
  SURPRISED: "surprised",
  CALM: "calm",
  FEAR: "afraid",
};

export function isNew(face) {
  return face.age === null || face.age === undefined;
}

export function adjective(face) {
  if (face.is_outdated) return "no answer";
  if (isNew(face)) return "new";
  if (!face.emotion_source) return "not scored";
  if (face.unclear || !face.emotion) return "unclear";
  return ADJECTIVES[face.emotion] ?? "unclear";
}

export function claims(face) {
  return Object.values(ADJECTIVES).includes(adjective(face));
}

export function headline(face) {
  const word = adjective(face);
  return claims(face) ? `appears ${word}${percent(face)}` : word;
}

export function short(face) {
  const about = face.is_approximate && claims(face) ? "≈ " : "";
  return `${about}${adjective(face)}${percent(face)}`;
}

export function aside(face, { ids = true, ages = true } = {}) {
  const parts = [];
  if (ids) parts.push(`#${face.track_id}`);
  if (ages && face.age) parts.push(`${face.age.toFixed(1)} s`);
  if (face.is_approximate && !isNew(face)) parts.push("approx.");
  return parts.join(" · ");
}

function percent(face) {
  return typeof face.confidence === "number" && claims(face) ? ` ${Math.round(face.confidence)} %` : "";
}

// [["HAPPY", 87.1], ...] in the emotions' own order, not strongest first: rows that change places cannot be read.
export function scoresOf(face) {
  const known = new Map(face.scores ?? []);
  return Object.keys(ADJECTIVES).filter((name) => known.has(name)).map((name) => [name, known.get(name)]);
}

export function milliseconds(seconds) {
  return typeof seconds === "number" ? `${Math.round(seconds * 1000)} ms` : "–";
}

export function dollars(amount) {
  if (typeof amount !== "number") return "–";
  return amount !== 0 && Math.abs(amount) < 0.1 ? `$${amount.toFixed(4)}` : `$${amount.toFixed(2)}`;
}

// How long something lasts, roughly: nobody needs the seconds of an hour.
export function spanOf(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
}

export function clockText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
