// This browser's camera as the run's source, where it is that. The page shows its own picture at the camera's full
// rate; what goes up is smaller and rarer, as the server wishes. Nothing goes anywhere before the button is pressed.

import { drawFaces, placeOf } from "./overlay.js";
import { write } from "./panels.js";
import { Uplink } from "./uplink.js";

const byId = (id) => document.getElementById(id);
const OFF = "Off. Nothing is sent before you press the button.";
const ON = "Camera on: its pictures go to livecam.";
const TAKEN_OVER = 4000;
const TOO_MANY = 1013;

export class Camera {
  // chosen: the page's toggles; live: its view, which rests while this page shows its own picture.
  constructor({ chosen, palette, live }) {
    this.chosen = chosen;
    this.palette = palette;
    this.live = live;
    this.stream = null;
    this.isAsking = false;
    this.mayTakeOver = false; // whether the user was told that another page is the camera
    this.capture = {}; // what to ask a camera for
    this.frame = null; // what was said last about faces
    this.button = byId("camera-button");
    this.devices = byId("camera-device");
    this.button.onclick = () => (this.stream ? this.stop(OFF) : this.use());
    this.devices.onchange = () => this.stream && this.use();
    document.addEventListener("visibilitychange", () => this.post({ kind: "hidden", isHidden: document.hidden }));
    this.begin();
  }

  async begin() {
    const response = await fetch("api/camera").catch(() => null);
    const state = response?.ok ? await response.json() : {};
    byId("camera").hidden = !state.is_source;
    this.capture = state.capture;
    if (state.is_source) this.say(obstacle() ?? OFF, Boolean(obstacle()));
  }

  async use() {
    if (this.isAsking) return;
    const reason = obstacle();
    if (reason) {
      this.say(reason, true);
      return;
    }
    const takeOver = this.mayTakeOver;
    this.release();
    this.isAsking = true;
    this.say("Asking the browser for its camera…");
    try {
      this.show(await asked(this.capture, this.devices.value));
      this.connect(takeOver);
    } catch (error) {
      this.devices.replaceChildren(); // the one that was chosen may be gone
      byId("camera-devices").hidden = true;
      this.stop(explained(error), true);
    } finally {
      this.isAsking = false;
    }
  }

  show(stream) {
    this.stream = stream;
    this.video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
    this.overlay = document.createElement("canvas");
    this.overlay.setAttribute("aria-hidden", "true");
    this.video.setAttribute("aria-label", "Live picture of this browser's camera");
    byId("stage").append(this.video, this.overlay);
    this.video.play().catch(() => {}); // a stop meanwhile
    this.fitting = new ResizeObserver(() => this.draw());
    this.fitting.observe(this.overlay);
    const [track] = stream.getVideoTracks();
    track.onended = () => this.stop("The camera was unplugged, or taken away from this page: press the button to use it again.", true);
    track.onmute = () => this.say("The camera gives no picture: it is covered, switched off by a key, or used elsewhere.", true);
    track.onunmute = () => this.wish && this.say(ON);
    this.offerDevices(track);
    this.live.rest(true);
    this.watch(this.video);
  }

  connect(takeOver) {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/camera`;
    const stream = this.stream;
    const take = (news) => stream === this.stream && this.take(news);
    try {
      if (!globalThis.OffscreenCanvas) throw new Error("no canvas in workers");
      const worker = new Worker(new URL("camera_worker.js", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }) => take(data);
      worker.onerror = () => stream === this.stream && this.connectHere(address, take, takeOver);
      this.post = (message, things) => worker.postMessage(message, things);
      this.post({ kind: "start", address, takeOver });
    } catch {
      this.connectHere(address, take, takeOver);
    }
    if (document.hidden) this.post({ kind: "hidden", isHidden: true });
  }

  // Where no worker can encode, the page itself does.
  connectHere(address, take, takeOver) {
    const uplink = new Uplink(address, take);
    this.post = (message) => {
      if (message.kind === "picture") uplink.send(message);
      if (message.kind === "hidden") uplink.hide(message.isHidden);
      if (message.kind === "stop") uplink.stop();
    };
    uplink.connect(takeOver);
  }

  post() {} // replaced while there is a connection

  take(news) {
    if (news.kind === "taken") this.credits += 1;
    if (news.kind === "wish") {
      this.credits ??= news.credits;
      this.wish = news;
      this.mayTakeOver = false;
      this.say(ON);
    }
    if (news.kind === "waiting") {
      this.wish = this.credits = null;
      this.annotate(null);
      this.say("Camera on, but there is no connection: trying again.", true);
    }
    if (news.kind === "busy") {
      this.stop("Another page lends its camera. Press the button again to use this one instead.", true);
      this.mayTakeOver = true;
    }
    if (news.kind === "over") this.stop(ending(news), true);
  }

  // Looks at every picture of the camera; sends those that are due while the server has room for them.
  watch(video) {
    let due = 0;
    const again = (onPicture) =>
      video.requestVideoFrameCallback
        ? video.requestVideoFrameCallback(onPicture)
        : requestAnimationFrame((now) => onPicture(now, {}));
    const onPicture = (now, { captureTime }) => {
      if (video !== this.video) return;
      again(onPicture);
      const interval = 1000 / (this.wish?.fps ?? 1);
      if (!this.wish || this.credits < 1 || now < due - interval / 4 || !video.videoWidth) return;
      due = Math.max(due + interval, now);
      this.send(video, captureTime <= now && captureTime > now - 2000 ? captureTime : now);
    };
    again(onPicture);
  }

  async send(video, captured) {
    this.credits -= 1;
    const scale = Math.min(1, this.wish.width / Math.max(video.videoWidth, video.videoHeight));
    const [width, height] = [video.videoWidth, video.videoHeight].map((side) => Math.max(1, Math.round(side * scale)));
    try {
      const bitmap = await createImageBitmap(video);
      if (video === this.video) this.post({ kind: "picture", bitmap, captured, width, height }, [bitmap]);
      else bitmap.close();
    } catch {
      if (video === this.video) this.credits += 1; // it had no picture just then
    }
  }

  // Faces come with the server's messages; they are drawn on this page's own picture.
  annotate(frame) {
    this.frame = frame;
    this.draw();
  }

  draw() {
    if (!this.stream) return;
    const { overlay, video } = this;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [overlay.clientWidth, overlay.clientHeight].map((side) => Math.max(1, Math.round(side * ratio)));
    if (overlay.width !== width || overlay.height !== height) Object.assign(overlay, { width, height });
    const mirror = this.chosen.mirror ?? this.frame?.mirror ?? true;
    video.toggleAttribute("data-is-mirrored", mirror);
    const context = overlay.getContext("2d");
    context.clearRect(0, 0, width, height);
    if (!this.frame || !this.chosen.overlay || !video.videoWidth) return;
    const place = placeOf({ width: video.videoWidth, height: video.videoHeight }, overlay);
    drawFaces(context, this.frame.faces ?? [], place, { ...this.chosen, mirror, palette: this.palette, ratio });
  }

  async offerDevices(track) {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const used = track.getSettings().deviceId;
    this.devices.replaceChildren(
      ...cameras.map(({ deviceId, label }, index) => new Option(label || `Camera ${index + 1}`, deviceId, false, deviceId === used)),
    );
    byId("camera-devices").hidden = cameras.length < 2;
  }

  stop(sentence, isTrouble = false) {
    this.release();
    this.mayTakeOver = false;
    this.frame = null;
    this.say(sentence, isTrouble);
  }

  // Lets go of the camera, so that its lamp goes out.
  release() {
    this.post({ kind: "stop" });
    this.post = () => {};
    this.wish = this.credits = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    if (this.stream) this.live.rest(false);
    this.stream = null;
    this.fitting?.disconnect();
    this.video?.remove();
    this.overlay?.remove();
    this.video = this.overlay = null;
  }

  say(sentence, isTrouble = false) {
    const isOn = Boolean(this.stream);
    byId("camera").toggleAttribute("data-is-on", isOn);
    byId("camera-lamp").hidden = !isOn;
    byId("camera-state").toggleAttribute("data-is-trouble", isTrouble);
    write(byId("camera-state"), sentence);
    write(this.button, isOn ? "Stop the camera" : "Use this camera");
    document.title = isOn ? "● livecam: camera on" : "livecam";
  }
}

function asked({ width, height, fps }, deviceId) {
  const size = { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: fps } };
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" };
  return navigator.mediaDevices.getUserMedia({ video: { ...size, ...which }, audio: false });
}

// Why this page can have no camera at all; null when it may.
function obstacle() {
  if (navigator.mediaDevices?.getUserMedia) return null;
  if (window.isSecureContext) return "This browser gives pages no camera: open the page in another one.";
  const port = location.port || "80";
  return (
    `A browser lends its camera only to pages of its own machine, or over TLS. On this device run  ssh -L ${port}:localhost:${port} ` +
    `${location.hostname}  and open livecam's address with localhost in place of ${location.hostname}, or put a proxy with TLS before livecam.`
  );
}

function explained(error) {
  switch (error.name) {
    case "NotAllowedError":
      return /system/i.test(error.message)
        ? "The system forbids this browser the camera: allow it in the system's privacy settings and press the button again."
        : "The browser refused the camera: allow it by the sign beside the address and press the button again.";
    case "NotFoundError":
    case "OverconstrainedError":
      return "There is no such camera here: plug one in and press the button again, or open the page on another device.";
    case "NotReadableError":
    case "AbortError":
      return "The camera does not answer, perhaps as another program uses it: close that one and press the button again.";
    default:
      return `The camera cannot be used (${error.name}): try another browser or another camera.`;
  }
}

function ending({ code, reason }) {
  if (code === TAKEN_OVER) return "Another page is the camera now. Press the button to use this one again.";
  if (code === TOO_MANY) return "Too many pages are open: close one, then press the button again.";
  if (code === 0) return "livecam has not answered for a minute, so the camera was switched off. Press the button to try again.";
  return `livecam refused the camera: ${reason || "no reason given"}. Press the button to try again.`;
}
