//! The names of all clients: a program for each SDK makes a client of every service, and each is found to be that service's.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these tests run the program on files that they write, and stop where they cannot"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use leastwise::catalog::Catalog;
use pretty_assertions::assert_eq;
use serde_json::Value;
use tempfile::TempDir;

/// How a program of an SDK is written. In the lines, `NAME` is the client's name in the SDK, `INDEX` its number, `OPERATION`, `CAMEL` and
/// `SNAKE` an operation of the service in three spellings.
struct Sdk {
    name: &'static str,
    file: &'static str,
    symbol: &'static str,
    /// What stands before the clients, a line for each client there, and what follows.
    head: [&'static str; 2],
    import: &'static str,
    client: &'static str,
    tail: &'static str,
    /// A file that the language needs beside the program.
    beside: Option<[&'static str; 2]>,
}

const JAVA_V1: Sdk = Sdk {
    name: "java-v1",
    file: "src/main/java/app/Handler.java",
    symbol: "app.Handler",
    head: [JAVA_HEAD, ""],
    import: "",
    client: "    com.amazonaws.services.NAMEClientBuilder.defaultClient().CAMEL(null);\n",
    tail: JAVA_TAIL,
    beside: None,
};

const JAVA_HEAD: &str = "package app;\nimport com.amazonaws.services.lambda.runtime.*;\npublic class Handler implements RequestHandler<String, String> {\n  public String handleRequest(String in, Context context) {\n";
const JAVA_TAIL: &str = "    return \"\";\n  }\n}\n";

const SDKS: [Sdk; 11] = [
    Sdk {
        name: "javascript-v2",
        file: "index.js",
        symbol: "handler",
        head: ["const AWS = require(\"aws-sdk\");\nexports.handler = async () => {\n", ""],
        import: "",
        client: "  await new AWS.NAME().CAMEL({}).promise();\n",
        tail: "};\n",
        beside: None,
    },
    Sdk {
        name: "javascript-v3",
        file: "index.mjs",
        symbol: "handler",
        head: ["", "export const handler = async () => {\n"],
        import: "import * as mINDEX from \"NAME\";\n",
        client: "  await new mINDEX.CLASS({}).send(new mINDEX.OPERATIONCommand({}));\n",
        tail: "};\n",
        beside: None,
    },
    Sdk {
        name: "java-v2",
        head: [JAVA_HEAD, ""],
        client: "    NAME.CLASS.create().CAMEL(b -> {});\n",
        ..JAVA_V1
    },
    JAVA_V1,
    Sdk {
        name: "kotlin",
        file: "src/main/kotlin/app/Handler.kt",
        symbol: "app.Handler",
        head: [
            "package app\nimport com.amazonaws.services.lambda.runtime.*\nclass Handler : RequestHandler<String, String> {\n  override fun handleRequest(input: String, context: Context): String {\n",
            "",
        ],
        import: "",
        client: "    aws.sdk.kotlin.services.NAME { region = \"x\" }.CAMEL { }\n",
        tail: "    return \"\"\n  }\n}\n",
        beside: None,
    },
    Sdk {
        name: "go-v1",
        file: "main.go",
        symbol: "main",
        head: [
            "package main\nimport (\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\t\"github.com/aws/aws-sdk-go/aws/session\"\n",
            ")\nfunc handler() error {\n\tsess := session.Must(session.NewSession())\n",
        ],
        import: "\txINDEX \"NAME\"\n",
        client: "\txINDEX.New(sess).OPERATION(&xINDEX.OPERATIONInput{})\n",
        tail: "\treturn nil\n}\nfunc main() { lambda.Start(handler) }\n",
        beside: None,
    },
    Sdk {
        name: "go-v2",
        file: "main.go",
        symbol: "main",
        head: [
            "package main\nimport (\n\t\"context\"\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\t\"github.com/aws/aws-sdk-go-v2/config\"\n",
            ")\nfunc handler(ctx context.Context) error {\n\tcfg, _ := config.LoadDefaultConfig(ctx)\n",
        ],
        import: "\txINDEX \"NAME\"\n",
        client: "\txINDEX.NewFromConfig(cfg).OPERATION(ctx, &xINDEX.OPERATIONInput{})\n",
        tail: "\treturn nil\n}\nfunc main() { lambda.Start(handler) }\n",
        beside: None,
    },
    Sdk {
        name: "rust",
        file: "src/main.rs",
        symbol: "main",
        head: [
            "use lambda_runtime::{run, service_fn, Error, LambdaEvent};\nasync fn handler(event: LambdaEvent<serde_json::Value>) -> Result<(), Error> {\n    let config = aws_config::load_from_env().await;\n",
            "",
        ],
        import: "",
        client: "    MODULE::Client::new(&config).SNAKE().send().await?;\n",
        tail: "    Ok(())\n}\n#[tokio::main]\nasync fn main() -> Result<(), Error> { run(service_fn(handler)).await }\n",
        beside: Some(["Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"]),
    },
    Sdk {
        name: "ruby",
        file: "app.rb",
        symbol: "handler",
        head: ["require \"aws-sdk\"\ndef handler(event:, context:)\n", ""],
        import: "",
        client: "  Aws::NAME::Client.new.SNAKE({})\n",
        tail: "end\n",
        beside: None,
    },
    Sdk {
        name: "dotnet",
        file: "Function.cs",
        symbol: "App::App.Function::Handle",
        head: ["namespace App;\npublic class Function {\n  public async Task Handle() {\n", ""],
        import: "",
        client: "    await new NAME().OPERATIONAsync(null);\n",
        tail: "  }\n}\n",
        beside: None,
    },
    Sdk {
        name: "php",
        file: "index.php",
        symbol: "",
        head: ["<?php\nreturn function ($event) {\n", ""],
        import: "",
        client: "  (new \\Aws\\NAME\\NAMEClient([]))->CAMEL([]);\n",
        tail: "};\n",
        beside: None,
    },
];

/// The names of clients with their services: a list beside this test, or the table that the program reads.
fn names(sdk: &str) -> Vec<(String, String)> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/clients/{sdk}.txt"));
    let Ok(text) = std::fs::read_to_string(list) else { return packages(sdk) };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, service)| (name.into(), service.into()))
        .collect()
}

fn packages(sdk: &str) -> Vec<(String, String)> {
    let table: Value = serde_json::from_str(include_str!("../catalogs/aws/sdk/names.json")).unwrap();
    let packages = table[sdk]["packages"].as_object().unwrap();
    packages.iter().map(|(name, service)| (name.clone(), service.as_str().unwrap().to_owned())).collect()
}

/// The class of a service's clients, where the SDK does not call it the same in every package.
fn class(sdk: &str, service: &str) -> String {
    let table: Value = serde_json::from_str(include_str!("../catalogs/aws/sdk/names.json")).unwrap();
    let classes = table[sdk]["classes"].as_object().into_iter().flatten();
    classes.filter(|(_, of)| *of == service).map(|(name, _)| name.clone()).next().unwrap_or_default()
}

/// An operation whose name every SDK spells by the same rule, in three spellings.
fn operation(service: &str) -> Option<[String; 3]> {
    let service = Catalog::embedded().service(service)?;
    let words = |name: &str| -> Option<Vec<String>> {
        let mut words: Vec<String> = vec![];
        for letter in name.chars() {
            if letter.is_ascii_uppercase() {
                words.push(String::new());
            }
            words.last_mut()?.push(letter);
        }
        let is_plain =
            |word: &String| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic());
        (words.len() > 1 && words.iter().all(is_plain)).then_some(words)
    };
    let name = service.operations().find(|operation| words(operation.name()).is_some())?.name();
    let snake = words(name)?.iter().map(|word| word.to_ascii_lowercase()).collect::<Vec<_>>().join("_");
    let (first, rest) = name.split_at(1);
    let camel = first.to_ascii_lowercase() + rest;
    Some([name.to_owned(), camel, snake])
}

/// A program that makes a client of each service and calls an operation of it.
fn program(sdk: &Sdk, names: &[(String, String)]) -> String {
    let (mut imports, mut clients) = (String::new(), String::new());
    for (index, (name, service)) in names.iter().enumerate() {
        let [operation, camel, snake] = operation(service).unwrap();
        let fill = |line: &str| {
            line.replace("MODULE", &name.replace('-', "_"))
                .replace("CLASS", &class(sdk.name, service))
                .replace("NAME", name)
                .replace("INDEX", &index.to_string())
                .replace("OPERATION", &operation)
                .replace("CAMEL", &camel)
                .replace("SNAKE", &snake)
        };
        write!(imports, "{}", fill(sdk.import)).unwrap();
        write!(clients, "{}", fill(sdk.client)).unwrap();
    }
    [sdk.head[0], &imports, sdk.head[1], &clients, sdk.tail].concat()
}

/// The services that the program is found to call.
fn called(sdk: &Sdk, program: &str) -> BTreeSet<String> {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(sdk.file, program);
    if let Some([name, text]) = sdk.beside {
        write(name, text);
    }
    let entry =
        if sdk.symbol.is_empty() { sdk.file.to_owned() } else { format!("{}:{}", sdk.file, sdk.symbol) };
    let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
    command.current_dir(folder.path()).args(["scan", "--handler", &entry, "--format", "json"]);
    let output = command.output().unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}: {}", sdk.name, String::from_utf8_lossy(&output.stderr)));
    let calls = answer["functions"][0]["calls"].as_array().unwrap().iter();
    calls.map(|call| call["service"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_client_is_known_in_every_sdk() {
    for sdk in &SDKS {
        let mut names = names(sdk.name);
        names.retain(|(_, service)| operation(service).is_some());
        assert!(names.len() > 300, "{}: {}", sdk.name, names.len());
        let found = called(sdk, &program(sdk, &names));
        let wanted: BTreeSet<&String> = names.iter().map(|(_, service)| service).collect();
        let missing: Vec<_> = wanted.into_iter().filter(|service| !found.contains(*service)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "{}", sdk.name);
    }
}
