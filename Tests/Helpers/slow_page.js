// Makes a page slow where a busy machine makes it slow: frames, timers, observers, messages and changes of the selection come `milliseconds` late, in their order.
((milliseconds) => {
  const later = setTimeout.bind(window);
  const [frame, cancelFrame] = [requestAnimationFrame.bind(window), cancelAnimationFrame.bind(window)];
  const given = new Map();
  window.requestAnimationFrame = (shown) => {
    const id = later(() => given.set(id, frame(shown)), milliseconds);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    clearTimeout(id);
    cancelFrame(given.get(id));
  };
  window.setTimeout = (work, delay = 0, ...values) => later(work, Number(delay) + milliseconds, ...values);
  for (const name of ["ResizeObserver", "IntersectionObserver"]) {
    const Observer = window[name];
    window[name] = class extends Observer {
      constructor(seen, options) {
        super((...values) => later(() => seen(...values), milliseconds), options);
      }
    };
  }
  addEventListener("selectionchange", (event) => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    later(() => event.target.dispatchEvent(new Event("selectionchange", { bubbles: event.bubbles })), milliseconds);
  }, true);
  addEventListener("message", (event) => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    const { data, origin, source, ports } = event;
    later(() => window.dispatchEvent(new MessageEvent("message", { data, origin, source, ports: [...ports] })), milliseconds);
  }, true);
})(MILLISECONDS);
