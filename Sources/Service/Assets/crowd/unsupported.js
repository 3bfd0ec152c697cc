import { make, sheet } from "../shared/dom.js";
import { CrowdControl } from "./element.js";

/** Elements of AWS for images, video and other data, which this project does not offer; lint has the same list. */
export const unsupportedNames = [
  "crowd-3d-point-cloud",
  "crowd-bounding-box",
  "crowd-instance-segmentation",
  "crowd-keypoint",
  "crowd-line",
  "crowd-polygon",
  "crowd-polyline",
  "crowd-question-answer-generation",
  "crowd-rekognition-detect-moderation-labels",
  "crowd-semantic-segmentation",
  "crowd-text-ranking",
  "crowd-textract-analyze-document",
  "crowd-video-object-detection",
  "crowd-video-object-tracking",
];

/** Says in words what is missing, and lets no answer without it pass for a whole one. */
export class UnsupportedElement extends CrowdControl {
  static styles = sheet(
    `:host { display: block; margin: 8px 0; padding: 14px 16px; border: 1px solid #ecd8a4; border-radius: 8px;
      background: #fff6e0; }`);

  render() {
    this.tabIndex = -1;
    this.setAttribute("role", "note");
    this.shadowRoot.append(make("strong", {}, `<${this.localName}> is not supported here.`),
      " Prelabel labels text. A task with this element cannot be answered; please tell the owner of the job.");
  }

  reportValidity() {
    this.focus();
    return false;
  }
}
