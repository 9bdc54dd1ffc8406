# Orders, and what each function may do with them.
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_s3_bucket" "files" {
  bucket = "orders-files"
}

resource "aws_sns_topic" "news" {
  name = "orders-news"
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/code.zip"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "place" {
  name               = "orders-place"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# Too much: everything on every table.
data "aws_iam_policy_document" "place" {
  statement {
    actions   = ["dynamodb:*", "sns:Publish"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "place" {
  name   = "place"
  role   = aws_iam_role.place.id
  policy = data.aws_iam_policy_document.place.json
}

resource "aws_lambda_function" "place" {
  function_name = "orders-place"
  filename      = data.archive_file.code.output_path
  handler       = "app.place"
  runtime       = "python3.13"
  role          = aws_iam_role.place.arn

  environment {
    variables = {
      ORDERS = aws_dynamodb_table.orders.name
      TOPIC  = aws_sns_topic.news.arn
      FILES  = aws_s3_bucket.files.bucket
    }
  }
}
