// Pictures of this page's camera to the server. Runs in a worker (camera_worker.js), or on the page where none can.
//
// A message is: u32 big-endian length of the JSON | JSON | JPEG. The server says how many may be unanswered, and
// answers each with "taken".

const FIRST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 4000;
const GIVE_UP_AFTER = 60000; // without a connection the camera is not left on for ever
const FINAL = [1008, 1013, 4000, 4001]; // close codes after which trying again is of no use
const QUALITY = 0.8;

export class Uplink {
  // tell({kind: "wish" | "taken" | "busy" | "waiting" | "over", ...}): where news go.
  constructor(address, tell) {
    this.address = address;
    this.tell = tell;
    this.isWanted = true;
    this.isHidden = false;
    this.wait = FIRST_WAIT;
    this.lostAt = null;
    this.canvas = null;
    this.page = crypto.randomUUID(); // after a loss the server may still believe the connection before
  }

  connect(takeOver) {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.onopen = () => {
      this.say({ type: "use", page: this.page, take_over: takeOver });
      if (this.isHidden) this.hide(true);
    };
    socket.onmessage = ({ data }) => {
      const said = JSON.parse(data);
      if (said.type === "wish") {
        this.lostAt = null;
        this.wait = FIRST_WAIT;
      }
      this.tell({ ...said, kind: said.type });
    };
    socket.onclose = ({ code, reason }) => this.lost(code, reason);
  }

  lost(code, reason) {
    if (!this.isWanted) return;
    this.lostAt ??= performance.now();
    const isLong = performance.now() - this.lostAt > GIVE_UP_AFTER;
    if (FINAL.includes(code) || isLong) {
      this.tell({ kind: "over", code: isLong ? 0 : code, reason });
      return;
    }
    this.tell({ kind: "waiting" });
    setTimeout(() => this.isWanted && this.connect(false), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  // Sends a picture in this size; the bitmap is closed. What cannot be sent is answered as if it were taken.
  async send({ bitmap, captured, width, height }) {
    const socket = this.socket;
    try {
      const jpeg = await this.encoded(bitmap, width, height);
      const head = new TextEncoder().encode(JSON.stringify({ captured_ms: captured, width, height }));
      const length = new DataView(new ArrayBuffer(4));
      length.setUint32(0, head.length);
      if (socket.readyState !== WebSocket.OPEN) return;
      socket.send(new Blob([length, head, jpeg]));
    } catch (error) {
      console.warn(`A picture could not be sent: ${error.message}`);
      this.tell({ kind: "taken" });
    } finally {
      bitmap.close();
    }
  }

  encoded(bitmap, width, height) {
    this.canvas ??= globalThis.OffscreenCanvas ? new OffscreenCanvas(width, height) : document.createElement("canvas");
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0, width, height);
    if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  }

  hide(isHidden) {
    this.isHidden = isHidden;
    this.say({ type: "hidden", value: isHidden });
  }

  stop() {
    this.isWanted = false;
    this.socket?.close();
  }

  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
