import { forgetFilledIn, isFilledIn } from "./left-over.js";
import { hearDraft, tellDraft } from "./submission.js";

/**
 * Tells the page around the template's frame after each change what is filled in, and puts back what that page kept of it.
 *
 * A draft is whole unless scripts keep something that no control shows: hidden fields that they fill in, what a page with an
 * `onsubmit` gathers only then, controls without a name. The page around warns before it loses what is not in the draft.
 *
 * @param {Array<CrowdForm>} forms Of the page.
 */
export function shareDraft(forms) {
  const hiddenValues = () => JSON.stringify(forms.map((form) => form.hiddenValues));
  const atFirst = hiddenValues();
  let isWhole = true;
  let isRestoring = false;
  let isTelling = false;

  const tell = () => {
    isTelling = false;
    isWhole &&= hiddenValues() === atFirst;
    tellDraft(Object.assign({}, ...forms.map((form) => form.answer)), isWhole);
  };
  const changed = (isInDraft) => {
    if (isRestoring) return;
    isWhole &&= isInDraft;
    // Once the page's own listeners have done what they do.
    if (!isTelling) setTimeout(tell);
    isTelling = true;
  };
  const isOwned = (event) => event.composedPath().some((node) => node instanceof Element && forms.some((form) => form.owns(node)));
  for (const name of ["input", "change"]) document.addEventListener(name, (event) => changed(isOwned(event)));
  document.addEventListener("click", (event) => {
    const isGathered = forms.some((form) => form.onsubmit);
    if (event.isTrusted && isGathered && !isOwned(event)) changed(false);
  });

  // What was filled in before anybody listened is told, too.
  if (isFilledIn()) changed(true);
  hearDraft((values) => {
    const isChanged = isFilledIn();
    isRestoring = true;
    for (const form of forms) form.restore(values);
    isRestoring = false;
    if (isChanged) changed(true);
    forgetFilledIn();
  });
}
