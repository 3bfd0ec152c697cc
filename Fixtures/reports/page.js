// What the reports share: a page's image with its words, and its text with what workers marked and what stands for them.
"use strict";
const hues = [212, 155, 38, 285, 8, 95, 325, 182];
let labels = [];
const color = (label, strength) => `hsl(${hues[labels.indexOf(label) % hues.length]} 75% ${strength}%)`;
const make = (tag, props = {}, ...children) => { const node = Object.assign(document.createElement(tag), props); node.append(...children); return node; };


/// One colour a label; call it before drawing.
function drawLegend(holder, spans) {
  labels = [...new Set(spans.map(span => span.label))].sort();
  for (const label of labels) holder.append(make("span", {}, Object.assign(make("i"), { style: `background:${color(label, 62)}` }), label));
}

/// UTF-16 offsets of scalar offsets.
function utf16Offsets(text) {
  const offsets = []; let unit = 0;
  for (const scalar of text) { offsets.push(unit); unit += scalar.length; }
  offsets.push(unit);
  return offsets;
}

function place(node, left, top, width, height) {
  Object.assign(node.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
  return node;
}

function drawText(page, picture) {
  const text = page.text, entities = page.entities || [], workers = page.workers || [];
  const offsets = utf16Offsets(text);
  const words = (page.words || []).map(w => ({ start: offsets[w[0]], end: offsets[w[1]], box: w.slice(2) }));
  const cuts = new Set([0, text.length]);
  for (const span of [...entities, ...workers.flatMap(w => w.entities)]) { cuts.add(span.startOffset); cuts.add(span.endOffset); }
  for (const word of words) { cuts.add(word.start); cuts.add(word.end); }
  const edges = [...cuts].filter(cut => cut <= text.length).sort((a, b) => a - b);
  const holder = make("div", { className: "text" });
  // Room for a stripe a worker below each line.
  holder.style.lineHeight = String(1.7 + 0.32 * workers.length);
  for (let i = 0; i + 1 < edges.length; i++) {
    const [start, end] = [edges[i], edges[i + 1]];
    const covers = span => span.startOffset <= start && end <= span.endOffset;
    entities.forEach((span, n) => {
      if (span.startOffset !== start) return;
      const score = (page.scores || [])[n], backers = ((page.support || [])[n] || []).length;
      const chip = make("span", { className: "chip", title: `${backers} of ${workers.length} workers` }, `${span.label}${score === undefined ? "" : " " + score.toFixed(2)}`);
      chip.style.background = color(span.label, 72);
      holder.append(chip);
    });
    const piece = make("span", {}, text.slice(start, end));
    const layers = [];
    workers.forEach((worker, n) => {
      const span = worker.entities.find(covers);
      if (span) layers.push(`linear-gradient(${color(span.label, 52)}, ${color(span.label, 52)}) 0 calc(100% - ${(workers.length - 1 - n) * 5}px) / 100% 4px no-repeat`);
    });
    const top = entities.filter(covers).pop();
    if (top) layers.push(`linear-gradient(hsl(${hues[labels.indexOf(top.label) % hues.length]} 75% 55% / .22), hsl(${hues[labels.indexOf(top.label) % hues.length]} 75% 55% / .22)) 0 0 / 100% calc(100% - ${workers.length * 5 + 2}px) no-repeat`);
    piece.style.background = layers.join(", ");
    piece.style.paddingBottom = `${workers.length * 5 + 2}px`;
    const own = words.filter(word => word.start <= start && end <= word.end);
    if (own.length) {
      piece.addEventListener("mouseenter", () => { piece.classList.add("lit"); own.forEach(word => picture.append(place(make("div", { className: "word" }), ...word.box))); });
      piece.addEventListener("mouseleave", () => { piece.classList.remove("lit"); picture.querySelectorAll(".word").forEach(node => node.remove()); });
    }
    holder.append(piece);
  }
  return holder;
}

/// The scan with the regions that were read framed.
function drawPicture(page) {
  const picture = make("div", { className: "page" });
  if (page.image) picture.append(make("img", { src: page.image, alt: `Scan of ${page.name}`, loading: "lazy" }));
  for (const box of page.regions || []) picture.append(place(make("div", { className: "frame" }), box.Left, box.Top, box.Width, box.Height));
  return picture;
}

/// Which stripe is whose.
function drawWorkers(page) {
  const list = make("ul", { className: "workers" });
  page.workers.forEach((worker, n) => list.append(make("li", {}, `stripe ${n + 1}: `, make("b", {}, worker.id), ` marked ${worker.entities.length}`)));
  return list;
}
