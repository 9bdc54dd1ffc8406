import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb, aws_iam as iam, aws_lambda as lambda_, aws_s3 as s3, aws_sns as sns


class Shop(cdk.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        orders = dynamodb.Table(
            self, "Orders", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
        )
        files = s3.Bucket(self, "Files")
        news = sns.Topic(self, "News")
        common = dict(
            runtime=lambda_.Runtime.PYTHON_3_13,
            code=lambda_.Code.from_asset("src"),
            environment={"ORDERS": orders.table_name, "TOPIC": news.topic_arn, "FILES": files.bucket_name},
        )
        place = lambda_.Function(self, "Place", handler="app.place", **common)
        show = lambda_.Function(self, "Show", handler="app.show", **common)
        # grants


app = cdk.App()
Shop(app, "Shop")
app.synth()
