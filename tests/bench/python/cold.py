"""ingest.py as a function of its own under awslambdaric, for the bench `cold`."""

import os
import time

import boto3

import ingest

table = ingest.Table(boto3.client("dynamodb"), os.environ["RENOWN_TABLE"])


def handler(event, context):
    return ingest.handle(table, event, int(time.time()))
