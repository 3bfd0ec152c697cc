"""The pre-annotation function as people write it in Python, for comparison: boto3 reads the text, the rest is a dictionary."""
import os

import boto3

s3 = boto3.client("s3", endpoint_url=os.environ.get("AWS_ENDPOINT_URL"), region_name="us-west-2")


def handler(event, context):
    line = event["dataObject"]
    task = {"taskObject": line.get("source") or line.get("source-ref")}
    if "metadata" in line:
        task["metadata"] = line["metadata"]
    if "text-file-s3-uri" in line:
        bucket, key = line["text-file-s3-uri"].removeprefix("s3://").split("/", 1)
        task["text"] = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8")
    else:
        task["text"] = line.get("source", "")
    return {"taskInput": task, "isHumanAnnotationRequired": True}
