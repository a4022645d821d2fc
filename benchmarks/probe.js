// Runs in a measured page before anything of its own: notes, on the page's own clock, when it sends
// over its websocket (a page of Dash: by fetch) and in which frames the picture of the map (or, without one, its text) changed.
(() => {
  const ROOT = window.probedPicture;
  let watching = true;
  let drawn = false;
  let sent = null;
  let pictures = [{ at: 0, picture: "" }];

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    sent ??= performance.now();
    return send.call(this, data);
  };

  // Dash asks its server by fetch.
  let asked = 0;
  let answered = 0;
  const fetching = window.fetch;
  window.fetch = async function (...values) {
    const ofDash = String(values[0]?.url ?? values[0]).includes("_dash-update-component");
    if (ofDash) { sent ??= performance.now(); asked++; }
    try {
      return await fetching.apply(this, values);
    } finally {
      if (ofDash) { asked--; answered = performance.now(); }
    }
  };

  // Reading a picture back takes milliseconds: it is done only after something has drawn.
  const drawing = CanvasRenderingContext2D.prototype;
  for (const name of ["clearRect", "fill", "stroke", "fillRect", "fillText", "drawImage"]) {
    const original = drawing[name];
    drawing[name] = function (...values) {
      drawn = true;
      return original.apply(this, values);
    };
  }
  const inRoot = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(ROOT);
  new MutationObserver((changes) => {
    drawn ||= changes.some(({ target }) => inRoot(target) || target.querySelector?.(ROOT));
  }).observe(document, { attributes: true, characterData: true, childList: true, subtree: true });

  const hash = (words) => {
    let value = 0x811c9dc5;
    for (let i = 0; i < words.length; i++) value = Math.imul(value ^ words[i], 0x01000193);
    return value >>> 0;
  };

  const pixels = (canvas) =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer;

  // Streamlit has drawn charts on a canvas and as SVG; a page without a chart has its text.
  const picture = () => {
    const chart = document.querySelector(`${ROOT} canvas, ${ROOT} svg.marks, ${ROOT} .geolayer`);
    if (!chart) return document.querySelector(ROOT)?.innerText ?? "";
    if (chart.tagName !== "CANVAS") return chart.innerHTML;
    return chart.width && chart.height ? hash(new Uint32Array(pixels(chart))) : "";
  };

  // A message posted in a frame's callback arrives once that frame is on its way to the screen.
  const note = (at) => {
    const now = picture();
    if (pictures[pictures.length - 1].picture !== now)
      pictures.push({ at, picture: now });
  };
  const painted = new MessageChannel();
  painted.port1.onmessage = () => note(performance.now());

  const tick = () => {
    if (!watching) return;
    if (drawn) {
      drawn = false;
      painted.port2.postMessage(null);
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);

  const fetchedSince = (start) =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => entry.startTime >= start)
      .reduce((sum, entry) => sum + entry.transferSize, 0);

  window.probe = {
    // Forget what was, and watch the next step; the picture of now is where it starts from.
    arm() {
      sent = null;
      drawn = false;
      pictures = [{ at: performance.now(), picture: picture() }];
      if (!watching) {
        watching = true;
        requestAnimationFrame(tick);
      }
    },
    sent: () => sent,
    // Whether nothing is asked for and the picture has stayed as it is for so many milliseconds.
    still(milliseconds) {
      const last = pictures[pictures.length - 1];
      const since = Math.max(last.at, answered);
      return asked === 0 && last.picture !== "" && performance.now() - since > milliseconds;
    },
    // Milliseconds since 1970 where absolute; pictures[0] is the one before the step.
    stop() {
      watching = false;
      const origin = performance.timeOrigin;
      return {
        sent: sent === null ? null : origin + sent,
        painted: pictures.slice(1).map(({ at }) => origin + at),
        fetched: sent === null ? 0 : fetchedSince(sent),
      };
    },
  };
})();
