//! The account, asked through the user's own AWS command line. Only calls that read, and only where a flag asks for them.

use std::process::{Command, Stdio};

use super::failure::Failure;
use crate::text::tree::Node;
use crate::text::{FileId, Source, Sources, yaml};

/// The program, as it is found on the path.
const PROGRAM: &str = "aws";

/// How the command line is told which account to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// `--profile`
    pub profile: Option<String>,
    /// `--region`
    pub region: Option<String>,
    /// `--endpoint-url`
    pub endpoint: Option<String>,
}

/// An answer of the command line.
pub(super) struct AwsAnswer {
    /// The name of the policy that it is about; empty for the role.
    pub(super) name: String,
    /// The file that it stands in.
    pub(super) file: FileId,
    /// The answer.
    pub(super) node: Node,
}

impl Account {
    /// The role with all of its policies, as the answers of the commands that a person would type.
    ///
    /// # Errors
    /// The command line is missing, or says no.
    pub(super) fn role(&self, role: &str, sources: &mut Sources) -> Result<Vec<AwsAnswer>, Failure> {
        let is_name = |name: &str| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
            !name.is_empty() && !name.starts_with('-') && name.chars().all(allowed)
        };
        if !is_name(role) {
            return Err(Failure::new(format!("`{role}` is no name of a role")));
        }
        let about = ["--role-name", role];
        let mut answers = vec![self.ask("get-role", &about, "", sources)?];
        let inline = self.ask("list-role-policies", &about, "", sources)?;
        for name in texts(&inline.node, "PolicyNames", None) {
            let words = [&about[..], &["--policy-name", &name]].concat();
            answers.push(self.ask("get-role-policy", &words, &name, sources)?);
        }
        let attached = self.ask("list-attached-role-policies", &about, "", sources)?;
        for arn in texts(&attached.node, "AttachedPolicies", Some("PolicyArn")) {
            let policy = self.ask("get-policy", &["--policy-arn", &arn], "", sources)?;
            let version = policy.node.at(&["Policy", "DefaultVersionId"]).and_then(Node::as_str);
            let version = version.unwrap_or("v1").to_owned();
            let words = ["--policy-arn", &arn, "--version-id", &version];
            let name = arn.rsplit('/').next().unwrap_or(&arn);
            answers.push(self.ask("get-policy-version", &words, name, sources)?);
        }
        Ok(answers)
    }

    /// One command of `aws iam`. Its answer becomes a file that is named like the command.
    fn ask(
        &self,
        command: &str,
        words: &[&str],
        name: &str,
        sources: &mut Sources,
    ) -> Result<AwsAnswer, Failure> {
        let typed = format!("{PROGRAM} iam {command} {}", words.join(" "));
        let mut program = Command::new(PROGRAM);
        program.args(["iam", command]).args(words).args(["--output", "json"]);
        for (option, value) in
            [("--profile", &self.profile), ("--region", &self.region), ("--endpoint-url", &self.endpoint)]
        {
            if let Some(value) = value {
                program.args([option, value]);
            }
        }
        // A pager would wait for a person.
        let output = program.env("AWS_PAGER", "").stdin(Stdio::null()).output();
        let output = output.map_err(|error| {
            Failure::new(format!("cannot start `{PROGRAM}`: {error}"))
                .help("install the AWS command line, or name files by `--deployed`")
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(Failure::new(format!("`{typed}` failed: {}", said.trim())));
        }
        let file = sources.add(Source::from_bytes(typed.clone(), output.stdout).outside());
        let parsed = sources.get(file).map(|source| yaml::parse(source, file));
        match parsed {
            Some((node, problems)) if problems.is_empty() && node.as_map().is_some() => {
                Ok(AwsAnswer { name: name.to_owned(), file, node })
            }
            _ => Err(Failure::new(format!("`{typed}` did not answer in JSON"))),
        }
    }
}

/// The texts of a list, or those that its members have under a key.
fn texts(node: &Node, list: &str, key: Option<&str>) -> Vec<String> {
    let members = node.get(list).map(Node::one_or_many).unwrap_or_default().iter();
    let text = |member: &Node| {
        let text = match key {
            Some(key) => member.get(key)?.as_str(),
            None => member.as_str(),
        };
        text.map(str::to_owned)
    };
    members.filter_map(text).collect()
}
