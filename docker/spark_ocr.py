"""Read page scans on a Spark cluster: each partition of a list of URIs is piped through `prelabel ocr - --jsonl`.

usage: spark-submit --master MASTER spark_ocr.py LIST OUTPUT MANIFEST [--root URI] [--partitions N]

LIST has one page, document or manifest line a row. Texts and page records go to OUTPUT, which all executors have to reach, and one
manifest for all pages to MANIFEST. `prelabel` has to be on every executor's PATH, or PRELABEL names it.

A partition whose executor is lost is tried again by Spark, and goes on where it stopped: pages with a current record are not read
twice, and a record is written as a whole or not at all.
"""
import argparse
import json
import os
import re
import shlex
from pathlib import Path

from pyspark.sql import SparkSession

# Each process updates a manifest of its own, which nobody wants: the lines on standard output are the same, with `seconds`.
# Exit code 1 says that a page failed; its line says why, and trying the partition again would not help.
FILTER = 'd=$(mktemp -d) && { "$0" ocr - --jsonl --workers 1 --manifest "$d/manifest" "$@"; c=$?; rm -r "$d"; [ $c -le 1 ]; }'


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("list", type=Path)
    parser.add_argument("output")
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--root", help="as prelabel ocr --root")
    parser.add_argument("--partitions", type=int, help="default: one for ten pages")
    options = parser.parse_args()

    pages = [line for line in options.list.read_text(encoding="utf-8").splitlines() if line]
    arguments = [os.environ.get("PRELABEL", "prelabel"), "--output", options.output]
    arguments += ["--root", options.root] if options.root else []
    command = shlex.join(["sh", "-c", FILTER, *arguments])
    spark = SparkSession.builder.appName("prelabel ocr").getOrCreate()
    partitions = options.partitions or max(1, len(pages) // 10)
    lines = spark.sparkContext.parallelize(pages, partitions).pipe(command, checkCode=True).collect()
    spark.stop()

    lines = sorted((re.sub(r',"seconds":[0-9.e-]+}$', "}", line) for line in lines), key=place)
    options.manifest.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def place(line):
    """In the order of a walk through a folder: by bytes of the name, and the pages of a document by number."""
    line = json.loads(line)
    return line.get("source-document", line["source-ref"]).encode(), line.get("page", 0)


if __name__ == "__main__":
    main()
