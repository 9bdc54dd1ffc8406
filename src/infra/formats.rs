//! The formats that say how functions are deployed: those that are read, and those that are only recognised.

use super::places::Places;
use super::{Deployment, Settings, chalice, cloudformation, serverless, terraform};
use crate::text::tree::Node;
use crate::text::{FileId, Source};

/// A deployment format.
#[derive(Debug)]
pub struct Format {
    /// Its name as people write it.
    pub name: &'static str,
    /// Whether a file of that name may be one; the rest of it need not be loaded otherwise.
    named: fn(&str) -> bool,
    /// Whether the text is one.
    shows: fn(&str) -> bool,
    /// The reader; `None` for a format that is recognised but not read.
    reader: Option<Reader>,
}

/// How a format is read.
#[derive(Clone, Copy, Debug)]
enum Reader {
    /// Each file is a deployment.
    File(fn(&Source, FileId, &Settings<'_>) -> Deployment),
    /// The files of a folder are one.
    Folder(fn(&[(FileId, &Source)], &Settings<'_>) -> Deployment),
    /// It is a program, or says which one is run.
    Program,
    /// It is a program that states a document.
    Data(fn(&Node, (FileId, &Source), &Settings<'_>) -> Deployment),
}

/// The name of the format whose variables name files.
const SERVERLESS: &str = "Serverless Framework";

/// Every format, the more particular first.
pub static FORMATS: &[Format] = &[
    Format {
        reader: Some(Reader::File(serverless::read)),
        ..recognised(SERVERLESS, |path| stem(path, "serverless", &["yml", "yaml", "json"]))
    },
    Format {
        reader: Some(Reader::Data(serverless::read_document)),
        ..recognised(SERVERLESS, |path| stem(path, "serverless", &["ts", "js", "mjs", "cjs"]))
    },
    recognised(SERVERLESS, |path| stem(path, "serverless", CONFIGURATION)),
    Format { reader: Some(Reader::Program), ..recognised("AWS CDK", |path| stem(path, "cdk", &["json"])) },
    recognised("Pulumi", |path| stem(path, "Pulumi", CONFIGURATION)),
    recognised("SST", |path| stem(path, "sst.config", CONFIGURATION)),
    Format {
        reader: Some(Reader::File(chalice::read)),
        ..recognised("AWS Chalice", |path| path.ends_with(".chalice/config.json"))
    },
    recognised("Zappa", |path| stem(path, "zappa_settings", CONFIGURATION)),
    recognised("Architect", |path| matches!(file(path), "app.arc" | ".arc")),
    recognised("Claudia.js", |path| stem(path, "claudia", &["json"])),
    recognised("AWS Lambda Tools for .NET", |path| stem(path, "aws-lambda-tools-defaults", &["json"])),
    Format {
        reader: Some(Reader::Folder(terraform::read)),
        ..recognised("Terraform", |path| extension(path, &["tf"]) || is_terraform_json(path))
    },
    Format {
        shows: terraform::shows_plan,
        reader: Some(Reader::File(terraform::read_plan)),
        ..recognised("Terraform plan", |path| extension(path, &["json", "tfstate"]))
    },
    Format {
        shows: is_template,
        reader: Some(Reader::File(cloudformation::read)),
        ..recognised("CloudFormation", is_document)
    },
    Format {
        shows: |text| PROGRAM_WORDS.iter().any(|word| text.contains(word)),
        reader: Some(Reader::Program),
        ..recognised("AWS CDK", |path| extension(path, PROGRAMS))
    },
];

/// A format without a reader, which files show by their names.
const fn recognised(name: &'static str, named: fn(&str) -> bool) -> Format {
    Format { name, named, shows: |_| true, reader: None }
}

/// Extensions of configuration that may be a program too.
const CONFIGURATION: &[&str] = &["yml", "yaml", "json", "toml", "ts", "js", "mjs", "cjs"];

/// Extensions of programs that may deploy.
const PROGRAMS: &[&str] = &["ts", "mts", "cts", "js", "mjs", "cjs", "py", "java", "cs", "go", "kt"];

/// What a program that deploys imports.
const PROGRAM_WORDS: &[&str] =
    &["aws-cdk-lib", "@aws-cdk/", "aws_cdk", "amazon.awscdk", "Amazon.CDK", "awscdk/v2"];

/// Extensions of CloudFormation templates.
const TEMPLATES: &[&str] = &["yml", "yaml", "json", "template", "cfn"];

/// The format of a file, `None` for a file that deploys nothing.
pub fn claims(source: &Source) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.may_claim(source.path()) && (format.shows)(source.text()))
}

impl Format {
    /// Whether a file of that path may be of this format, by its name alone.
    pub fn may_claim(&self, path: &str) -> bool {
        (self.named)(path)
    }

    /// Whether there is a reader.
    pub fn is_read(&self) -> bool {
        self.reader.is_some()
    }

    /// Whether it is a program, which is to be run and not to be read.
    pub fn is_program(&self) -> bool {
        matches!(self.reader, Some(Reader::Program))
    }

    /// Whether a file of it may take values of what programs export.
    pub fn takes_data(&self) -> bool {
        self.name == SERVERLESS
    }

    /// Whether it is a program that states a document.
    pub fn is_data(&self) -> bool {
        matches!(self.reader, Some(Reader::Data(_)))
    }

    /// Reads the document that a program states, whose places are those of `places`.
    pub fn read_data(
        &self,
        document: &Node,
        named: (FileId, &Source),
        places: &Places,
        settings: &Settings<'_>,
    ) -> Option<Deployment> {
        let Reader::Data(read) = self.reader? else { return None };
        let mut deployment = read(document, named, settings);
        places.put_back(&mut deployment);
        Some(deployment)
    }

    /// Whether a file of this format says which program is run, and is none itself.
    pub fn is_manifest(&self, path: &str) -> bool {
        self.is_program() && (self.named)(path) && !extension(path, PROGRAMS)
    }

    /// Whether the files of a folder are one deployment.
    pub fn is_of_folder(&self) -> bool {
        matches!(self.reader, Some(Reader::Folder(_)))
    }

    /// Reads a deployment; `None` for a format without a reader.
    pub fn read(&self, source: &Source, file: FileId, settings: &Settings<'_>) -> Option<Deployment> {
        self.read_together(&[(file, source)], settings)
    }

    /// Reads the files of a folder, which are one deployment where [`Format::is_of_folder`] says so; of others the first.
    pub fn read_together(&self, files: &[(FileId, &Source)], settings: &Settings<'_>) -> Option<Deployment> {
        let (file, source) = files.first()?;
        match self.reader? {
            Reader::File(read) => Some(read(source, *file, settings)),
            Reader::Folder(read) => Some(read(files, settings)),
            Reader::Program | Reader::Data(_) => None,
        }
    }
}

/// Whether a path is that of a template which a build writes.
pub(super) fn is_built(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, ".aws-sam" | "cdk.out" | "dist" | "build"))
}

fn is_terraform_json(path: &str) -> bool {
    file(path).strip_suffix(".json").is_some_and(|name| extension(name, &["tf"]))
}

fn is_document(path: &str) -> bool {
    extension(path, TEMPLATES)
}

fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn extension(path: &str, extensions: &[&str]) -> bool {
    file(path).rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
}

fn stem(path: &str, stem: &str, extensions: &[&str]) -> bool {
    file(path)
        .rsplit_once('.')
        .is_some_and(|(name, extension)| name == stem && extensions.contains(&extension))
}

/// Whether a text is a CloudFormation template: it has a map of resources, and a type of resource.
fn is_template(text: &str) -> bool {
    let typed =
        ["AWS::", "Alexa::", "Custom::"].iter().any(|name| text.contains(name)) && text.contains("Type");
    let is_resources = |line: &str| {
        let quoted = line.strip_prefix(['"', '\'']).unwrap_or(line);
        let rest = quoted.strip_prefix("Resources").map(|rest| rest.trim_start_matches(['"', '\'']));
        rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    let is_json = text.trim_start().starts_with('{');
    typed
        && (text.lines().any(is_resources)
            || (is_json && text.contains("\"Resources\"") && text.contains("\"Type\"")))
}
