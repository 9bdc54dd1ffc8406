//! Data that programs import (JSON): a module whose value is the document.

use crate::ir::{Argument, Builder, Dialect, Module, Node, NodeId};
use crate::text::tree::{Node as Part, Value};
use crate::text::{FileId, Source, yaml};

/// Lowers a document; `export` is the variable that holds what the module gives.
pub(super) fn lower(source: &Source, file: FileId, dialect: &'static Dialect, export: &str) -> Module {
    let (document, problems) = yaml::parse(source, file);
    let mut builder = Builder::new(file, dialect, [export.into()]);
    for problem in problems {
        builder.problem(problem.site.span, problem.message);
    }
    let value = lower_part(&mut builder, &document);
    builder.assign(export, value, document.span);
    builder.finish()
}

fn lower_part(builder: &mut Builder, part: &Part) -> NodeId {
    if !builder.descend(part.span) {
        builder.ascend();
        return builder.unknown(part.span);
    }
    let node = match &part.value {
        Value::Text(text) => text.as_literal().map_or(Node::Unknown, |text| Node::Text(text.into())),
        Value::Number(number) => Node::Number(number.clone()),
        Value::Flag(flag) => Node::Flag(*flag),
        Value::Null => Node::Nil,
        Value::List(parts) => {
            let parts = parts.iter().map(|part| Argument::Plain(lower_part(builder, part)));
            Node::List(parts.collect())
        }
        Value::Map(entries) => {
            let mut pairs = vec![];
            for (name, entry) in entries {
                let key = builder.text(name, entry.key);
                pairs.push((Some(key), lower_part(builder, &entry.node)));
            }
            Node::Record(pairs)
        }
    };
    builder.ascend();
    builder.node(node, part.span)
}
