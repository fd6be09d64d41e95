// The live picture: what the feed brings is drawn at once, with its own faces, in one task.

import { Feed } from "./feed.js";
import { drawFaces, placeOf } from "./overlay.js";

export class LiveView {
  // onLink(isUp): told when the connection comes and goes.
  constructor(canvas, { toggles, palette, onLink, onDrawn }) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.toggles = toggles;
    this.palette = palette;
    this.onLink = onLink;
    this.onDrawn = onDrawn;
    this.shown = null; // {frame, bitmap}
    this.isFrozen = false; // the picture that is shown stays
    this.isResting = false; // what is said of pictures is wanted, and not the pictures
    new ResizeObserver(() => this.fit()).observe(canvas);
    this.fit();
    this.start();
  }

  start() {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`;
    try {
      const worker = new Worker(new URL("live_worker.js", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }) => this.take(data);
      worker.onerror = () => this.startHere(address, worker);
      worker.postMessage({ kind: "start", address });
      this.tell = (message) => worker.postMessage(message);
      this.tell({ kind: "want", width: this.canvas.width });
    } catch {
      this.startHere(address, null);
    }
  }

  // Where a module cannot run in a worker, the page itself receives and decodes.
  startHere(address, worker) {
    worker?.terminate();
    const feed = new Feed(address, (news) => this.take(news));
    this.tell = (message) => (message.kind === "want" ? feed.want(message.width) : feed.acknowledge(message.seq));
    feed.want(this.canvas.width);
  }

  take(news) {
    if (news.kind === "link") return this.onLink(news.isUp);
    if (news.bitmap && this.isFrozen && this.shown) {
      news.bitmap.close();
      return this.tell({ kind: "drawn", seq: news.frame.seq });
    }
    if (news.bitmap) {
      this.shown?.bitmap.close();
      this.shown = news;
      this.draw();
    }
    this.tell({ kind: "drawn", seq: news.frame.seq });
    this.onDrawn(news.frame);
  }

  // While it rests, the page shows another picture in its place.
  rest(isResting) {
    this.isResting = isResting;
    this.tell({ kind: "want", width: isResting ? 0 : this.canvas.width });
  }

  // Draws the newest picture, again if need be (another size, another toggle).
  draw() {
    if (!this.shown) return;
    const { frame, bitmap } = this.shown;
    const { canvas, context } = this;
    const place = placeOf(bitmap, canvas);
    const isMirrored = this.toggles.mirror ?? Boolean(frame.mirror);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#101010";
    context.fillRect(0, 0, canvas.width, canvas.height);
    if (isMirrored) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
    context.drawImage(bitmap, place.left, place.top, place.width, place.height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    const faces = frame.faces ?? [];
    if (this.toggles.overlay) {
      const look = { ...this.toggles, mirror: isMirrored, palette: this.palette, ratio: devicePixelRatio || 1 };
      drawFaces(context, faces, place, look);
    }
    window.livecam.drawn = { seq: frame.seq, frame: frame.frame, captured_at: frame.captured_at, faces };
  }

  fit() {
    const ratio = devicePixelRatio || 1;
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    if (width === this.canvas.width && height === this.canvas.height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    if (!this.isResting) this.tell?.({ kind: "want", width });
    this.draw();
  }
}
