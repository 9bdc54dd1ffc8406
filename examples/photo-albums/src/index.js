"use strict";

const albums = require("./lib/albums");
const pictures = require("./lib/pictures");
const { sns } = require("./lib/clients");

/** A photo was put into the bucket: a small copy, what it shows, and its place in the album. */
exports.photo = (event, context, callback) => {
  const { bucket, object } = event.Records[0].s3;
  const [album, name] = object.key.split("/");
  pictures.shrink(bucket.name, object.key, (error, small) => {
    if (error) return callback(error);
    pictures.labels(bucket.name, object.key, (lost, labels) => {
      if (lost) return callback(lost);
      albums.add({ album, name, small, labels }, callback);
    });
  });
};

/** The photos of an album, with addresses. */
exports.album = async (event) => {
  const photos = await albums.list(event.pathParameters.album);
  const addresses = await Promise.all(photos.map((photo) => pictures.address(photo.small)));
  return { statusCode: 200, body: JSON.stringify(addresses) };
};

/** A stream of the table: who follows the albums is told. */
exports.announce = (event, context, callback) => {
  const added = event.Records.filter((record) => record.eventName === "INSERT");
  const message = { TopicArn: process.env.NEWS_TOPIC, Message: `${added.length} new photos` };
  sns.publish(message, callback);
};
