"use strict";

const sharp = require("sharp");
const { rekognition, s3 } = require("./clients");

/** Writes a small copy of a picture, and hands on where that is. */
exports.shrink = (bucket, key, done) => {
  const small = sharp().resize(320);
  const target = { Bucket: process.env.SMALL_BUCKET, Key: `small/${key}`, Body: small };
  s3.upload(target, (error, written) => done(error, written && written.Key));
  s3.getObject({ Bucket: bucket, Key: key }).createReadStream().pipe(small);
};

/** What a picture shows. */
exports.labels = (bucket, key, done) =>
  rekognition.detectLabels({ Image: { S3Object: { Bucket: bucket, Name: key } } }, (error, found) => {
    done(error, found && found.Labels.map((label) => label.Name));
  });

/** An address from which a picture can be read for a while. */
exports.address = (key) => s3.getSignedUrlPromise("getObject", { Bucket: process.env.SMALL_BUCKET, Key: key });
