"""Requests and answers by botocore's model of SageMaker: one request for each way to break a rule of it, and whether an answer keeps to it."""
import copy
import json
import re

import botocore.session

from labeling import BUILT_IN, REGION, TEAM

MODEL = botocore.session.get_session().get_service_model("sagemaker")
OPERATIONS = [
    "CreateLabelingJob", "DescribeLabelingJob", "ListLabelingJobs", "ListLabelingJobsForWorkteam", "StopLabelingJob", "RenderUiTemplate",
    "CreateWorkteam", "DescribeWorkteam", "ListWorkteams", "UpdateWorkteam", "DeleteWorkteam", "ListWorkforces", "DescribeWorkforce",
    "AddTags", "ListTags", "DeleteTags",
]
# A text that its pattern takes, for each shape that has one.
GOOD = {
    "LabelingJobName": "a-1", "LabelAttributeName": "kind", "RoleArn": "arn:aws:iam::111122223333:role/gt", "S3Uri": "s3://labels/x",
    "SnsTopicArn": f"arn:aws:sns:{REGION}:111122223333:t", "KmsKeyId": "alias/k", "LabelingJobAlgorithmSpecificationArn": "arn:aws:x",
    "ModelArn": f"arn:aws:sagemaker:{REGION}:111122223333:model/m", "SecurityGroupId": "sg-1", "SubnetId": "subnet-1", "WorkteamArn": TEAM,
    "HumanTaskUiArn": f"arn:aws:sagemaker:{REGION}:394669845002:human-task-ui/NamedEntityRecognition", "LambdaFunctionArn": BUILT_IN + "PRE-TextMultiClass",
    "TaskKeyword": "two words", "TaskTitle": "Title", "TaskDescription": "Words", "TagKey": "key", "TagValue": "value", "NextToken": "t",
    "NameContains": "a", "JobReferenceCodeContains": "a", "TemplateContent": "<p>", "TaskInput": "{}", "WorkteamName": "a-1", "WorkforceName": "a-1",
    "String200": "Words", "CognitoUserPool": "us-west-2_x", "CognitoUserGroup": "g", "ClientId": "c", "Group": "g",
    "NotificationTopicArn": f"arn:aws:sns:{REGION}:111122223333:t", "ResourceArn": TEAM,
}
WRONG_TYPES = {"string": [7, {}], "integer": ["seven", 1.5, True], "list": [{}, "text"], "structure": ["text", [1]], "timestamp": ["yesterday", True], "boolean": ["yes"]}
TYPE_NAMES = {"string": "String", "integer": "Integer", "list": "List", "structure": "Structure", "timestamp": "Timestamp"}


def example(shape):
    """A value with every member of its shape."""
    match shape.type_name:
        case "structure":
            return {name: example(member) for name, member in shape.members.items()}
        case "list":
            return [example(shape.member)]
        case "integer":
            return max(shape.metadata.get("min", 0), 1)
        case "timestamp":
            return 1_700_000_000.5
        case "string":
            return shape.enum[0] if shape.enum else GOOD[shape.name]
    raise AssertionError(f"{shape.name} is a {shape.type_name}")


def matches(pattern, text):
    """Whether a text matches; Python's expressions know no `\\p`, and what is put in for it is wide enough here."""
    return re.fullmatch(re.sub(r"\[?\\p\{\w\}(\\p\{\w\}|[^\]])*\]?", r"[\\w .:/=+@-]", pattern) if r"\p" in pattern else pattern, text) is not None


def violations(shape, path=()):
    """Pairs of a path and a value, or `None` for leaving it out, that break one rule each; with the words that tell the rule."""
    for wrong in WRONG_TYPES[shape.type_name]:
        if path:
            yield path, wrong, f"can not be converted to {TYPE_NAMES[shape.type_name]}"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape.type_name:
        case "structure":
            for name, member in shape.members.items():
                if name in shape.required_members:
                    yield (*path, name), None, "Member must not be null"
                yield from violations(member, (*path, name))
        case "list":
            if least:
                yield path, [], f"length greater than or equal to {least}"
            if most is not None:
                yield path, [example(shape.member)] * (most + 1), f"length less than or equal to {most}"
            yield from violations(shape.member, (*path, 0))
        case "integer":
            if least is not None:
                yield path, least - 1, f"value greater than or equal to {least}"
            if most is not None:
                yield path, most + 1, f"value less than or equal to {most}"
        case "string" if shape.enum:
            yield path, "none-such", f"enum value set: [{', '.join(shape.enum)}]"
        case "string":
            good = GOOD[shape.name]
            if least:
                yield path, good[: least - 1], f"length greater than or equal to {least}"
            if most is not None:
                yield path, good + good[-1] * (most + 1 - len(good)), f"length less than or equal to {most}"
            if pattern := shape.metadata.get("pattern"):
                bad = [text for text in ("\x07" * max(least or 1, 1), "a\nb") if not matches(pattern, text)]
                if bad:
                    yield path, bad[0], f"regular expression pattern: {pattern}"


def broken_requests(operation):
    """Requests that break one rule each: a name for people, the request, where the fault is as AWS spells it, and what is said of it."""
    shape = MODEL.operation_model(operation).input_shape
    for path, value, words in violations(shape):
        request = copy.deepcopy(example(shape))
        holder = request
        for part in path[:-1]:
            holder = holder[part]
        if value is None:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
        spelled = ".".join(f"{part + 1}.member" if isinstance(part, int) else part[0].lower() + part[1:] for part in path)
        yield request, spelled, words


def faults(shape, value, path="answer"):
    """What in an answer does not keep to its shape."""
    kinds = {"structure": dict, "list": list, "integer": int, "string": str, "timestamp": (int, float), "boolean": bool}
    if not isinstance(value, kinds[shape.type_name]):
        yield f"{path} is {json.dumps(value)[:60]}, expected a {shape.type_name}"
        return
    match shape.type_name:
        case "structure":
            yield from (f"{path} has no {name}" for name in shape.required_members if name not in value)
            for name, member in value.items():
                if name not in shape.members:
                    yield f"{path} has {name}, which the model does not know"
                else:
                    yield from faults(shape.members[name], member, f"{path}.{name}")
        case "list":
            for index, element in enumerate(value):
                yield from faults(shape.member, element, f"{path}[{index}]")
        case "integer" if value < shape.metadata.get("min", value):
            yield f"{path} is {value}"
        case "string":
            if shape.enum and value not in shape.enum:
                yield f"{path} is {value}, expected one of {shape.enum}"
            if not shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value)):
                yield f"{path} has {len(value)} characters"
            if (pattern := shape.metadata.get("pattern")) and not matches(pattern, value):
                yield f"{path} is {value}, expected {pattern}"
