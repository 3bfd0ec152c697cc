import { CrowdButton } from "./button.js";
import { CrowdCheckbox, CrowdRadioButton, CrowdRadioGroup, CrowdToggleButton } from "./choices.js";
import {
  CrowdClassifier, CrowdClassifierMultiSelect, CrowdImageClassifier, CrowdImageClassifierMultiSelect,
} from "./classifier.js";
import { CrowdInstructions, CrowdModal } from "./dialogs.js";
import { CrowdEntityAnnotation } from "./entity-annotation.js";
import { shareDraft } from "./draft.js";
import { CrowdForm } from "./form.js";
import { CrowdFab, CrowdIcon, CrowdIconButton, IronIcon } from "./icons.js";
import { ClassificationTarget, FullInstructions, ShortInstructions } from "./instructions.js";
import { CrowdCard, CrowdTab, CrowdTabs } from "./layout.js";
import { CrowdAlert, CrowdBadge, CrowdSpinner, CrowdToast, CrowdTooltip } from "./messages.js";
import { hearEarly, startSettling } from "./left-over.js";
import { CrowdSlider } from "./slider.js";
import { announceReady } from "./submission.js";
import { CrowdInput, CrowdTextArea } from "./text-fields.js";
import { UnsupportedElement, unsupportedNames } from "./unsupported.js";

const elements = {
  "classification-target": ClassificationTarget,
  "crowd-alert": CrowdAlert,
  "crowd-badge": CrowdBadge,
  "crowd-button": CrowdButton,
  "crowd-card": CrowdCard,
  "crowd-checkbox": CrowdCheckbox,
  "crowd-classifier": CrowdClassifier,
  "crowd-classifier-multi-select": CrowdClassifierMultiSelect,
  "crowd-entity-annotation": CrowdEntityAnnotation,
  "crowd-fab": CrowdFab,
  "crowd-form": CrowdForm,
  "crowd-icon": CrowdIcon,
  "crowd-icon-button": CrowdIconButton,
  "crowd-image-classifier": CrowdImageClassifier,
  "crowd-image-classifier-multi-select": CrowdImageClassifierMultiSelect,
  "crowd-input": CrowdInput,
  "crowd-instructions": CrowdInstructions,
  "crowd-modal": CrowdModal,
  "crowd-radio-button": CrowdRadioButton,
  "crowd-radio-group": CrowdRadioGroup,
  "crowd-slider": CrowdSlider,
  "crowd-spinner": CrowdSpinner,
  "crowd-tab": CrowdTab,
  "crowd-tabs": CrowdTabs,
  "crowd-text-area": CrowdTextArea,
  "crowd-toast": CrowdToast,
  "crowd-toggle-button": CrowdToggleButton,
  "crowd-tooltip": CrowdTooltip,
  "full-instructions": FullInstructions,
  "iron-icon": IronIcon,
  "short-instructions": ShortInstructions,
};

// The whole page first, so that every element finds its children; then the event that templates wait for, after the page's own
// DOMContentLoaded listeners.
if (document.readyState === "loading")
  await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
for (const name of unsupportedNames) define(name, class extends UnsupportedElement {});
for (const [name, element] of Object.entries(elements)) define(name, element);
hearEarly(true);
await new Promise((resolve) => setTimeout(resolve));
hearEarly(false);
document.dispatchEvent(new Event("all-crowd-elements-ready"));
shareDraft(forms());
startSettling();
announceReady();

/** The page's forms, with those that stand inside of `crowd-entity-annotation`. */
function forms() {
  const annotations = [...document.querySelectorAll("crowd-entity-annotation")];
  const inside = annotations.map((annotation) => annotation.shadowRoot.querySelector("crowd-form")).filter(Boolean);
  return [...document.querySelectorAll("crowd-form"), ...inside];
}

function define(name, element) {
  if (!customElements.get(name)) customElements.define(name, element);
}
