import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';

class Shop extends cdk.Stack {
  constructor(scope: cdk.App, id: string) {
    super(scope, id);
    const orders = new dynamodb.Table(this, 'Orders', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    });
    const files = new s3.Bucket(this, 'Files');
    const news = new sns.Topic(this, 'News');
    const common = {
      runtime: lambda.Runtime.PYTHON_3_13,
      code: lambda.Code.fromAsset('src'),
      environment: { ORDERS: orders.tableName, TOPIC: news.topicArn, FILES: files.bucketName },
    };
    const place = new lambda.Function(this, 'Place', { ...common, handler: 'app.place' });
    const show = new lambda.Function(this, 'Show', { ...common, handler: 'app.show' });
    // grants
  }
}

new Shop(new cdk.App(), 'Shop');
