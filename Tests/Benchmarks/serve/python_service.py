"""What a Python service of the same kind does: read the object's text from the data folder, and answer the task input."""
import hashlib
import os
from pathlib import Path

from fastapi import FastAPI, Request

DATA = Path(os.environ["PRELABEL_DATA"])
app = FastAPI()


@app.post("/pre-annotation")
async def pre_annotation(request: Request):
    line = (await request.json())["dataObject"]
    uri = line["text-file-s3-uri"]
    text = (DATA / uri.removeprefix("s3://")).read_text(encoding="utf-8")
    return {
        "isHumanAnnotationRequired": True,
        "taskInput": {
            "taskObject": line["source-ref"], "text": text, "text-sha256": hashlib.sha256(text.encode()).hexdigest(),
            "metadata": line.get("metadata", {}) | {"text_file_s3_uri": uri},
        },
    }
