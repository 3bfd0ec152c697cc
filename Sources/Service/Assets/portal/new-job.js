/** Accounts of Ground Truth's own functions, one a region; any of them will do here. */
const account = "432418664414";

/**
 * A CreateLabelingJob request from what the form holds, and the label category file to write where labels are typed.
 *
 * @returns {{request: Object, categories: ?Object}}
 */
export function requestOf(values, region) {
  const labels = values.labels.split("\n").map((line) => line.trim()).filter(Boolean);
  const isFile = labels.length === 1 && labels[0].startsWith("s3://");
  // Ground Truth offers tasks to the public team for half a day at most.
  const seconds = Math.min(Number(values.days) * 86400, values.team.includes("/public-crowd/") ? 43200 : Infinity);
  const request = {
    LabelingJobName: values.name, LabelAttributeName: values.attribute, RoleArn: values.role,
    InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: values.manifest } } },
    OutputConfig: { S3OutputPath: values.output, ...(values.key ? { KmsKeyId: values.key } : {}) },
    HumanTaskConfig: {
      WorkteamArn: values.team, UiConfig: pageConfig(values, region), TaskTitle: values.title, TaskDescription: values.about,
      NumberOfHumanWorkersPerDataObject: Number(values.answers), TaskTimeLimitInSeconds: Number(values.minutes) * 60,
      TaskAvailabilityLifetimeInSeconds: seconds, MaxConcurrentTaskCount: Number(values.concurrent),
      ...functions(values, region),
    },
  };
  if (isFile) request.LabelCategoryConfigS3Uri = labels[0];
  return { request, categories: isFile ? null : categories(labels, values.instructions) };
}

function pageConfig(values, region) {
  if (values.template) return { UiTemplateS3Uri: values.template };
  return { HumanTaskUiArn: `arn:aws:sagemaker:${region}:394669845002:human-task-ui/NamedEntityRecognition` };
}

function functions(values, region) {
  const own = (stage) => `arn:aws:lambda:${region}:${account}:function:${stage}-${values.kind}`;
  const [before, after] = values.kind === "custom" ? [values.before, values.after] : [own("PRE"), own("ACS")];
  return {
    ...(before ? { PreHumanTaskLambdaArn: before } : {}),
    ...(after ? { AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: after } } : {}),
  };
}

function categories(labels, instructions) {
  const markup = instructions.trim() || "Choose as the labels say.";
  return {
    "document-version": "2018-11-28", labels: labels.map((label) => ({ label })),
    instructions: { shortInstruction: markup, fullInstruction: markup },
  };
}
