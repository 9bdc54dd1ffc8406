import os

import boto3

orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
files = boto3.client("s3")
topic = boto3.client("sns")


def place(event, context):
    orders.put_item(Item=event["order"])
    topic.publish(TopicArn=os.environ["TOPIC"], Message="placed")


def show(event, context):
    orders.query(IndexName="by-customer", KeyConditionExpression="x")
    return files.get_object(Bucket=os.environ["FILES"], Key="receipts/" + event["id"])["Body"].read()
