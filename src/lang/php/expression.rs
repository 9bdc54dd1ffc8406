//! Expressions.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::tree::{field, has_token, named, part_of_kind, span};
use super::{GIVEN, Lowering, resolve};

impl<'s> Lowering<'s> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        let value = self.literal(part, at).or_else(|| self.place(part, at));
        let value = value.or_else(|| self.called(part, at)).or_else(|| self.combined(part, at));
        value.unwrap_or_else(|| self.builder.unknown(at))
    }

    fn literal(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        Some(match part.kind() {
            "string" => self.plain_string(part),
            "encapsed_string" | "heredoc" => self.string(part),
            "nowdoc" => self.nowdoc(part),
            "integer" | "float" => {
                let spelled = self.text(part).replace('_', "");
                self.builder.node(Node::Number(spelled.into()), at)
            }
            "boolean" => {
                let flag = self.text(part).eq_ignore_ascii_case("true");
                self.builder.node(Node::Flag(flag), at)
            }
            "null" => self.nil(at),
            "array_creation_expression" => self.array(part, at),
            "anonymous_function" => self.anonymous(part, at),
            "arrow_function" => self.arrow(part, at),
            _ => return None,
        })
    }

    /// What can stand on the left of an assignment, and names.
    fn place(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        Some(match part.kind() {
            "variable_name" => self.variable(part, at),
            "name" | "qualified_name" | "relative_name" => self.constant(part, at),
            "member_access_expression" | "nullsafe_member_access_expression" => {
                let object = self.nested(field(part, "object")?);
                let name = field(part, "name")?;
                if name.kind() == "name" {
                    let name = self.text(name).into();
                    self.builder.node(Node::Member(object, name), at)
                } else {
                    let name = self.nested(name);
                    self.call_native("(member)", vec![object, name], at)
                }
            }
            "scoped_property_access_expression" => {
                let class = self.scope(field(part, "scope")?);
                let name = self.text(field(part, "name")?).into();
                self.builder.node(Node::Member(class, name), at)
            }
            "class_constant_access_expression" => self.class_constant(part, at)?,
            "subscript_expression" => {
                let parts = named(part);
                let base = self.nested(*parts.first()?);
                match parts.get(1) {
                    // In a text a key stands without quotes.
                    Some(key) if key.kind() == "name" && self.is_in_text(part) => {
                        let key = self.text(*key);
                        let key = self.builder.text(key, at);
                        self.builder.node(Node::Index(base, key), at)
                    }
                    Some(key) => {
                        let key = self.nested(*key);
                        self.builder.node(Node::Index(base, key), at)
                    }
                    None => self.builder.unknown(at),
                }
            }
            _ => return None,
        })
    }

    fn is_in_text(&self, part: Part<'s>) -> bool {
        let around = part.parent();
        around.is_some_and(|around| matches!(around.kind(), "encapsed_string" | "heredoc_body"))
            && !self.text(part).contains(['\'', '"'])
    }

    fn variable(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let name = self.text(part);
        match name {
            "$_ENV" | "$_SERVER" => self.native("$_ENV", at),
            "$GLOBALS" => self.builder.unknown(at),
            _ => self.builder.read(name, at),
        }
    }

    /// A constant of the file, of its namespace or of the language.
    fn constant(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let name = self.text(part);
        match name {
            "__DIR__" | "__FILE__" | "__LINE__" | "__FUNCTION__" | "__METHOD__" | "__NAMESPACE__" => {
                self.call_native("(text)", vec![], at)
            }
            "__CLASS__" => self.class_around(at),
            _ => self.other_named(name, at),
        }
    }

    /// A function or constant by its name in the source.
    pub(super) fn other_named(&mut self, name: &str, at: Span) -> NodeId {
        match self.seen.other(name) {
            Some(path) => self.path_value(&path, at),
            // A parameter of that name is none of it.
            None if self.builder.is_local(name) => self.native(name, at),
            None => self.builder.read(name, at),
        }
    }

    /// What stands before `::`.
    pub(super) fn scope(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        match part.kind() {
            "name" | "qualified_name" | "relative_name" | "relative_scope" => {
                self.class_named(self.source.slice(at), at)
            }
            _ => self.nested(part),
        }
    }

    /// `A::B`, `A::class`.
    fn class_constant(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        let parts = named(part);
        let class = self.scope(*parts.first()?);
        let name = *parts.get(1)?;
        let spelled = self.text(name);
        if spelled.eq_ignore_ascii_case("class") {
            return Some(class);
        }
        Some(self.builder.node(Node::Member(class, spelled.into()), at))
    }

    fn combined(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        Some(match part.kind() {
            "assignment_expression" | "reference_assignment_expression" => self.assignment(part, at),
            "augmented_assignment_expression" => self.changed(part, at),
            "parenthesized_expression"
            | "error_suppression_expression"
            | "print_intrinsic"
            | "clone_expression"
            | "by_ref"
            | "variadic_unpacking" => self.nested(*named(part).first()?),
            "cast_expression" => self.cast(part, at)?,
            "unary_op_expression" => {
                let value = self.nested(field(part, "argument")?);
                self.builder.node(Node::Operation(vec![value]), at)
            }
            "update_expression" => {
                let target = field(part, "argument")?;
                let before = self.nested(target);
                let changed = self.builder.node(Node::Operation(vec![before]), at);
                self.bind(target, changed);
                changed
            }
            "binary_expression" => self.binary(part, at)?,
            "conditional_expression" => self.conditional(part, at)?,
            "match_expression" => self.choice(part, at)?,
            "sequence_expression" => {
                let values: Vec<NodeId> = named(part).into_iter().map(|one| self.nested(one)).collect();
                *values.last()?
            }
            "throw_expression" => {
                self.nested(*named(part).first()?);
                self.call_native("(never)", vec![], at)
            }
            "yield_expression" => self.yields(part, at),
            "include_expression"
            | "include_once_expression"
            | "require_expression"
            | "require_once_expression" => self.require(part, at),
            "shell_command_expression" => {
                named(part).into_iter().filter(|part| part.kind() != "string_content").for_each(|inner| {
                    self.nested(inner);
                });
                self.call_native("shell_exec", vec![], at)
            }
            _ => return None,
        })
    }

    fn cast(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        let value = self.nested(field(part, "value")?);
        Some(match self.text(field(part, "type")?).to_ascii_lowercase().as_str() {
            "string" | "binary" => self.call_native("strval", vec![value], at),
            "int" | "integer" | "float" | "double" | "real" => self.call_native("intval", vec![value], at),
            "bool" | "boolean" => self.call_native("boolval", vec![value], at),
            _ => value,
        })
    }

    fn binary(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        let (left, right) = (field(part, "left")?, field(part, "right")?);
        let sign = self.text(field(part, "operator")?).to_ascii_lowercase();
        if sign == "instanceof" {
            self.nested(left);
            return Some(self.call_native("isset", vec![], at));
        }
        let before = self.nested(left);
        if matches!(sign.as_str(), "??" | "&&" | "||" | "and" | "or") {
            let mark = self.builder.begin_arm();
            let other = self.nested(right);
            let arm = self.builder.end_arm(mark);
            if right.kind() != "throw_expression" {
                self.builder.join(&[arm], true, at);
            }
            let name = if sign == "??" { "??" } else { "isset" };
            return Some(self.call_native(name, vec![before, other], at));
        }
        let other = self.nested(right);
        let is_array = |part: Part<'_>| part.kind() == "array_creation_expression";
        Some(match sign.as_str() {
            "." => self.builder.node(Node::Concat(vec![before, other]), at),
            "==" | "===" => self.call_native("==", vec![before, other], at),
            "!=" | "!==" | "<>" => self.call_native("!=", vec![before, other], at),
            "+" if is_array(left) || is_array(right) => {
                self.call_native("array_merge", vec![other, before], at)
            }
            "|>" => self.builder.call(other, vec![Argument::Plain(before)], at),
            _ => self.builder.node(Node::Operation(vec![before, other]), at),
        })
    }

    /// `a ? b : c`, `a ?: c`.
    fn conditional(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        let test = self.nested(field(part, "condition")?);
        let mut arms = vec![];
        let mut values = vec![];
        for way in [field(part, "body"), field(part, "alternative")].into_iter().flatten() {
            let mark = self.builder.begin_arm();
            values.push(self.nested(way));
            let arm = self.builder.end_arm(mark);
            if way.kind() != "throw_expression" {
                arms.push(arm);
            }
        }
        self.builder.join(&arms, values.len() == 1, at);
        Some(match values.as_slice() {
            [yes, no] => self.call_native("?:", vec![test, *yes, *no], at),
            [other] => self.call_native("??", vec![test, *other], at),
            _ => test,
        })
    }

    fn choice(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        self.nested(field(part, "condition")?);
        let mut arms = vec![];
        let mut values = vec![];
        for way in field(part, "body").map(named).unwrap_or_default() {
            for test in field(way, "conditional_expressions").map(named).unwrap_or_default() {
                self.nested(test);
            }
            let Some(value) = field(way, "return_expression") else { continue };
            let mark = self.builder.begin_arm();
            let result = self.nested(value);
            let arm = self.builder.end_arm(mark);
            if value.kind() != "throw_expression" {
                arms.push(arm);
                values.push(result);
            }
        }
        self.builder.join(&arms, false, at);
        Some(if values.is_empty() { self.nil(at) } else { self.builder.one_of(values, at) })
    }

    fn yields(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let Some(inner) = named(part).last().copied() else { return self.builder.unknown(at) };
        if inner.kind() == "array_element_initializer" {
            if let Some(value) = named(inner).last() {
                let value = self.nested(*value);
                self.builder.node(Node::Yield(value), at);
            }
        } else {
            let list = self.nested(inner);
            self.builder.node(Node::YieldFrom(list), at);
        }
        self.builder.unknown(at)
    }

    /// Another file is run: what it gives is the value.
    fn require(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let Some(path) = named(part).first().copied() else { return self.builder.unknown(at) };
        match resolve::stated_path(self.text(path)) {
            Some(path) => {
                let module = self.builder.import(path.into(), 0, None, at);
                self.builder.node(Node::Member(module, GIVEN.into()), at)
            }
            None => {
                self.nested(path);
                self.builder.unknown(at)
            }
        }
    }

    /// A list or a record.
    fn array(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let elements: Vec<Part<'s>> =
            named(part).into_iter().filter(|part| part.kind() == "array_element_initializer").collect();
        if let Some(method) = self.callable(part, &elements, at) {
            return method;
        }
        let is_spread = |part: &Part<'s>| part_of_kind(*part, "variadic_unpacking").is_some();
        let is_keyed = |part: &Part<'s>| has_token(*part, "=>");
        let is_record = elements.iter().any(is_keyed) || elements.iter().all(is_spread);
        if !is_record {
            let values = elements.iter().filter_map(|element| {
                let inner = named(*element).into_iter().next()?;
                let value = self.nested(inner);
                let spread = inner.kind() == "variadic_unpacking";
                Some(if spread { Argument::Spread(value) } else { Argument::Plain(value) })
            });
            let values: Vec<Argument> = values.collect();
            return self.builder.node(Node::List(values), at);
        }
        let mut pairs = vec![];
        for (element, place) in elements.iter().zip(0_usize..) {
            let inner = named(*element);
            match inner.as_slice() {
                [key, value] => {
                    let key = self.nested(*key);
                    pairs.push((Some(key), self.nested(*value)));
                }
                [value] if value.kind() == "variadic_unpacking" => pairs.push((None, self.nested(*value))),
                [value] => {
                    let key = self.builder.text(&place.to_string(), at);
                    pairs.push((Some(key), self.nested(*value)));
                }
                _ => {}
            }
        }
        self.builder.node(Node::Record(pairs), at)
    }

    /// A method that an array names: `[$this, 'save']`, `[Orders::class, 'save']`.
    fn callable(&mut self, around: Part<'s>, elements: &[Part<'s>], at: Span) -> Option<NodeId> {
        let [of, name] = elements else { return None };
        if has_token(*of, "=>") || has_token(*name, "=>") {
            return None;
        }
        let (of, name) = (named(*of).into_iter().next()?, named(*name).into_iter().next()?);
        let is_class = of.kind() == "class_constant_access_expression"
            && self.text(of).to_ascii_lowercase().ends_with("::class");
        let is_object = of.kind() == "variable_name" && self.text(of) == super::THIS;
        let is_handed = around.parent().is_some_and(|around| around.kind() == "argument")
            && matches!(
                of.kind(),
                "variable_name"
                    | "member_access_expression"
                    | "scoped_call_expression"
                    | "member_call_expression"
            );
        if !(is_class || is_object || is_handed) || !matches!(name.kind(), "string" | "encapsed_string") {
            return None;
        }
        let spelled: SmolStr = self.text(name).trim_matches(['\'', '"']).into();
        let object = self.nested(of);
        if spelled.is_empty() || spelled.contains(|sign: char| !sign.is_alphanumeric() && sign != '_') {
            return None;
        }
        // A class stands for an object of it, made as a container makes it.
        let object = if is_class {
            let nothing = self.builder.unknown(at);
            let made = self.builder.node(Node::Cast(nothing, object), at);
            self.builder.one_of(vec![object, made], at)
        } else {
            object
        };
        let method = self.builder.node(Node::Method(object, spelled.clone()), at);
        if is_class || is_object {
            return Some(method);
        }
        // What is handed over may be a list after all.
        let text = self.builder.text(&spelled, at);
        let list = self.builder.node(Node::List(vec![Argument::Plain(object), Argument::Plain(text)]), at);
        Some(self.builder.one_of(vec![method, list], at))
    }
}
