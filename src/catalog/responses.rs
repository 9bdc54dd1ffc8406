//! What answers to requests say about names that the requests held. `catalogs/aws/responses.toml` has the format.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::text::SmolStr;

/// The facts about answers, by service and operation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Responses {
    /// Fields whose text is known.
    fields: IndexMap<SmolStr, IndexMap<SmolStr, Answer>>,
    /// Operations whose answer holds credentials.
    credentials: IndexMap<SmolStr, IndexMap<SmolStr, Credentials>>,
}

/// What is known of a part of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A text with places for the request's parameters.
    Text(SmolStr),
    /// The first of several texts whose places are all known.
    First(Vec<SmolStr>),
    /// A record of which some fields are known.
    Fields(IndexMap<SmolStr, Self>),
}

/// Credentials in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The path of the record that holds them, names with dots between; empty where the answer itself does.
    pub at: SmolStr,
    /// Whom they act as.
    pub principal: Principal,
}

/// Whom credentials act as.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "SmolStr")]
pub enum Principal {
    /// The one who asks.
    Own,
    /// A role, as a text with places for the request's parameters.
    Role(SmolStr),
    /// One that the request does not name.
    Other,
}

impl From<SmolStr> for Principal {
    fn from(text: SmolStr) -> Self {
        match text.as_str() {
            "own" => Self::Own,
            "other" => Self::Other,
            _ => Self::Role(text),
        }
    }
}

impl Responses {
    /// The facts inside the binary.
    pub fn embedded() -> &'static Self {
        static FACTS: OnceLock<Responses> = OnceLock::new();
        FACTS.get_or_init(|| Self::parse(include_str!("../../catalogs/aws/responses.toml")).unwrap_or_default())
    }

    /// Reads facts.
    ///
    /// # Errors
    /// The reader's message, with the place in the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The texts that a field of an answer may be, the first whose places are all known; none where nothing is known.
    /// Lists on the way are left out of the path.
    pub fn texts<'a>(
        &self,
        service: &str,
        operation: &str,
        mut path: impl Iterator<Item = &'a str>,
    ) -> &[SmolStr] {
        let whole = self.fields.get(service).and_then(|operations| operations.get(operation));
        let found = path.try_fold(whole, |part, name| match part {
            Some(Answer::Fields(fields)) => Some(fields.get(name)),
            _ => None,
        });
        match found.flatten() {
            Some(Answer::Text(text)) => std::slice::from_ref(text),
            Some(Answer::First(texts)) => texts,
            Some(Answer::Fields(_)) | None => &[],
        }
    }

    /// The credentials in an operation's answer.
    pub fn credentials(&self, service: &str, operation: &str) -> Option<&Credentials> {
        self.credentials.get(service)?.get(operation)
    }

    /// Every operation with a fact, by service and operation.
    pub fn operations(&self) -> impl Iterator<Item = (&SmolStr, &SmolStr)> {
        let fields = self.fields.iter().flat_map(|(service, facts)| facts.keys().map(move |name| (service, name)));
        let credentials = self.credentials.iter();
        fields.chain(credentials.flat_map(|(service, facts)| facts.keys().map(move |name| (service, name))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_path() {
        let facts = Responses::parse(
            r#"
            [fields.sqs]
            GetQueueUrl.QueueUrl = ["https://{Owner}/{QueueName}", "https://${Account}/{QueueName}"]
            CreateThing.Thing.Arn = "arn:{Name}"
            "#,
        )
        .unwrap();
        assert_eq!(facts.texts("sqs", "GetQueueUrl", ["QueueUrl"].into_iter()).len(), 2);
        assert_eq!(facts.texts("sqs", "CreateThing", ["Thing", "Arn"].into_iter()), ["arn:{Name}"]);
        assert!(facts.texts("sqs", "CreateThing", ["Thing"].into_iter()).is_empty());
        assert!(facts.texts("sqs", "CreateThing", ["Thing", "Arn", "More"].into_iter()).is_empty());
        assert!(facts.texts("sns", "CreateThing", ["Thing"].into_iter()).is_empty());
    }

    #[test]
    fn the_embedded_facts_can_be_read() {
        Responses::parse(include_str!("../../catalogs/aws/responses.toml")).unwrap();
        let facts = Responses::embedded();
        let assumed = facts.credentials("sts", "AssumeRole").unwrap();
        assert_eq!(assumed.at, "Credentials");
        assert_eq!(assumed.principal, Principal::Role("{RoleArn}".into()));
        assert_eq!(facts.credentials("sts", "GetSessionToken").unwrap().principal, Principal::Own);
        assert!(facts.credentials("s3", "GetObject").is_none());
        assert!(!facts.texts("s3", "ListObjectsV2", ["Contents", "Key"].into_iter()).is_empty());
    }
}
