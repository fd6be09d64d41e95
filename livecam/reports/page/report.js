"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const get = (id) => document.getElementById(id);
  const video = get("video"), canvas = get("boxes"), stage = get("stage"), slider = get("time");
  const play = get("play"), clock = get("clock"), now = get("now"), head = get("head"), timeline = get("timeline");
  const shows = { live: get("show-live"), stored: get("show-stored") };
  const colours = data.colours;
  const STEP = 0.5, FRAME = 1 / data.fps;
  let time = 0;

  for (const id of ["controls", "toggles", "hint"]) get(id).hidden = false;
  if (video) video.controls = false;

  // The newest moment that is not after `at` (ms), by halving; -1 before the first.
  const before = (times, at) => {
    let low = 0, high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= at) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  // Where a face is at an instant, and which of its moments says what it appears to express.
  const seen = (face, at, hold) => {
    const one = before(face.times, at + 2), other = one + 1;
    const box = (index) => face.boxes.slice(index * 4, index * 4 + 4);
    const has = other < face.times.length;
    if (one >= 0 && has && face.times[other] - face.times[one] <= hold) {
      const share = (at - face.times[one]) / (face.times[other] - face.times[one]);
      const [from, to] = [box(one), box(other)];
      return { index: share < 0.5 ? one : other, box: from.map((side, i) => side + (to[i] - side) * Math.max(share, 0)) };
    }
    if (one >= 0 && at - face.times[one] <= hold / 3) return { index: one, box: box(one) };
    if (has && face.times[other] - at <= hold / 3) return { index: other, box: box(other) };
    return null;
  };

  // The rectangle that the picture takes of the stage, which has bars beside it when it is limited in height.
  const picture = () => {
    const { clientWidth: width, clientHeight: height } = stage;
    const wide = (video && video.videoWidth) || data.width, tall = (video && video.videoHeight) || data.height;
    const scale = Math.min(width / wide, height / tall);
    return { x: (width - wide * scale) / 2, y: (height - tall * scale) / 2, width: wide * scale, height: tall * scale };
  };

  const drawFace = (pen, area, face, found, source) => {
    const [left, top, width, height] = found.box.map((side) => side / 10000);
    const x = area.x + left * area.width, y = area.y + top * area.height;
    const w = width * area.width, h = height * area.height;
    const emotion = face.emotions[found.index];
    const colour = emotion < 0 ? colours.unclear : colours[data.kinds[emotion]];
    const dashes = source === "stored" ? [8, 5] : [];
    for (const [style, thick] of [["#000000b0", 5], [colour, 2.5]]) {
      pen.setLineDash(dashes);
      pen.strokeStyle = style;
      pen.lineWidth = thick;
      pen.strokeRect(x, y, w, h);
    }
    pen.setLineDash([]);
    const text = words(face, found.index, false);
    const size = area.width < 480 ? 11 : 13;
    pen.font = `${size}px system-ui, sans-serif`;
    const wide = pen.measureText(text).width + 8, tall = size + 7;
    const textX = Math.min(Math.max(x, area.x), area.x + area.width - wide);
    const wanted = source === "live" ? y - tall : y + h;
    const textY = Math.min(Math.max(wanted, area.y), area.y + area.height - tall);
    pen.fillStyle = "#101010d8";
    pen.fillRect(textX, textY, wide, tall);
    pen.fillStyle = colour;
    pen.fillRect(textX, textY, 3, tall);
    pen.fillStyle = "#ffffff";
    pen.fillText(text, textX + 5, textY + size + 1);
  };

  const words = (face, index, full) => {
    const emotion = face.emotions[index];
    const said = emotion < 0 ? (full ? "nothing claimed" : "-") : `${full ? "appears " : ""}${data.words[emotion]} ${face.scores[index]} %`;
    return `${face.name}: ${said}`;
  };

  const draw = () => {
    const dots = window.devicePixelRatio || 1;
    const width = stage.clientWidth, height = stage.clientHeight;
    if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) {
      canvas.width = Math.round(width * dots);
      canvas.height = Math.round(height * dots);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, width, height);
    const area = picture(), said = [];
    for (const source of ["live", "stored"]) {
      if (!shows[source].checked) continue;
      for (const face of data[source].faces) {
        const found = seen(face, time * 1000, data[source].hold * 1000);
        if (!found) continue;
        drawFace(pen, area, face, found, source);
        said.push(words(face, found.index, true));
      }
    }
    const isAnyShown = shows.live.checked || shows.stored.checked;
    now.textContent = said.length ? said.slice(0, 12).join("; ") : isAnyShown ? "No face here." : "The boxes are hidden.";
    clock.textContent = `${time.toFixed(2)} s`;
    slider.value = String(time);
    slider.setAttribute("aria-valuetext", `${time.toFixed(1)} seconds of ${data.duration.toFixed(1)}`);
    if (head) {
      const left = Number(timeline.dataset.left), right = Number(timeline.dataset.right);
      const x = left + (right - left) * Math.min(time / Math.max(data.duration, 0.001), 1);
      head.setAttribute("x1", x);
      head.setAttribute("x2", x);
    }
  };

  const seek = (to) => {
    time = Math.min(Math.max(to, 0), data.duration);
    if (video) video.currentTime = time;
    draw();
  };

  const toggle = () => {
    if (!video) return;
    if (video.paused) video.play().catch(() => {}); else video.pause();
  };

  if (video) {
    const follow = () => {
      if (!video.paused) time = video.currentTime;
      draw();
    };
    // The picture's own time where the browser tells it: the clock of a player runs ahead of what is shown.
    if ("requestVideoFrameCallback" in video) {
      const shown = (_, frame) => {
        time = frame.mediaTime;
        draw();
        video.requestVideoFrameCallback(shown);
      };
      video.requestVideoFrameCallback(shown);
    } else {
      const tick = () => {
        if (!video.paused) follow();
        window.requestAnimationFrame(tick);
      };
      window.requestAnimationFrame(tick);
    }
    for (const event of ["play", "pause", "ended"]) {
      video.addEventListener(event, () => { play.textContent = video.paused ? "Play" : "Pause"; });
    }
    for (const event of ["loadedmetadata", "seeked", "ended"]) video.addEventListener(event, draw);
    video.addEventListener("click", toggle);
    // Some browsers play no video out of an address that holds it, but out of a blob.
    const retry = () => {
      const address = video.getAttribute("src");
      if (!address.startsWith("data:")) {
        now.textContent = "This browser cannot play the video.";
        return;
      }
      const bytes = Uint8Array.from(window.atob(address.slice(address.indexOf(",") + 1)), (c) => c.charCodeAt(0));
      video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    };
    if (video.error) retry(); else video.addEventListener("error", retry, { once: true });
    play.addEventListener("click", toggle);
  }

  slider.addEventListener("input", () => seek(Number(slider.value)));
  for (const box of Object.values(shows)) box.addEventListener("change", draw);
  window.addEventListener("resize", draw);
  if (timeline) {
    timeline.addEventListener("click", (event) => {
      const area = timeline.getBoundingClientRect();
      const x = ((event.clientX - area.left) / area.width) * 1000;
      const left = Number(timeline.dataset.left), right = Number(timeline.dataset.right);
      seek(((x - left) / (right - left)) * data.duration);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = event.target;
    const isPressed = place.matches && place.matches("button, input[type=checkbox], .scroll");
    if (event.key === " " && !isPressed) toggle();
    else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && !(place.matches && place.matches(".scroll"))) {
      // A millisecond more: a frame's own time, rounded, may still be of the frame before.
      seek(time + (event.key === "ArrowLeft" ? -1 : 1) * (event.shiftKey ? FRAME : STEP) + 0.001);
    } else if (event.key === "l" && !shows.live.disabled) { shows.live.checked = !shows.live.checked; draw(); }
    else if (event.key === "s" && !shows.stored.disabled) { shows.stored.checked = !shows.stored.checked; draw(); }
    else return;
    event.preventDefault();
  });
  draw();
})();
