//! ARNs whose text is known in part.

use crate::text::{Glob, Hole, Piece, TemplateString, Verdict};

/// The parts of an ARN that say where something is: partition, region, account.
const PLACES: [usize; 3] = [1, 3, 4];

/// The six parts of an ARN; `None` where the text has fewer or does not begin as one.
pub fn parts(text: &TemplateString) -> Option<[TemplateString; 6]> {
    let parts: [TemplateString; 6] = text.splitn(6, ':').try_into().ok()?;
    let is_arn = parts.first().and_then(TemplateString::as_literal) == Some("arn");
    is_arn.then_some(parts)
}

/// Whether text that is known has a wildcard in it.
pub fn has_wildcard(text: &TemplateString) -> bool {
    text.pieces().iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(['*', '?'])))
}

/// The pattern of a granted resource: an ARN cut short stands for everything behind it.
pub fn held_glob(text: &TemplateString) -> Glob {
    let is_short = text.starts_with("arn:") && text.holes().next().is_none() && parts(text).is_none();
    if !is_short {
        return Glob::held(text);
    }
    let mut padded = text.clone();
    for _ in text.split(':').len()..6 {
        padded.push_str(":*");
    }
    Glob::held(&padded)
}

/// Whether a held pattern includes all of a needed resource, both being about the same deployment.
pub fn contains(held: &TemplateString, needed: &TemplateString) -> Verdict {
    let (held, needed) = settle(held, needed);
    held_glob(&held).contains(&Glob::pattern(&needed))
}

/// Whether a held pattern includes a part of a needed resource, both being about the same deployment.
pub fn overlaps(held: &TemplateString, needed: &TemplateString) -> Verdict {
    let (held, needed) = settle(held, needed);
    held_glob(&held).overlaps(&Glob::pattern(&needed))
}

/// Both ARNs as they read when they are about the same deployment: where one of them names partition, region or
/// account and the other leaves it to the deployment, the name is put in its place everywhere.
pub fn settle(left: &TemplateString, right: &TemplateString) -> (TemplateString, TemplateString) {
    let (Some(left_parts), Some(right_parts)) = (parts(left), parts(right)) else {
        return (left.clone(), right.clone());
    };
    let (mut left, mut right) = (left.clone(), right.clone());
    for place in PLACES {
        let (Some(a), Some(b)) = (left_parts.get(place), right_parts.get(place)) else { continue };
        left = settle_place(&left, a, b);
        right = settle_place(&right, b, a);
    }
    (left, right)
}

fn settle_place(text: &TemplateString, own: &TemplateString, other: &TemplateString) -> TemplateString {
    match (own.as_hole(), other.as_literal()) {
        (Some(hole @ (Hole::Account | Hole::Region | Hole::Partition)), Some(name))
            if !name.is_empty() && !name.contains(['*', '?']) =>
        {
            text.fill(|candidate| (candidate == hole).then(|| other.clone()))
        }
        _ => text.clone(),
    }
}
