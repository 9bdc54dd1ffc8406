//! Arguments that may be several texts, and which of them a condition picks.

use super::*;
use crate::flow::Field;

const MODELS: &str = "arn:aws:bedrock:::foundation-model/${param:id|arn}";
const PROFILES: &str = "arn:aws:bedrock:::inference-profile/${param:id}";

fn resources(texts: &[TemplateString], template: &str, when: &str) -> Vec<String> {
    let mut record = Record { fields: indexmap::IndexMap::new(), keys: vec![], open: false };
    record.fields.insert("id".into(), Field { value: Argument::Text(texts.to_vec()), always: true });
    let client = Record { fields: indexmap::IndexMap::new(), keys: vec![], open: false };
    let names = Names { deployment: None, function: None, platform: &[], settings: &[] };
    let arguments = Arguments::new(&record);
    let filler = Filler { arguments: &arguments, client: &client, names };
    let found = filler.resources("*", template, Some(when));
    found.into_iter().map(|resource| resource.arn.to_string()).collect()
}

#[test]
fn a_condition_picks_among_the_texts_of_an_argument() {
    let texts = ["anthropic.x".into(), "us.amazon.y".into()];
    let models = resources(&texts, MODELS, "!?id~^us.");
    assert_eq!(models, ["arn:aws:bedrock:::foundation-model/anthropic.x"]);
    let profiles = resources(&texts, PROFILES, "!?id~^anthropic.");
    assert_eq!(profiles, ["arn:aws:bedrock:::inference-profile/us.amazon.y"]);
    assert!(resources(&texts, PROFILES, "id~^eu.").is_empty());
}

#[test]
fn a_text_of_which_nothing_is_known_is_met_by_what_is_not_known_to_fail() {
    let texts = [Hole::Unknown.into()];
    assert_eq!(resources(&texts, MODELS, "!?id~^us."), ["arn:aws:bedrock:::foundation-model/*"]);
    assert_eq!(resources(&texts, PROFILES, "!?id~^anthropic."), ["arn:aws:bedrock:::inference-profile/*"]);
    assert!(resources(&texts, PROFILES, "?id~^us.").is_empty());
    assert!(resources(&texts, PROFILES, "id~^us.").is_empty());
}
