//! How fast the steps are: lowering, the abstract run, a whole scan, the catalog.
//!
//! `cargo bench --profile ci` measures; `cargo test --benches` runs each once.
#![expect(clippy::unwrap_used, reason = "a measurement of what did not work is worth nothing")]

use std::fmt::Write as _;
use std::sync::Arc;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use leastwise::app::{MemoryDisk, Scope, Settings, Task, analyse};
use leastwise::catalog::{Catalog, Overlay, OverlaySource, Rule};
use leastwise::cloud::aws::{AwsSdk, CatalogFacts, Names};
use leastwise::flow::{self, Entry, Program, Unit};
use leastwise::lang::language_of;
use leastwise::policy::algebra::{Authority, Engine, Reading};
use leastwise::report::{Detail, format};
use leastwise::text::{FileId, Source, yaml};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// The operations that the generated repositories call, by turns.
const CALLS: &[(&str, &str)] = &[
    ("dynamodb", "put_item(TableName=self.name, Item=item)"),
    ("s3", "put_object(Bucket=self.name, Key=f\"in/{item['id']}\", Body=b\"\")"),
    ("sqs", "send_message(QueueUrl=self.name, MessageBody=item)"),
    ("sns", "publish(TopicArn=self.name, Message=item)"),
    ("ssm", "get_parameter(Name=self.name)"),
];

/// A class that wraps a client, with what such classes have around their call.
fn repository(number: usize) -> String {
    let (service, call) = CALLS.iter().cycle().nth(number).unwrap();
    format!(
        "
class Repository{number}(Base):
    \"\"\"Keeps what number {number} is about.\"\"\"

    def __init__(self, name=None):
        super().__init__()
        self.client = boto3.client(\"{service}\")
        self.name = name or os.environ[\"NAME{number}\"]

    def save(self, item, *, retries=3):
        for attempt in range(retries):
            try:
                answer = self.client.{call}
                logger.info(\"saved %s after %d\", item[\"id\"], attempt)
                return {{\"id\": item[\"id\"], \"answer\": answer, \"all\": [entry for entry in item[\"parts\"] if entry]}}
            except Exception as error:
                if attempt + 1 == retries:
                    raise RuntimeError(f\"not saved: {{error}}\") from error
        return None
"
    )
}

const HEAD: &str = "import json
import logging
import os

import boto3

logger = logging.getLogger()


class Base:
    def __init__(self):
        self.made = True
";

/// A module with `count` repositories and a handler that uses each.
fn module(count: usize) -> String {
    let mut text = HEAD.to_owned();
    for number in 0..count {
        text += &repository(number);
    }
    text += "\n\ndef handler(event, context):\n    for record in event[\"Records\"]:\n        item = json.loads(record[\"body\"])\n";
    for number in 0..count {
        let _ = writeln!(text, "        Repository{number}().save(item)");
    }
    text
}

/// A module of about a megabyte.
fn megabyte() -> String {
    let each = repository(10).len() + 40;
    module((1 << 20) / each)
}

#[divan::bench]
fn lower_a_megabyte(bencher: Bencher) {
    let source = Source::new("app.py", megabyte());
    let language = language_of("app.py").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// A package of about a megabyte: types over clients, each with a method that sends.
fn go_megabyte() -> String {
    let mut text =
        "package main\n\nimport (\n\t\"context\"\n\n\t\"github.com/aws/aws-sdk-go-v2/service/sqs\"\n)\n"
            .to_owned();
    for number in 0.. {
        if text.len() > 1 << 20 {
            break;
        }
        let _ = write!(
            text,
            "
// Queue{number} keeps what number {number} is about.
type Queue{number} struct {{
	client *sqs.Client
	url    string
}}

func (q *Queue{number}) Send(ctx context.Context, items []string) error {{
	for place, item := range items {{
		input := &sqs.SendMessageInput{{QueueUrl: &q.url, MessageBody: &item}}
		if _, err := q.client.SendMessage(ctx, input); err != nil {{
			return fmt.Errorf(\"item %d of %s: %w\", place, q.url, err)
		}}
	}}
	return nil
}}
"
        );
    }
    text
}

#[divan::bench]
fn lower_a_megabyte_of_go(bencher: Bencher) {
    let source = Source::new("main.go", go_megabyte());
    let language = language_of("main.go").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// A program of about a megabyte: classes over clients, each with a method that sends.
fn typescript_megabyte() -> String {
    let mut text = "import { SQSClient, SendMessageCommand } from \"@aws-sdk/client-sqs\";\n".to_owned();
    for number in 0.. {
        if text.len() > 1 << 20 {
            break;
        }
        let _ = write!(
            text,
            "
/** What number {number} is about. */
export class Queue{number} {{
  readonly #client = new SQSClient({{}});

  constructor(private readonly url: string = process.env.QUEUE{number} ?? \"none\") {{}}

  async send(items: readonly string[], {{ delay = 0, ...rest }}: {{ delay?: number }} = {{}}): Promise<void> {{
    for (const [place, MessageBody] of items.entries()) {{
      await this.#client.send(new SendMessageCommand({{ QueueUrl: this.url, MessageBody, ...rest }}));
      console.log(`item ${{place}} of ${{this.url}} after ${{delay}}`);
    }}
  }}
}}
"
        );
    }
    text
}

#[divan::bench]
fn lower_a_megabyte_of_typescript(bencher: Bencher) {
    let source = Source::new("app.ts", typescript_megabyte());
    let language = language_of("app.ts").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// The run alone, over repositories that each send one request.
#[divan::bench(args = [10, 100, 1000])]
fn run(bencher: Bencher, repositories: usize) {
    let language = language_of("app.py").unwrap();
    let module = Arc::new((language.lower)(&Source::new("app.py", module(repositories)), FileId(0)));
    let mut program = Program::default();
    let unit = program.add(Unit { module: Some(module), ..Unit::default() });
    let entry = Entry { unit, symbol: Some("handler".into()), others: vec![], adapter: None, alone: false };
    let sdk = AwsSdk::new(Catalog::embedded());
    let names = Names { deployment: None, function: None, platform: &[], settings: &[] };
    let found = flow::run(&program, &sdk, &names, &entry);
    assert_eq!(found.calls.len(), repositories);
    bencher
        .counter(ItemsCount::new(repositories))
        .bench_local(|| flow::run(black_box(&program), &sdk, &names, &entry));
}

/// A project of many files: a function for every ten repositories, all of them in one template.
fn project(functions: usize) -> MemoryDisk {
    let mut template = "Transform: AWS::Serverless-2016-10-31\nResources:\n".to_owned();
    let mut files = vec![];
    for function in 0..functions {
        let _ = write!(
            template,
            "  Function{function}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: f{function}/\n      Handler: app.handler\n      Runtime: python3.13\n      Environment:\n        Variables:\n          NAME0: orders\n"
        );
        files.push((format!("f{function}/app.py"), module(10)));
    }
    files.push(("template.yaml".to_owned(), template));
    MemoryDisk::new(files)
}

#[divan::bench(args = [1, 20])]
fn scan(bencher: Bencher, functions: usize) {
    let disk = project(functions);
    let settings = Settings {
        task: Task::Scan { strict: false },
        format: format("json").unwrap(),
        scope: Scope::default(),
        detail: Detail::Full,
        exit_zero: false,
        quiet: true,
        progress: false,
    };
    assert_eq!(analyse(&settings, &disk).unwrap().functions.len(), functions);
    let lines = functions * module(10).lines().count();
    bencher
        .counter(ItemsCount::new(lines))
        .bench_local(|| analyse(black_box(&settings), black_box(&disk)).unwrap());
}

/// What a start pays for the catalog.
#[divan::bench]
fn open_the_catalog(bencher: Bencher) {
    bencher.bench_local(|| black_box(Catalog::embedded()).date().len());
}

/// One operation by its name, with its rules and what they are checked on, as a call needs them.
#[divan::bench(args = ["dynamodb.PutItem", "s3.GetObject", "s3.CopyObject", "ec2.RunInstances"])]
fn resolve(bencher: Bencher, name: &str) {
    let catalog = Catalog::embedded();
    let (service, operation) = name.split_once('.').unwrap();
    bencher.bench_local(|| {
        let found = catalog.service(black_box(service))?.operation(black_box(operation))?;
        let texts =
            |rule: Rule| rule.action().len() + rule.resources().map(|each| each.arn().len()).sum::<usize>();
        Some(found.rules().map(texts).sum::<usize>())
    });
}

/// An overlay that changes one operation of the largest service.
#[divan::bench]
fn read_an_overlay(bencher: Bencher) {
    let text =
        "[services.ec2.operations.RunInstances]\nadd = true\nrules = [{ action = \"ec2:CreateTags\" }]\n";
    bencher.bench_local(|| {
        let source = OverlaySource::parse("acme.toml", black_box(text)).unwrap();
        Overlay::read(&[source], &[]).unwrap().stamp()
    });
}

#[divan::bench(args = ["putitem", "s3:Get*"])]
fn search_the_catalog(bencher: Bencher, text: &str) {
    bencher.bench_local(|| Catalog::embedded().search(black_box(text)).operations.len());
}

#[divan::bench]
fn resolve_in_the_catalog(bencher: Bencher) {
    let names = [
        ("dynamodb", "PutItem"),
        ("s3", "GetObject"),
        ("stepfunctions", "StartExecution"),
        ("iam", "PassRole"),
    ];
    bencher.counter(ItemsCount::new(names.len())).bench_local(|| {
        let catalog = Catalog::embedded();
        let operation = |(service, name): &(&str, &str)| catalog.service(service)?.operation(name);
        names
            .iter()
            .filter_map(|name| operation(black_box(name)))
            .map(|found| found.rules().len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn expand_a_pattern(bencher: Bencher) {
    let catalog = Catalog::embedded();
    bencher.bench_local(|| catalog.expand(black_box("s3:*Object*")).len());
}

/// A struct around a client, as programs in Rust have it.
fn rust_repository(number: usize) -> String {
    format!(
        "
pub struct Repository{number} {{
    client: aws_sdk_dynamodb::Client,
    table: String,
}}

impl Repository{number} {{
    pub async fn save(&self, id: &str, parts: Vec<String>) -> Result<usize, Error> {{
        let wanted: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        match self.client.put_item().table_name(&self.table).item(\"id\", AttributeValue::S(id.to_owned())).send().await {{
            Ok(answer) => info!(\"saved {{}} as {{answer:?}}\", id),
            Err(error) => return Err(format!(\"not saved: {{error}}\").into()),
        }}
        Ok(wanted.len())
    }}
}}
"
    )
}

#[divan::bench]
fn lower_a_megabyte_of_rust(bencher: Bencher) {
    let count = (1 << 20) / rust_repository(10).len();
    let source = Source::new("lib.rs", (0..count).map(rust_repository).collect::<String>());
    let language = language_of("lib.rs").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// Two policies that AWS manages, by meaning.
#[divan::bench(args = [("AmazonS3ReadOnlyAccess", "AmazonS3FullAccess"), ("PowerUserAccess", "AdministratorAccess")])]
fn compare_policies(bencher: Bencher, (old, new): (&str, &str)) {
    let facts = CatalogFacts(Catalog::embedded());
    let document = |name: &str| {
        let text = Catalog::embedded().managed_policy(name).unwrap();
        let (node, _) = yaml::parse(&Source::new("policy.json", text), FileId(0));
        leastwise::policy::parse(&node, FileId(0)).0
    };
    let (old, new) = (document(old), document(new));
    let authority = |document| Authority { layers: vec![vec![document]] };
    let mut engine = Engine::new(&facts);
    bencher.bench_local(|| {
        engine.compare(&authority(black_box(&old)), &authority(&new), Reading::Whole).relation().standing()
    });
}

/// A class around a client, as programs in Java have it.
fn java_repository(number: usize) -> String {
    format!(
        "
class Repository{number} implements Store {{
    private final DynamoDbClient client;
    private final String table = System.getenv(\"TABLE\");

    Repository{number}(DynamoDbClient client) {{
        this.client = client;
    }}

    @Override
    public int save(String id, List<String> parts) {{
        List<String> wanted = parts.stream().filter(part -> !part.isEmpty()).map(String::trim).toList();
        try {{
            client.putItem(put -> put.tableName(table).item(Map.of(\"id\", AttributeValue.fromS(id))));
        }} catch (RuntimeException problem) {{
            throw new IllegalStateException(String.format(\"not saved: %s\", id), problem);
        }}
        return wanted.size();
    }}
}}
"
    )
}

#[divan::bench]
fn lower_a_megabyte_of_java(bencher: Bencher) {
    let count = (1 << 20) / java_repository(10).len();
    let source = Source::new("Repositories.java", (0..count).map(java_repository).collect::<String>());
    let language = language_of("Repositories.java").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// A class around a client, as programs in Kotlin have it.
fn kotlin_repository(number: usize) -> String {
    format!(
        "
class Repository{number}(private val client: DynamoDbClient) : Store {{
    private val table = System.getenv(\"TABLE\") ?: error(\"no table\")

    override suspend fun save(id: String, parts: List<String>): Int {{
        val wanted = parts.filter {{ it.isNotEmpty() }}.map {{ part -> part.trim() }}
        runCatching {{
            client.putItem {{
                tableName = table
                item = mapOf(\"id\" to AttributeValue.S(id))
            }}
        }}.onFailure {{ throw IllegalStateException(\"not saved: $id\", it) }}
        return wanted.size
    }}
}}
"
    )
}

#[divan::bench]
fn lower_a_megabyte_of_kotlin(bencher: Bencher) {
    let count = (1 << 20) / kotlin_repository(10).len();
    let source = Source::new("Repositories.kt", (0..count).map(kotlin_repository).collect::<String>());
    let language = language_of("Repositories.kt").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// A class around a client, as programs in C# have it.
fn csharp_repository(number: usize) -> String {
    format!(
        "
public class Repository{number}(IAmazonDynamoDB client) : IStore
{{
    private readonly string _table = Environment.GetEnvironmentVariable(\"TABLE\") ?? \"orders\";
    public string Name {{ get; init; }} = \"repository\";

    public async Task<int> SaveAsync(string id, IEnumerable<string> parts)
    {{
        var wanted = parts.Where(part => part.Length > 0).Select(part => part.Trim()).ToList();
        try
        {{
            await client.PutItemAsync(new PutItemRequest {{ TableName = _table, Item = new() {{ [\"id\"] = new AttributeValue(id) }} }});
        }}
        catch (Exception problem) when (id is not null)
        {{
            throw new InvalidOperationException($\"not saved: {{id}}\", problem);
        }}
        return wanted.Count;
    }}
}}
"
    )
}

#[divan::bench]
fn lower_a_megabyte_of_csharp(bencher: Bencher) {
    let count = (1 << 20) / csharp_repository(10).len();
    let source = Source::new("Repositories.cs", (0..count).map(csharp_repository).collect::<String>());
    let language = language_of("Repositories.cs").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// A class around a client, as programs in Ruby have it.
fn ruby_repository(number: usize) -> String {
    format!(
        "
class Repository{number} < Base
  attr_reader :table

  def initialize(table: ENV.fetch('TABLE'), client: Aws::DynamoDB::Client.new)
    @table = table
    @client = client
  end

  def save(id, parts = [])
    wanted = parts.select {{ |part| part[:size] > 0 }}.map(&:strip)
    @client.put_item(table_name: table, item: {{ 'id' => \"a/#{{id}}\", 'parts' => wanted }})
    wanted.each_with_index {{ |part, place| notify(part, place) if part }}
  rescue Aws::DynamoDB::Errors::ServiceError => error
    raise ArgumentError, \"not saved: #{{error.message}}\"
  end
end
"
    )
}

#[divan::bench]
fn lower_a_megabyte_of_ruby(bencher: Bencher) {
    let count = (1 << 20) / ruby_repository(10).len();
    let source = Source::new("repositories.rb", (0..count).map(ruby_repository).collect::<String>());
    let language = language_of("repositories.rb").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}

/// A class around a client, as programs in PHP have it.
fn php_repository(number: usize) -> String {
    format!(
        "
final class Repository{number} extends Base
{{
    public function __construct(private DynamoDbClient $client, private string $table = 'orders') {{}}

    public function save(string $id, array $parts = []): array
    {{
        $wanted = array_filter($parts, fn ($part) => $part['size'] > 0);
        try {{
            $this->client->putItem(['TableName' => $this->table, 'Item' => ['id' => [\"S\" => \"a/{{$id}}\"]]]);
        }} catch (DynamoDbException $error) {{
            throw new RuntimeException(\"not saved: {{$error->getMessage()}}\");
        }}
        foreach ($wanted as $place => $part) {{
            $this->notify($part ?? null, $place);
        }}
        return $wanted;
    }}
}}
"
    )
}

#[divan::bench]
fn lower_a_megabyte_of_php(bencher: Bencher) {
    let count = (1 << 20) / php_repository(10).len();
    let text = "<?php\n".to_owned() + &(0..count).map(php_repository).collect::<String>();
    let source = Source::new("repositories.php", text);
    let language = language_of("repositories.php").unwrap();
    bencher
        .counter(BytesCount::of_str(source.text()))
        .bench_local(|| (language.lower)(black_box(&source), FileId(0)));
}
