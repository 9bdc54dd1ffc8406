"""Labels each picture that is uploaded, files it in the library and keeps its labels in a table."""

from __future__ import annotations

import logging
import os
from typing import Any
from urllib.parse import unquote_plus

import boto3

from pipeline.labels import Labeller
from pipeline.library import Library
from pipeline.pictures import Picture, PictureTable

logger = logging.getLogger()
logger.setLevel(logging.INFO)

labeller = Labeller(boto3.client("rekognition"), min_confidence=float(os.environ["MIN_CONFIDENCE"]))
library = Library(boto3.client("s3"), bucket=os.environ["LIBRARY_BUCKET"])
pictures = PictureTable(boto3.resource("dynamodb").Table(os.environ["PICTURES_TABLE"]))


def handler(event: dict[str, Any], context: Any) -> None:
    """Takes the uploads out of the event. Where one fails, the platform tries the whole event again."""
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        process(Picture(bucket=bucket, key=key, size=record["s3"]["object"]["size"]))


def process(picture: Picture) -> None:
    """Labels, files and records one picture."""
    labels = labeller.labels(picture)
    if not labels:
        logger.warning("nothing to be seen on %s", picture.key)
    filed = library.file(picture, labels)
    pictures.keep(picture, filed, labels)
    library.discard(picture)
    logger.info("filed %s as %s", picture.key, filed)
