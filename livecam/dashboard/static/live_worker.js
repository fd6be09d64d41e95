// Receives and decodes pictures beside the page, so that neither waits for the other.

import { Feed } from "./feed.js";

let feed = null;

self.onmessage = ({ data }) => {
  if (data.kind === "start") {
    feed = new Feed(data.address, (news) => self.postMessage(news, news.bitmap ? [news.bitmap] : []));
  }
  if (data.kind === "drawn") feed.acknowledge(data.seq);
  if (data.kind === "want") feed.want(data.width);
};
