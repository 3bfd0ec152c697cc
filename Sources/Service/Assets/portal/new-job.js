/** One of the accounts of Ground Truth's own functions, which differ by region; any of them will do here. */
const awsAccount = "432418664414";
/** Where this program's functions seem to live. */
const ownAccount = "000000000000";

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
  const [before, after] = functionNames(values, (account, name) => `arn:aws:lambda:${region}:${account}:function:${name}`);
  return {
    ...(before ? { PreHumanTaskLambdaArn: before } : {}),
    ...(after ? { AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: after } } : {}),
  };
}

function functionNames({ kind, before, after }, arn) {
  if (kind === "custom") return [before, after];
  if (kind === "spans") return [arn(ownAccount, "prelabel-pre-annotation"), arn(ownAccount, "prelabel-post-annotation-best")];
  return [arn(awsAccount, `PRE-${kind}`), arn(awsAccount, `ACS-${kind}`)];
}

function categories(labels, instructions) {
  const markup = instructions.trim() || "Choose as the labels say.";
  return {
    "document-version": "2018-11-28", labels: labels.map((label) => ({ label })),
    instructions: { shortInstruction: markup, fullInstruction: markup },
  };
}
