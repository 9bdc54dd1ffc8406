//! What is done to an argument before it stands in an ARN.

use crate::text::{Hole, Piece, SmolStr, TemplateString};

/// A step from an argument to a part of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filter<'a> {
    /// `arn`: an argument that is an ARN already replaces the whole template up to and including the hole, and no
    /// further filter looks at it. Text of the template behind the hole follows, unless the ARN ends in it.
    Arn,
    /// `name`: of an ARN, what follows the resource type; other text stays.
    Name,
    /// `suffix=…`: adds text at the end, where the argument does not end in it.
    Suffix(&'a str),
    /// `default=…`: the text for an argument that is absent.
    Default(&'a str),
    /// `queue`: the name of the queue at a URL; an ARN replaces the template as with `arn`.
    Queue,
    /// `topic`: of a subscription's ARN, the ARN of its topic, which replaces the template as with `arn`.
    Topic,
    /// `noslash`: without the slash at the front.
    NoSlash,
    /// `parameter`: a Systems Manager parameter: without the slash at the front and `:version` or `:label` at the end.
    Parameter,
    /// `function`: of a partial ARN (`123456789012:function:name`), what follows `function:`.
    Function,
    /// `key`: a KMS key; an alias does not name one, `*`.
    Key,
    /// `alias`: a KMS alias without `alias/`.
    Alias,
    /// `revision`: a name without a revision gets `:*`.
    Revision,
    /// `address`: the address in `Name <address>`.
    Address,
    /// `domain`: what follows `@` in an address.
    Domain,
    /// `bucket`: a bucket's name; the ARN of an access point replaces the template as with `arn`, and a text of the
    /// template that follows stands behind `/object`.
    Bucket,
    /// `copybucket`: the bucket in `bucket/key?versionId=…`.
    CopyBucket,
    /// `copykey`: the key in `bucket/key?versionId=…`.
    CopyKey,
    /// `s3bucket`: the bucket in `s3://bucket/key`, or in a URL of S3.
    S3Bucket,
    /// `s3key`: the key in `s3://bucket/key`, or in a URL of S3.
    S3Key,
    /// `partiql`: the table that a statement names, with `/index/name` where it names an index.
    PartiQl,
    /// `secretref`: the secret in `/aws/reference/secretsmanager/secret`.
    SecretReference,
    /// `image`: the repository in the URI of an image.
    Image,
    /// `id`: an id without the type in front (`/hostedzone/Z123`).
    Id,
    /// `appconfig`: an id of the service of that name, where names serve as well but ARNs have ids: a name becomes `*`.
    AppConfig,
    /// `graphql`: of a document of GraphQL, `Mutation/fields/name` of what it asks for.
    GraphQl,
    /// `graphqlapi`: the API whose URL it is, where a deployment's own API says so: other URLs do not show it.
    GraphQlApi,
    /// `model`: a model's id in that of an inference profile, without the geography at the front.
    Model,
}

/// What a filter makes of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filtered {
    /// Text for the hole.
    Text(TemplateString),
    /// Text that replaces the template up to and including the hole; no further filter looks at it.
    Whole(TemplateString),
    /// As [`Filtered::Whole`], but a text of the template that follows stands behind `/object`.
    AccessPoint(TemplateString),
}

impl<'a> Filter<'a> {
    /// The filter of that spelling.
    pub fn parse(text: &'a str) -> Option<Self> {
        if let Some((name, value)) = text.split_once('=') {
            return match name {
                "suffix" => Some(Self::Suffix(value)),
                "default" => Some(Self::Default(value)),
                _ => None,
            };
        }
        Some(match text {
            "arn" => Self::Arn,
            "name" => Self::Name,
            "queue" => Self::Queue,
            "topic" => Self::Topic,
            "noslash" => Self::NoSlash,
            "parameter" => Self::Parameter,
            "function" => Self::Function,
            "key" => Self::Key,
            "alias" => Self::Alias,
            "revision" => Self::Revision,
            "address" => Self::Address,
            "domain" => Self::Domain,
            "bucket" => Self::Bucket,
            "copybucket" => Self::CopyBucket,
            "copykey" => Self::CopyKey,
            "s3bucket" => Self::S3Bucket,
            "s3key" => Self::S3Key,
            "partiql" => Self::PartiQl,
            "secretref" => Self::SecretReference,
            "image" => Self::Image,
            "id" => Self::Id,
            "appconfig" => Self::AppConfig,
            "model" => Self::Model,
            "graphql" => Self::GraphQl,
            "graphqlapi" => Self::GraphQlApi,
            _ => return None,
        })
    }

    /// Applies the filter. What the known text does not decide becomes an unknown hole, or stays as it is where
    /// that is more likely than not.
    pub fn apply(self, argument: &TemplateString) -> Filtered {
        let is_arn = is_arn(argument);
        match self {
            Self::Arn | Self::Queue if is_arn => return Filtered::Whole(argument.clone()),
            Self::Bucket if is_arn => return Filtered::AccessPoint(argument.clone()),
            Self::Queue => {
                if let Some(arn) = queue_arn(argument) {
                    return Filtered::Whole(arn);
                }
            }
            Self::Topic if is_arn => return Filtered::Whole(without_last_part(argument)),
            Self::NoSlash | Self::Parameter | Self::Alias if is_arn => {
                return Filtered::Text(argument.clone());
            }
            _ => {}
        }
        Filtered::Text(match self {
            Self::Name if is_arn => name_in_arn(argument),
            Self::Suffix(suffix) => with_suffix(argument, suffix),
            Self::Queue | Self::Id => after_last(argument, '/'),
            Self::NoSlash => strip(argument, "/"),
            Self::Parameter => before_first(&strip(argument, "/"), ':'),
            Self::Function => after(argument, "function:"),
            Self::Key if is_alias(argument) => Hole::Unknown.into(),
            Self::Alias => strip(argument, "alias/"),
            Self::Revision => with_revision(argument),
            Self::Address => before_first(&after(argument, "<"), '>'),
            Self::Domain => before_first(&after(argument, "@"), '>'),
            Self::CopyBucket => before_first(&strip(argument, "/"), '/'),
            Self::CopyKey => before_first(&after(&strip(argument, "/"), "/"), '?'),
            Self::S3Bucket => before_first(&s3_path(argument), '/'),
            Self::S3Key => s3_key(argument),
            Self::PartiQl => super::partiql::table(argument),
            Self::SecretReference => strip(argument, "/aws/reference/secretsmanager/"),
            Self::Image => before_first(&before_first(&after(argument, "/"), '@'), ':'),
            Self::AppConfig if !is_id_of_appconfig(argument) => Hole::Unknown.into(),
            Self::Model => model(argument),
            Self::GraphQl => super::graphql::field(argument),
            Self::GraphQlApi => super::graphql::api(argument),
            _ => argument.clone(),
        })
    }
}

/// Whether a text is an ARN: it begins as one, or it is a hole whose own name calls it one (`RoleArn`, `TOPIC_ARN`).
pub fn is_arn(text: &TemplateString) -> bool {
    let is_attribute = |attribute: &SmolStr| attribute.to_ascii_lowercase().ends_with("arn");
    match text.pieces() {
        [Piece::Hole(Hole::Resource { attribute, .. })] => is_attribute(attribute),
        [Piece::Hole(Hole::Parameter(name) | Hole::Environment(name))] => is_attribute(name),
        _ => text.starts_with("arn:"),
    }
}

/// The ARN of the queue at a URL that states region and account.
fn queue_arn(url: &TemplateString) -> Option<TemplateString> {
    let parts = url.split('/');
    let [scheme, empty, host, account, name] = parts.as_slice() else { return None };
    let is_url = scheme.as_literal() == Some("https:") && empty.is_empty();
    let region = host.strip_prefix("sqs.")?.split('.').into_iter().next()?;
    let states = |part: &TemplateString| {
        part.as_literal().is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            && !part.is_empty()
    };
    (is_url && states(account)).then(|| {
        let mut arn = TemplateString::from("arn:");
        arn.push_hole(Hole::Partition);
        arn.push_str(":sqs:");
        arn.push(&region);
        arn.push_str(":");
        arn.push(account);
        arn.push_str(":");
        arn.push(name);
        arn
    })
}

/// The text behind the first `separator`, all of it where there is none.
fn after(text: &TemplateString, separator: &str) -> TemplateString {
    let mut found = None;
    for piece in text.pieces() {
        match (&mut found, piece) {
            (None, Piece::Text(known)) => {
                found = known.split_once(separator).map(|(_, rest)| TemplateString::from(rest));
            }
            (None, Piece::Hole(_)) => {}
            (Some(rest), Piece::Text(known)) => rest.push_str(known),
            (Some(rest), Piece::Hole(hole)) => rest.push_hole(hole.clone()),
        }
    }
    found.unwrap_or_else(|| text.clone())
}

/// The text before the first `separator`, all of it where there is none.
fn before_first(text: &TemplateString, separator: char) -> TemplateString {
    text.splitn(2, separator).into_iter().next().unwrap_or_default()
}

/// The text behind the last `separator`, all of it where there is none.
fn after_last(text: &TemplateString, separator: char) -> TemplateString {
    text.split(separator).into_iter().next_back().unwrap_or_default()
}

fn strip(text: &TemplateString, prefix: &str) -> TemplateString {
    text.strip_prefix(prefix).unwrap_or_else(|| text.clone())
}

/// An ARN without its last `:` and what follows it.
fn without_last_part(arn: &TemplateString) -> TemplateString {
    let parts = arn.split(':');
    let mut kept = TemplateString::new();
    for (index, part) in parts.iter().enumerate().take(parts.len().saturating_sub(1)) {
        if index > 0 {
            kept.push_str(":");
        }
        kept.push(part);
    }
    kept
}

/// What follows the resource type in an ARN: behind the first `/`, or else behind the sixth `:`.
fn name_in_arn(arn: &TemplateString) -> TemplateString {
    let Some(resource) = arn.splitn(6, ':').into_iter().nth(5) else { return Hole::Unknown.into() };
    let behind = after(&resource, "/");
    if behind == resource { after(&resource, ":") } else { behind }
}

fn with_suffix(text: &TemplateString, suffix: &str) -> TemplateString {
    let mut result = text.clone();
    if !matches!(text.pieces().last(), Some(Piece::Text(known)) if known.ends_with(suffix)) {
        result.push_str(suffix);
    }
    result
}

/// `bucket/key` of `s3://bucket/key`, or of a URL of S3 in either of its styles.
fn s3_path(location: &TemplateString) -> TemplateString {
    let url = strip(location, "https://");
    if url == *location {
        return strip(location, "s3://");
    }
    let mut parts = url.splitn(2, '/').into_iter();
    let (host, path) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if host.starts_with("s3.") || host.starts_with("s3-") {
        return path;
    }
    let Some(mut bucket) = before_host(&host) else { return Hole::Unknown.into() };
    bucket.push_str("/");
    bucket.push(&path);
    bucket
}

/// The bucket in front of the host of S3: `bucket.s3.eu-west-1.amazonaws.com`.
fn before_host(host: &TemplateString) -> Option<TemplateString> {
    let mut bucket = TemplateString::new();
    for piece in host.pieces() {
        match piece {
            Piece::Text(text) => match text.find(".s3.").or_else(|| text.find(".s3-")) {
                Some(end) => {
                    bucket.push_str(text.get(..end).unwrap_or_default());
                    return Some(bucket);
                }
                None => bucket.push_str(text),
            },
            Piece::Hole(hole) => bucket.push(&hole.clone().into()),
        }
    }
    None
}

/// The key in `s3://bucket/key`: empty where known text has no `/` behind the bucket.
fn s3_key(location: &TemplateString) -> TemplateString {
    let path = s3_path(location);
    match path.splitn(2, '/').into_iter().nth(1) {
        Some(key) => key,
        None if path.as_literal().is_some() => TemplateString::new(),
        None => Hole::Unknown.into(),
    }
}

/// Ids are seven letters and digits; what else names a resource of a template stands for its id.
fn is_id_of_appconfig(text: &TemplateString) -> bool {
    let is_of_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match (text.as_literal(), text.pieces()) {
        (Some(id), _) => {
            id.len() == 7 && id.bytes().all(is_of_id) && id.bytes().any(|byte| byte.is_ascii_digit())
        }
        (None, [Piece::Hole(Hole::Resource { .. })]) => true,
        _ => is_arn(text),
    }
}

fn is_alias(text: &TemplateString) -> bool {
    let is_arn_of_alias = |piece: &Piece| matches!(piece, Piece::Text(known) if known.contains(":alias/"));
    text.starts_with("alias/") || (text.starts_with("arn:") && text.pieces().iter().any(is_arn_of_alias))
}

/// A name gets `:*`; an ARN and what has a revision stay; a hole alone may be either.
fn with_revision(text: &TemplateString) -> TemplateString {
    let name = after_last(text, '/');
    let has_revision = name.split(':').len() > 1;
    if has_revision || is_arn(text) || text.as_hole().is_some() {
        return text.clone();
    }
    with_suffix(text, ":*")
}

/// Geographies are short and model ids begin with their provider: `us.anthropic.…` → `anthropic.…`.
fn model(text: &TemplateString) -> TemplateString {
    const GEOGRAPHIES: [&str; 9] = ["us", "eu", "apac", "global", "us-gov", "jp", "au", "ca", "sa"];
    let id = if is_arn(text) { name_in_arn(text) } else { text.clone() };
    let Some(Piece::Text(front)) = id.pieces().first() else { return id };
    match front.split_once('.') {
        Some((geography, _)) if GEOGRAPHIES.contains(&geography) => after(&id, "."),
        _ => id,
    }
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
