//! The library descriptions that come with the program, found by the first words of a path.

/// A description and where its names begin.
#[derive(Debug)]
pub struct LibraryFile {
    /// The language that the library is written for.
    pub language: &'static str,
    /// The file, below `catalogs/aws/libraries`.
    pub file: &'static str,
    /// The beginnings of the paths that it describes: whole names up to a dot. A trailing `*` takes any rest.
    pub roots: &'static [&'static str],
    /// The description.
    pub text: &'static str,
}

macro_rules! files {
    ($($language:literal $file:literal $roots:expr;)*) => {
        &[$(LibraryFile {
            language: $language,
            file: concat!($language, "/", $file),
            roots: &$roots,
            text: include_str!(concat!("../../catalogs/aws/libraries/", $language, "/", $file)),
        }),*]
    };
}

/// All of them, by file.
pub const LIBRARY_FILES: &[LibraryFile] = files! {
    "csharp" "aspnet-core-server.toml" ["Amazon.Lambda.AspNetCoreServer"];
    "csharp" "aws-lambda-powertools.toml" ["AWS.Lambda.Powertools.Idempotency", "AWS.Lambda.Powertools.Parameters"];
    "csharp" "aws-lambda.toml" ["Amazon.Lambda.Core", "Amazon.Lambda.RuntimeSupport", "Amazon.XRay"];
    "csharp" "aws-sdk-dynamodb.toml" ["Amazon.DynamoDBv2.DataModel", "Amazon.DynamoDBv2.DocumentModel"];
    "csharp" "aws-sdk.toml" ["Amazon", "System.Threading.CancellationToken", "System.Threading.CancellationTokenSource"];
    "csharp" "http-client.toml" ["System.Net.Http"];
    "csharp" "microsoft-extensions.toml" ["Amazon.Extensions.Configuration", "Microsoft.AspNetCore", "Microsoft.Extensions", "System.IServiceProvider"];
    "csharp" "opensearch-net.toml" ["OpenSearch.Client", "OpenSearch.Net"];
    "go" "aws-lambda-go.toml" ["github.com/aws/aws-lambda-go/lambda", "github.com/aws/aws-lambda-go/lambdacontext", "github.com/aws/aws-lambda-go/lambdaurl", "github.com/DataDog/datadog-lambda-go", "github.com/epsagon/epsagon-go/epsagon", "github.com/getsentry/sentry-go", "github.com/lumigo-io/go-tracer-beta", "github.com/lumigo-io/lumigo-go-tracer", "github.com/newrelic/go-agent/v3/integrations/nrlambda", "go.opentelemetry.io/contrib/instrumentation/github.com/aws/aws-lambda-go/otellambda"];
    "go" "aws-sdk-go-v2.toml" ["github.com/aws/aws-sdk-go-v2*"];
    "go" "aws-sdk-go.toml" ["github.com/aws/aws-sdk-go/*", "github.com/aws/aws-sdk-go.Client", "github.com/aws/aws-sdk-go.Request"];
    "go" "aws-secretsmanager-caching-go.toml" ["github.com/aws/aws-secretsmanager-caching-go/*", "secretcache"];
    "go" "aws-xray-sdk-go.toml" ["github.com/aws/aws-xray-sdk-go/*", "go.opentelemetry.io/contrib/instrumentation/github.com/aws/aws-sdk-go-v2/otelaws", "gopkg.in/DataDog/dd-trace-go.v1/contrib/aws/*"];
    "go" "cobra.toml" ["github.com/spf13/cobra"];
    "go" "env.toml" ["github.com/Netflix/go-env", "github.com/caarlos0/env", "github.com/caarlos0/env/*", "github.com/kelseyhightower/envconfig", "github.com/sethvargo/go-envconfig"];
    "go" "guregu-dynamo.toml" ["github.com/guregu/dynamo", "github.com/guregu/dynamo/v2", "guregu"];
    "go" "reflect.toml" ["reflect"];
    "go" "sigv4.toml" ["github.com/aws/aws-sdk-go-v2/aws/signer/*", "github.com/aws/aws-sdk-go/aws/signer/*", "net/http", "net/url"];
    "java" "aws-sdk-kotlin.toml" ["aws.sdk.kotlin", "aws.smithy.kotlin"];
    "java" "aws-sdk-v1.toml" ["com.amazonaws"];
    "java" "aws-sdk-v2.toml" ["software.amazon.awssdk"];
    "java" "crac.toml" ["org.crac"];
    "java" "injection.toml" ["Dagger*", "com.google.inject", "dagger"];
    "java" "micronaut.toml" ["io.micronaut"];
    "java" "powertools.toml" ["software.amazon.lambda.powertools"];
    "java" "quarkus.toml" ["io.quarkus"];
    "java" "serverless-java-container.toml" ["com.amazonaws.serverless"];
    "java" "spring.toml" ["org.springframework"];
    "javascript" "ask-sdk.toml" ["ask-sdk", "ask-sdk-core", "ask-sdk-dynamodb-persistence-adapter", "ask-sdk-s3-persistence-adapter"];
    "javascript" "aws-encryption-sdk.toml" ["@aws-crypto/client-node", "@aws-crypto/decrypt-node", "@aws-crypto/encrypt-node", "@aws-crypto/kms-keyring-node"];
    "javascript" "aws-lambda-powertools.toml" ["@aws-lambda-powertools/parameters/*", "@aws-lambda-powertools/idempotency", "@aws-lambda-powertools/idempotency/*", "@aws-lambda-powertools/batch", "@aws-lambda-powertools/logger", "@aws-lambda-powertools/metrics"];
    "javascript" "aws-sdk-v3.toml" ["@aws-sdk/client", "@aws-sdk/client-*", "@aws-sdk/lib-dynamodb", "@aws-sdk/lib-storage", "@aws-sdk/s3-request-presigner", "@aws-sdk/s3-presigned-post", "@aws-sdk/util-dynamodb", "@aws-sdk/credential-providers", "@aws-sdk/credential-provider-node", "@aws-sdk/credential-provider-env"];
    "javascript" "aws-sdk.toml" ["aws-sdk", "aws-sdk/clients/*", "aws-sdk/lib/dynamodb/document_client"];
    "javascript" "aws-xray-sdk.toml" ["aws-xray-sdk", "aws-xray-sdk-core", "@aws-lambda-powertools/tracer"];
    "javascript" "containers.toml" ["awilix", "inversify", "tsyringe", "typedi"];
    "javascript" "databases.toml" ["@aws-sdk/dsql-signer", "@aws-sdk/rds-signer", "data-api-client", "typeorm"];
    "javascript" "dynamodb-onetable.toml" ["dynamodb-onetable", "dynamodb-onetable/Dynamo"];
    "javascript" "dynamodb-toolbox.toml" ["dynamodb-toolbox", "dynamodb-toolbox/*"];
    "javascript" "dynamoose.toml" ["dynamoose"];
    "javascript" "electrodb.toml" ["electrodb"];
    "javascript" "environment.toml" ["@t3-oss/env-core", "@t3-oss/env-nextjs", "convict", "env-var", "envalid", "zod"];
    "javascript" "middy.toml" ["middy", "middy/middlewares", "@middy/ssm", "@middy/secrets-manager", "@middy/sts", "@middy/appconfig", "@middy/rds-signer"];
    "javascript" "nestjs.toml" ["@nestjs/common", "@nestjs/config", "@nestjs/core"];
    "javascript" "node.toml" ["url.URL", "url.parse", "URL"];
    "javascript" "nodemailer.toml" ["nodemailer"];
    "javascript" "routers.toml" ["lambda-api", "routing-controllers"];
    "javascript" "sigv4.toml" ["@aws-sdk/protocol-http", "@aws-sdk/signature-v4", "@smithy/protocol-http", "@smithy/signature-v4", "aws-appsync", "aws-appsync-auth-link", "aws-sigv4-fetch", "aws4", "aws4fetch"];
    "javascript" "sst.toml" ["sst", "sst/node/*", "sst/aws/*"];
    "javascript" "typedorm.toml" ["@typedorm/common", "@typedorm/core", "@typedorm/document-client"];
    "php" "async-aws.toml" ["AsyncAws"];
    "php" "aws-sdk.toml" ["Aws"];
    "php" "bref.toml" ["Bref"];
    "php" "containers.toml" ["DI", "Illuminate.Contracts.Container", "Psr.Container", "Symfony.Component.DependencyInjection", "app", "resolve"];
    "php" "flysystem.toml" ["Illuminate.Filesystem", "Illuminate.Support.Facades.Storage", "League.Flysystem", "Storage"];
    "php" "monolog.toml" ["Maxbanton.Cwh", "Monolog.Handler.DynamoDbHandler", "Monolog.Handler.SqsHandler", "PhpNexus.Cwh"];
    "php" "sigv4.toml" ["Aws.Signature", "GuzzleHttp.Psr7"];
    "php" "stream-wrapper.toml" ["copy", "file", "file_exists", "file_get_contents", "file_put_contents", "filemtime", "filesize", "fopen", "is_dir", "is_file", "mkdir", "opendir", "readfile", "rename", "rmdir", "scandir", "unlink"];
    "python" "amazon-dax-client.toml" ["amazondax"];
    "python" "amazon-sqs-extended-client.toml" ["sqs_extended_client"];
    "python" "anthropic.toml" ["anthropic"];
    "python" "aws-assume-role-lib.toml" ["aws_assume_role_lib", "boto3_refresh_session", "boto_session_manager"];
    "python" "aws-durable-execution-sdk-python.toml" ["aws_durable_execution_sdk_python"];
    "python" "aws-embedded-metrics.toml" ["aws_embedded_metrics"];
    "python" "aws-encryption-sdk.toml" ["aws_encryption_sdk"];
    "python" "aws-lambda-powertools.toml" ["aws_lambda_powertools"];
    "python" "aws-msk-iam-sasl-signer-python.toml" ["aws_msk_iam_sasl_signer"];
    "python" "aws-secretsmanager-caching.toml" ["aws_secretsmanager_caching"];
    "python" "aws-xray-sdk.toml" ["aws_xray_sdk"];
    "python" "awswrangler.toml" ["awswrangler"];
    "python" "boto3-resources/cloudformation.json" ["boto3.resources.cloudformation"];
    "python" "boto3-resources/cloudwatch.json" ["boto3.resources.cloudwatch"];
    "python" "boto3-resources/dynamodb.json" ["boto3.resources.dynamodb", "boto3.dynamodb.table"];
    "python" "boto3-resources/ec2.json" ["boto3.resources.ec2"];
    "python" "boto3-resources/glacier.json" ["boto3.resources.glacier"];
    "python" "boto3-resources/iam.json" ["boto3.resources.iam"];
    "python" "boto3-resources/s3.json" ["boto3.resources.s3"];
    "python" "boto3-resources/sns.json" ["boto3.resources.sns"];
    "python" "boto3-resources/sqs.json" ["boto3.resources.sqs"];
    "python" "boto3.toml" ["boto3", "botocore", "aioboto3", "aiobotocore", "mypy_boto3_*", "types_boto3_*"];
    "python" "celery.toml" ["celery", "kombu"];
    "python" "chalice.toml" ["chalice"];
    "python" "cloudpathlib.toml" ["cloudpathlib"];
    "python" "crhelper.toml" ["cfnresponse", "crhelper"];
    "python" "django-ses.toml" ["django_ses"];
    "python" "django-storages.toml" ["storages"];
    "python" "dynamodb-encryption-sdk.toml" ["dynamodb_encryption_sdk"];
    "python" "dynamorm.toml" ["dynamorm"];
    "python" "langchain-aws.toml" ["langchain_aws"];
    "python" "litellm.toml" ["litellm"];
    "python" "mangum.toml" ["mangum"];
    "python" "opensearch-py.toml" ["elasticsearch", "opensearchpy"];
    "python" "pandas.toml" ["pandas"];
    "python" "polars.toml" ["polars"];
    "python" "pyarrow.toml" ["pyarrow"];
    "python" "pyathena.toml" ["pyathena"];
    "python" "pynamodb.toml" ["pynamodb"];
    "python" "redshift-connector.toml" ["redshift_connector"];
    "python" "requests.toml" ["requests"];
    "python" "s3fs.toml" ["fsspec", "s3fs"];
    "python" "s3path.toml" ["s3path"];
    "python" "s3transfer.toml" ["s3transfer"];
    "python" "sigv4.toml" ["aws_requests_auth", "botocore.auth", "botocore.awsrequest", "botocore.crt", "opensearchpy", "requests_auth_aws_sigv4", "requests_aws4auth"];
    "python" "smart-open.toml" ["smart_open"];
    "python" "ssm-cache.toml" ["lambda_decorators", "ssm_cache", "ssm_parameter_store"];
    "python" "strands-agents.toml" ["strands"];
    "python" "watchtower.toml" ["watchtower"];
    "python" "zappa.toml" ["zappa"];
    "ruby" "aws-record.toml" ["Aws.Record"];
    "ruby" "aws-sdk.toml" ["Aws"];
    "ruby" "dynamoid.toml" ["Dynamoid"];
    "rust" "aws-sdk.toml" ["aws_sdk", "aws_sdk_*", "aws_config", "aws_types", "aws_credential_types", "aws_smithy_types"];
    "rust" "aws-sigv4.toml" ["aws_sigv4", "aws_sdk_dsql", "aws_sdk_rds"];
    "rust" "axum.toml" ["axum"];
    "rust" "deltalake.toml" ["deltalake", "deltalake_core"];
    "rust" "lambda-runtime.toml" ["lambda_extension", "lambda_http", "lambda_runtime", "tower"];
    "rust" "object-store.toml" ["object_store", "parquet", "deltalake", "deltalake_core", "datafusion"];
    "rust" "reqwest.toml" ["reqwest"];
    "rust" "rusoto.toml" ["rusoto", "rusoto_*"];
};

impl LibraryFile {
    /// Whether the file may describe a path.
    pub fn covers(&self, path: &str) -> bool {
        self.roots.iter().any(|root| match root.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        })
    }

    /// Whether the file may describe a path, or something below it.
    pub fn may_hold(&self, path: &str) -> bool {
        let is_below = |root: &&str| root.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '/']));
        self.covers(path) || self.roots.iter().any(is_below)
    }

    /// The descriptions for a language that may describe a path.
    pub fn covering<'a>(language: &'a str, path: &'a str) -> impl Iterator<Item = &'static Self> + 'a {
        LIBRARY_FILES.iter().filter(move |file| file.language == language && file.covers(path))
    }
}
