"use strict";

const AWSXRay = require("aws-xray-sdk-core");
const AWS = AWSXRay.captureAWS(require("aws-sdk"));

exports.s3 = new AWS.S3({ signatureVersion: "v4" });
exports.documents = new AWS.DynamoDB.DocumentClient();
exports.rekognition = new AWS.Rekognition();
exports.sns = new AWS.SNS();
