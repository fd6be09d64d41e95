// Encodes and sends this page's pictures beside the page, so that its own picture stays smooth.

import { Uplink } from "./uplink.js";

let uplink = null;

self.onmessage = ({ data }) => {
  if (data.kind === "start") {
    uplink = new Uplink(data.address, (news) => self.postMessage(news));
    uplink.connect(data.takeOver);
  }
  if (data.kind === "picture") uplink.send(data);
  if (data.kind === "hidden") uplink.hide(data.isHidden);
  if (data.kind === "stop") {
    uplink.stop();
    self.close();
  }
};
