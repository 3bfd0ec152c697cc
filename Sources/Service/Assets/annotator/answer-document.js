import { spanProblem } from "../marking/offsets.js";

/**
 * The answer of a task (Assets/README.md): the entities under `crowd-entity-annotation` as that element gives them, the question's
 * answer, the notes, the text it was marked on with its hash, and what became of each suggestion.
 */
export function answerDocument(task, store) {
  const spans = store.spans.filter((span) => !span.isPending);
  const answer = {
    "crowd-entity-annotation": { entities: spans.map(({ start, end, label }) => ({ endOffset: end, label, startOffset: start })) },
    notes: store.field("notes") ?? "",
    text: task.text,
  };
  if (task.sha256 !== null) answer["text-sha256"] = task.sha256;
  if (task.question && store.field("question")) answer[questionName(task)] = store.field("question");
  const added = spans.filter((span) => span.suggestion === null).length;
  if (task.suggestions.length) answer.suggestions = { added, outcomes: outcomes(task, store) };
  else if (task.areSuggestionsWithheld) answer.suggestions = { added, withheld: true };
  return answer;
}

/** The key under which the question's answer, `yes` or `no`, stands. */
export function questionName(task) {
  return String(task.question?.name ?? "isGoodAbstract");
}

/** One a suggestion, in their order: `accepted`, `fixed` (with what it became), `rejected`, or `undecided`. */
function outcomes(task, store) {
  const results = new Map(store.spans.filter((span) => span.suggestion !== null).map((span) => [span.suggestion, span]));
  // Equal suggestions that were accepted became one mark, which comes from one of them.
  const accepted = ({ startOffset, endOffset, label }) =>
    store.equalTo({ start: startOffset, end: endOffset, label }).find((span) => span.suggestion !== null && !span.isPending);
  return task.suggestions.map((suggestion) => {
    const { startOffset, endOffset, label } = suggestion;
    const shape = { endOffset, label, startOffset };
    const span = results.get(suggestion.index) ?? accepted(suggestion);
    if (!span) return { ...shape, outcome: "rejected" };
    if (span.isPending) return { ...shape, outcome: "undecided" };
    if (span.start === startOffset && span.end === endOffset && span.label === label) return { ...shape, outcome: "accepted" };
    return { ...shape, outcome: "fixed", became: { endOffset: span.end, label: span.label, startOffset: span.start } };
  });
}

/** The work as it stands, so that it can be taken up again: undecided suggestions included, the history of changes not. */
export function draftDocument(task, store, savedAt) {
  const entities = store.spans.map(
    ({ start, end, label, suggestion, isPending }) => ({ endOffset: end, isPending, label, startOffset: start, suggestion }));
  const { notes = "", question = null } = store.fields;
  return { entities, notes, question, savedAt, "text-sha256": task.sha256 };
}

/** Loads a draft, or else the suggestions as undecided. Returns why entities were left out. */
export function loadDraft(task, store, draft) {
  const fields = { notes: draft?.notes ?? "", question: draft?.question ?? undefined };
  if (!Array.isArray(draft?.entities)) {
    const spans = task.suggestions.map(
      ({ startOffset: start, endOffset: end, label, index: suggestion }) => ({ start, end, label, suggestion, isPending: true }));
    store.load(spans, fields);
    return [];
  }
  const problems = [];
  const spans = draft.entities.flatMap((entity, index) => {
    const problem = spanProblem(task.text, entity ?? {});
    if (problem) problems.push(`mark ${index} of the draft is left out: ${problem}`);
    if (problem) return [];
    const { startOffset: start, endOffset: end, label, suggestion = null, isPending } = entity;
    return [{ start, end, label, suggestion, isPending: isPending === true }];
  });
  store.load(spans, fields);
  return problems;
}
