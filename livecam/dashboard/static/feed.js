// Pictures from the server, newest only. Runs in a worker (live_worker.js), or on the page where none can.
//
// A message is: u32 big-endian length of the JSON | JSON | JPEG. The server sends the next one only once few
// enough are unanswered, so every message must be answered with an "ack", shown or not.

const FIRST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 8000;

export class Feed {
  // tell({kind: "picture", frame, bitmap} | {kind: "link", isUp}): where results go.
  constructor(address, tell) {
    this.address = address;
    this.tell = tell;
    this.wait = FIRST_WAIT;
    this.newest = -1; // seq of the newest picture handed on: pictures may be decoded out of order
    this.width = null;
    this.connect();
  }

  connect() {
    const socket = new WebSocket(this.address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => {
      this.newest = -1; // a restarted server counts from the beginning
      this.tell({ kind: "link", isUp: true });
      if (this.width !== null) this.want(this.width);
    };
    socket.onmessage = (message) => {
      if (message.data instanceof ArrayBuffer) this.receive(socket, message.data);
    };
    socket.onclose = () => {
      this.tell({ kind: "link", isUp: false });
      setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
  }

  async receive(socket, data) {
    const length = new DataView(data).getUint32(0);
    const frame = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
    this.wait = FIRST_WAIT; // pictures come: the next attempt may be quick
    let bitmap = null;
    const hasPicture = data.byteLength > 4 + length; // none was wanted else
    try {
      if (hasPicture) bitmap = await createImageBitmap(new Blob([new Uint8Array(data, 4 + length)], { type: "image/jpeg" }));
    } catch {
      console.warn(`Picture ${frame.seq} could not be decoded.`);
    }
    if (socket !== this.socket || hasPicture !== Boolean(bitmap) || frame.seq <= this.newest) {
      bitmap?.close();
      if (socket === this.socket) this.acknowledge(frame.seq);
      return;
    }
    this.newest = frame.seq;
    this.tell({ kind: "picture", frame, bitmap });
  }

  acknowledge(seq) {
    this.say({ type: "ack", seq, drawn_at_ms: performance.now() });
  }

  want(width) {
    this.width = width;
    this.say({ type: "want", width });
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}
