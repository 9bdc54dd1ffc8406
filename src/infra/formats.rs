//! The formats that say how functions are deployed: those that are read, and those that are only recognised.

use super::{Deployment, Settings, cloudformation};
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
    reader: Option<fn(&Source, FileId, &Settings<'_>) -> Deployment>,
}

/// Every format, the more particular first.
pub static FORMATS: &[Format] = &[
    Format {
        name: "Serverless Framework",
        named: |path| stem(path, "serverless", CONFIGURATION),
        shows: always,
        reader: None,
    },
    Format {
        name: "AWS SAM configuration",
        named: |path| stem(path, "samconfig", &["toml", "yaml", "yml"]),
        shows: always,
        reader: None,
    },
    Format { name: "AWS CDK", named: |path| file(path) == "cdk.json", shows: always, reader: None },
    Format {
        name: "Pulumi",
        named: |path| stem(path, "Pulumi", &["yaml", "yml"]),
        shows: always,
        reader: None,
    },
    Format {
        name: "SST",
        named: |path| stem(path, "sst.config", &["ts", "js"]),
        shows: always,
        reader: None,
    },
    Format {
        name: "Chalice",
        named: |path| path.ends_with(".chalice/config.json"),
        shows: always,
        reader: None,
    },
    Format {
        name: "Zappa",
        named: |path| stem(path, "zappa_settings", CONFIGURATION),
        shows: always,
        reader: None,
    },
    Format {
        name: "Architect",
        named: |path| matches!(file(path), "app.arc" | ".arc"),
        shows: always,
        reader: None,
    },
    Format { name: "Claudia.js", named: |path| file(path) == "claudia.json", shows: always, reader: None },
    Format {
        name: "AWS Lambda Tools for .NET",
        named: |path| stem(path, "aws-lambda-tools-defaults", &["json"]),
        shows: always,
        reader: None,
    },
    Format {
        name: "Terraform",
        named: |path| path.ends_with(".tf") || path.ends_with(".tf.json"),
        shows: |text| text.contains("aws_"),
        reader: None,
    },
    Format {
        name: "CloudFormation",
        named: |path| extension(path, TEMPLATES),
        shows: is_template,
        reader: Some(cloudformation::read),
    },
];

/// Extensions of configuration that may be a program too.
const CONFIGURATION: &[&str] = &["yml", "yaml", "json", "toml", "ts", "js", "mjs", "cjs"];

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

    /// Reads a deployment; `None` for a format without a reader.
    pub fn read(&self, source: &Source, file: FileId, settings: &Settings<'_>) -> Option<Deployment> {
        self.reader.map(|reader| reader(source, file, settings))
    }
}

fn always(_: &str) -> bool {
    true
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
    let typed = ["AWS::", "Alexa::", "Custom::"].iter().any(|name| text.contains(name));
    let is_resources = |line: &str| {
        let key = line.trim_end().strip_suffix(':').unwrap_or(line).trim_end();
        matches!(key, "Resources" | "\"Resources\"" | "'Resources'") || line.starts_with("Resources:")
    };
    typed && (text.lines().any(is_resources) || text.contains("\"Resources\""))
}
