const isPending = (span) => span.isPending;

/**
 * Single keys, active while the text has the focus. Each is `[keys, meaning, action]`; actions get the editor and the annotator.
 * Moving and selecting is `TextMovement`'s; labels have keys of their own, and with Shift add one more label to the current mark.
 */
export const commands = [
  [["Enter", "/"], "Choose a label by typing its name", (_, annotator) => annotator.pickLabel()],
  [["."], "Select the sentence at the caret, then one more", (_, annotator) => annotator.selectSentence()],
  [["]", "["], "Next mark, previous mark", (editor, _, key) => editor.step(key === "]" ? 1 : -1)],
  [["n", "p"], "Next suggestion, previous suggestion", (editor, _, key) => editor.step(key === "n" ? 1 : -1, isPending)],
  [["a"], "Accept the suggestion and go to the next", (editor) => decide(editor, true)],
  [["x"], "Reject the suggestion, or remove the mark, and go to the next suggestion", (editor) => decide(editor, false)],
  [["A", "X"], "Accept all suggestions, reject all suggestions", (editor, _, key) => editor.decideAll(key === "A")],
  [["Delete", "Backspace"], "Remove the current mark", (editor) => editor.remove()],
  [["b", "e"], "Move the start, the end of the current mark", (editor, _, key) => editor.moveEdge(key === "b" ? "start" : "end")],
  [["o"], "Mark every occurrence of the current mark's words", (editor) => editor.tagOccurrences()],
  [["s"], "Keep to whole words, or not", (editor) => editor.setSnapping(!editor.isSnapping)],
  [["u"], "Next uncertain word", (_, annotator) => annotator.nextUncertain()],
  [["i"], "Instructions", (_, annotator) => annotator.showInstructions()],
  [["?"], "These keys", (_, annotator) => annotator.showKeys()],
  [["Escape"], "Nothing selected, no label held", (editor) => editor.letGo()],
];

/** Keys that a label cannot have. */
export const reservedKeys =
  new Set(commands.flatMap(([keys]) => keys).filter((key) => key.length === 1).map((key) => key.toLowerCase()));

/** For the list of keys only; these work everywhere on the page. */
export const elsewhere = [
  [["Ctrl+Z", "Ctrl+Shift+Z"], "Undo, redo"],
  [["Ctrl+Enter"], "Submit"],
  [["F6"], "Text, marks, notes, page in turn"],
  [["Arrows", "Ctrl+Arrows"], "Move by characters and rows, by words; with Shift select"],
];

/** @returns {boolean} Whether the key meant something. */
export function runCommand(event, editor, annotator) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const key = pressed(event);
  const command = commands.find(([keys]) => keys.includes(key));
  if (command) command[2](editor, annotator, key);
  return Boolean(command);
}

/** The key; a letter's case says whether Shift is held, which Caps Lock does not change. */
function pressed({ key, shiftKey }) {
  if (!/^\p{L}$/u.test(key)) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

function decide(editor, accepts) {
  const span = editor.current;
  if (!span) return editor.step(1, isPending);
  const nextTo = (place) => editor.store.neighbour(place, 1, isPending) ?? editor.store.neighbour(place, -1, isPending);
  let next = nextTo(span);
  if (!accepts) editor.remove(span);
  else if (span.isPending) {
    next = nextTo(editor.accept(span));
    // After the last one nothing is current: the key that rejects would take away what was just accepted.
    if (!next) editor.makeCurrent(null);
  }
  if (next) editor.makeCurrent(next);
}
