//! What the platform provides to every function. `catalogs/aws/platform.toml` has the format.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::text::SmolStr;

use super::responses::Principal;

/// What the platform provides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Platform {
    /// Environment variables, each with a text that may have places (`${FunctionName}`).
    variables: IndexMap<SmolStr, SmolStr>,
    /// Variables that hold the execution role's own credentials.
    own_credentials: Vec<SmolStr>,
    secret_keys: Vec<SmolStr>,
    /// Members of the handler's context, by language.
    context: IndexMap<SmolStr, IndexMap<SmolStr, SmolStr>>,
    /// The types of parameters that get the context wherever they stand, by language.
    context_types: IndexMap<SmolStr, SmolStr>,
    /// Credentials that events bring.
    event_credentials: Vec<EventCredentials>,
}

/// Credentials that an event brings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventCredentials {
    /// The names on the way from the event to the record that holds them.
    pub at: Vec<SmolStr>,
    /// Whom they act as.
    pub principal: Principal,
}

impl Platform {
    /// The facts inside the binary.
    pub fn embedded() -> &'static Self {
        static FACTS: OnceLock<Platform> = OnceLock::new();
        FACTS
            .get_or_init(|| Self::parse(include_str!("../../catalogs/aws/platform.toml")).unwrap_or_default())
    }

    /// Reads facts.
    ///
    /// # Errors
    /// The reader's message, with the place in the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The text of an environment variable that the platform sets.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(SmolStr::as_str)
    }

    /// Every variable that the platform sets, with its text.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Whether an environment variable holds the key with which the execution role's requests are signed.
    pub fn is_secret_key(&self, variable: &str) -> bool {
        self.secret_keys.iter().any(|name| name == variable)
    }

    /// Whether a variable holds the execution role's own credentials.
    pub fn is_own_credential(&self, variable: &str) -> bool {
        self.own_credentials.iter().any(|name| name == variable)
    }

    /// The text of a member of the handler's context, in the spelling of a language.
    pub fn context_member(&self, language: &str, name: &str) -> Option<&str> {
        let language = if language == "typescript" { "javascript" } else { language };
        self.context.get(language)?.get(name).map(SmolStr::as_str)
    }

    /// The type by which a parameter of a handler is known to get the context; empty in a language where that is the second.
    pub fn context_type(&self, language: &str) -> &str {
        self.context_types.get(language).map_or("", SmolStr::as_str)
    }

    /// Whom the credentials in an event act as, by the names on the way to their record or to one of its fields.
    pub fn event_principal(&self, path: &[&str]) -> Option<&Principal> {
        let leads = |known: &&EventCredentials| {
            known.at.len() <= path.len() && known.at.iter().zip(path).all(|(name, part)| name == part)
        };
        self.event_credentials.iter().find(leads).map(|known| &known.principal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_facts_can_be_read() {
        Platform::parse(include_str!("../../catalogs/aws/platform.toml")).unwrap();
        let facts = Platform::embedded();
        assert_eq!(facts.variable("AWS_REGION"), Some("${Region}"));
        assert_eq!(facts.variable("TABLE"), None);
        assert!(facts.is_own_credential("AWS_SESSION_TOKEN"));
        assert!(facts.is_secret_key("AWS_SECRET_ACCESS_KEY"));
        assert!(!facts.is_secret_key("AWS_SESSION_TOKEN"));
        assert!(facts.variables().count() > 10);
    }

    #[test]
    fn the_context_is_spelled_as_the_language_does() {
        let facts = Platform::embedded();
        assert_eq!(facts.context_member("python", "function_name"), Some("${FunctionName}"));
        assert_eq!(facts.context_member("typescript", "functionName"), Some("${FunctionName}"));
        assert_eq!(facts.context_member("python", "functionName"), None);
    }

    #[test]
    fn credentials_of_an_event_belong_to_another() {
        let facts = Platform::embedded();
        let inside = ["CodePipeline.job", "data", "artifactCredentials", "accessKeyId"];
        assert_eq!(facts.event_principal(&inside), Some(&Principal::Other));
        assert_eq!(facts.event_principal(&["CodePipeline.job", "data"]), None);
    }
}
