import { isTyping, make } from "../shared/dom.js";
import { send } from "../shared/server.js";
import { Editor } from "../marking/editor.js";
import { pressedLabel } from "../marking/labels.js";
import { TextView } from "../marking/text-view.js";
import { answerDocument, draftDocument, loadDraft } from "./answer-document.js";
import { runCommand } from "./commands.js";
import { instructionsDialog, keysDialog, undecidedDialog, untouchedDialog } from "./dialogs.js";
import { Drafts, newest } from "./drafts.js";
import { LabelBar } from "./label-bar.js";
import { LabelPicker } from "./label-picker.js";
import { MarkList } from "./mark-list.js";
import { OtherTabs } from "./other-tabs.js";
import { PageImage } from "./page-image.js";
import { SidePanel } from "./side-panel.js";
import { SpanBar } from "./span-bar.js";
import { SuggestionBar } from "./suggestion-bar.js";
import { TaskDocument } from "./task-document.js";
import { TopBar } from "./top-bar.js";

/**
 * `<prelabel-annotator>`: one task, page image and text side by side.
 *
 * Set `task` to a task document (Assets/README.md). `save` and `submit` are functions that a page may set before; without them the
 * document's `saveURL` and `submitURL` are used. `answer` is the answer as it stands. Events: `prelabel-open` once the task is
 * shown, `prelabel-submitted` (`detail` is the answer) once it is taken; cancelling that one keeps the page from going on.
 */
export class PrelabelAnnotator extends HTMLElement {
  /** @type {?function(Object, AbortSignal): Promise<*>} Takes a draft; the signal says that it is not wanted any more. */
  save = null;
  /** @type {?function(Object): Promise<{next?: string}>} Takes the answer. */
  submit = null;
  #task;
  #editor;
  #view;
  #image = null;
  #drafts;
  #list;
  #side;
  #picker;
  #top;
  #otherTabs;
  #isEnding = false;
  #hovered = [];

  set task(given) {
    this.#open(given).catch((error) => this.fail(error.message));
  }

  get answer() { return answerDocument(this.#task, this.#editor.store); }
  /** For scripts and tests: what the keys act on. */
  get editor() { return this.#editor; }

  /** Says in the place of a task why there is none. */
  fail(sentence) {
    this.replaceChildren(make("p", { class: "pa-loading", role: "alert" }, sentence));
  }

  async #open(given) {
    const task = this.#task = await TaskDocument.read(given);
    this.#editor = new Editor(task.text, task.labels);
    const save = this.save ?? (task.saveURL ? (draft, signal) => send("PUT", task.saveURL, draft, signal) : null);
    this.#drafts = new Drafts(task.key, () => draftDocument(task, this.#editor.store, new Date().toISOString()), save);
    const draft = newest(await this.#drafts.stored(), task.draft);
    task.problems.push(...loadDraft(task, this.#editor.store, draft));
    this.#build(draft);
    for (const problem of task.problems) console.warn(`prelabel: ${problem}`);
    this.dispatchEvent(new Event("prelabel-open", { bubbles: true }));
  }

  #build(draft) {
    const [task, editor] = [this.#task, this.#editor];
    this.#view = new TextView(editor, { label: "Text to mark", extras: (start, end) => this.#extras(start, end) });
    this.#list = new MarkList(editor, (span) => { this.#view.reveal(span.start); this.focusText(); });
    this.#side = new SidePanel(task, editor.store, { submit: () => this.finish() });
    this.#picker = new LabelPicker(task.labels, (label) => editor.label(label), () => this.focusText());
    this.#top = new TopBar(task, editor, this.#drafts, this);
    if (task.imageURL) this.#image = new PageImage(task);
    const said = make("div", { class: "pa-said", role: "status" });
    const work = make(
      "section", { class: "pa-work", "aria-label": "Text" }, new LabelBar(editor).element, new SuggestionBar(editor, this).element,
      this.#view.element, new SpanBar(editor, task, this).element);
    const side = make("aside", { class: "pa-side", "aria-label": "Marks and answer" }, this.#list.element, this.#side.element);
    const panes = this.#image ? [this.#image.element, work, side] : [work, side];
    const main = make("main", { class: this.#image ? "pa-main" : "pa-main pa-without-page" }, ...panes);
    this.replaceChildren(this.#top.element, this.#otherTabsNotice(), main, this.#picker.element, said);
    document.title = `${task.task.title ?? "Task"} · Prelabel`;
    this.#view.connect();
    this.#listen(said);
    this.#top.showDraft(draft);
    this.focusText();
  }

  #otherTabsNotice() {
    const notice = make("p", { class: "pa-notice", role: "alert", hidden: true });
    this.#otherTabs = new OtherTabs(this.#task.key);
    this.#otherTabs.addEventListener("change", () => {
      notice.hidden = !this.#otherTabs.isAnywhere;
      notice.textContent = notice.hidden ? "" :
        "This task is open in another tab too. What is saved last replaces what the other tab saved: go on in one of them only.";
    });
    return notice;
  }

  #listen(said) {
    const editor = this.#editor;
    editor.addEventListener("say", (event) => { said.textContent = event.detail; });
    editor.addEventListener("change", () => this.#link());
    editor.store.addEventListener("change", () => this.#drafts.changed());
    this.#view.element.addEventListener("keydown", (event) => this.#keyInText(event));
    this.#view.addEventListener("hover", ({ detail: offset }) => {
      this.#hover(offset === null ? [] : this.#task.words.intersecting(offset, offset), false);
    });
    this.#image?.addEventListener("hover", (event) => this.#hover(event.detail ? [event.detail] : [], true));
    this.#image?.addEventListener("pick", (event) => {
      editor.select(event.detail.start, event.detail.end);
      editor.snapSelection();
      editor.markHeld();
      this.#view.reveal(editor.focus);
      this.focusText();
    });
    document.addEventListener("keydown", (event) => this.#keyAnywhere(event));
  }

  focusText() { this.#view.focus(); }
  pickLabel() { this.#picker.open(); }
  showInstructions() { this.#show(instructionsDialog(this.#task, () => this.focusText())); }
  showKeys() { this.#show(keysDialog(() => this.focusText())); }

  /** Selects the sentence at the caret, or one more, and brings its end into view. */
  selectSentence() {
    this.#editor.selectSentence();
    this.#view.reveal(this.#editor.focus);
  }

  /** Puts the caret on the next word that the scan was read badly at. */
  nextUncertain() {
    const { uncertain } = this.#task.words;
    const next = uncertain.find((word) => word.start > this.#editor.focus) ?? uncertain[0];
    if (!next) return;
    this.#editor.select(next.start);
    this.#view.reveal(next.start);
  }

  /** Sends the answer, after asking about undecided suggestions, or whether a task that nobody touched is meant to be sent. */
  finish() {
    this.#editor.restEdge();
    const pending = this.#editor.store.spans.filter((span) => span.isPending).length;
    if (this.#task.question?.required && !this.#editor.store.field("question")) return this.#side.say("Answer the question first.");
    if (this.#isUntouched) return this.#show(untouchedDialog(this.#side.button, () => this.#send()));
    if (!pending) return this.#send();
    const review = () => {
      this.focusText();
      this.#editor.step(1, (span) => span.isPending);
    };
    this.#show(undecidedDialog(pending, { submit: () => this.#send(), review }));
  }

  get #isUntouched() {
    const { store } = this.#editor;
    const isChanged = store.canUndo || store.canRedo;
    return !isChanged && !store.spans.length && !store.field("notes") && !store.field("question");
  }

  /** Forgets the draft: the answer that there is stands. */
  async forget() { await this.#drafts?.clear(); }

  /** Whether the task is being ended, or has been. */
  get isEnding() { return this.#isEnding; }

  /** Ends the task by `action` (the answer, giving back, declining) with no draft on its way to the server. */
  async end(action) {
    this.#isEnding = true;
    this.#drafts?.hold();
    try {
      return await action();
    } catch (error) {
      this.#isEnding = false;
      this.#drafts?.resume();
      throw error;
    }
  }

  async #send() {
    if (this.#isEnding) return;
    this.#side.say("");
    this.#side.button.disabled = true;
    try {
      const answer = this.answer;
      const submit =
        this.submit ?? (this.#task.submitURL ? (document) => send("POST", this.#task.submitURL, { answer: document }) : null);
      if (!submit) throw new Error("This task names no place to send the answer to.");
      const reply = await this.end(() => submit(answer));
      await this.#drafts.clear();
      this.#otherTabs.leave();
      const goesOn = this.dispatchEvent(new CustomEvent("prelabel-submitted", { detail: answer, bubbles: true, cancelable: true }));
      const next = reply?.next ? new URL(reply.next, location.href) : null;
      if (goesOn && next && next.origin === location.origin) location.assign(next);
      else this.fail("The answer was sent. Thank you.");
    } catch (error) {
      const ends = /[.!?…]$/.test(error.message.trim());
      this.#side.say(`Not sent: ${error.message.trim()}${ends ? "" : "."} Your work is still here.`);
      this.#side.button.disabled = false;
    }
  }

  #show(dialog) {
    dialog.addEventListener("close", () => dialog.remove());
    this.append(dialog);
    dialog.showModal();
  }

  // Keys.

  #keyInText(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const choice = pressedLabel(this.#editor.labels, event);
    if (choice && event.shiftKey) this.#editor.addLabel(choice.label);
    else if (choice) this.#editor.label(choice.label);
    else if (!runCommand(event, this.#editor, this)) return;
    event.preventDefault();
    if (!this.#editor.hasSelection && this.#editor.current) this.#view.reveal(this.#editor.focus);
  }

  #keyAnywhere(event) {
    if (event.defaultPrevented) return;
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === "F6") this.#nextPane(event.shiftKey ? -1 : 1);
    else if (isCommand && event.key === "Enter") this.#submitKey(event);
    else if (isCommand && key === "z" && !isTyping(event)) event.shiftKey ? this.#editor.redo() : this.#editor.undo();
    else if (isCommand && key === "y" && !isTyping(event)) this.#editor.redo();
    else return;
    event.preventDefault();
  }

  /** A key held down goes on into the task that follows, and must not send that one or answer a question. */
  #submitKey(event) {
    if (!event.repeat && !document.querySelector("dialog[open]")) this.finish();
  }

  #nextPane(step) {
    const panes = [this.#view, this.#list, this.#side, this.#image].filter(Boolean);
    const elements = [this.#view.element, this.#list.element, this.#side.element, this.#image?.element].filter(Boolean);
    const index = elements.findIndex((element) => element.contains(document.activeElement));
    panes[(index + step + panes.length) % panes.length].focus();
  }

  // The link between text and image.

  #extras(start, end) {
    const words = this.#task.words;
    return [...words.intersecting(start, end).filter(words.isUncertain).map((word) => ({ ...word, kind: "pl-uncertain" })),
      ...this.#hovered.map((word) => ({ ...word, kind: "pl-linked" }))];
  }

  /** The word under the pointer is lit on the other side, which does not scroll for it. */
  #hover(words, isOnImage) {
    if (this.#hovered[0] === words[0]) return;
    this.#hovered = words;
    if (isOnImage || !words.length) this.#view.repaint();
    if (words.length) this.#image?.light(words, false);
    else this.#link(false);
  }

  /** Lights on the image what the caret, the selection or the current mark is about. */
  #link(follows = true) {
    const { hasSelection, selectionStart, selectionEnd, current, focus } = this.#editor;
    const [start, end] = hasSelection ? [selectionStart, selectionEnd] : current ? [current.start, current.end] : [focus, focus];
    this.#image?.light(this.#task.words.intersecting(start, end), follows);
  }
}

customElements.define("prelabel-annotator", PrelabelAnnotator);
