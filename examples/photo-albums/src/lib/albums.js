"use strict";

const { documents } = require("./clients");

const table = process.env.PHOTOS_TABLE;

/** Keeps what is known of a photo. */
exports.add = (photo, done) => documents.put({ TableName: table, Item: photo }, done);

/** The photos of an album. */
exports.list = async (album) => {
  const request = {
    TableName: table,
    KeyConditionExpression: "album = :album",
    ExpressionAttributeValues: { ":album": album },
  };
  const { Items } = await documents.query(request).promise();
  return Items;
};

/** Forgets a photo; no function does. */
exports.remove = (album, name, done) => documents.delete({ TableName: table, Key: { album, name } }, done);
