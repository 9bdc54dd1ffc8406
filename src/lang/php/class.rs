//! Classes, interfaces, traits and enumerations.

use tree_sitter::Node as Part;

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::tree::{field, named, part_of_kind, span};
use super::{Around, CONSTRUCTOR, Lowering, THIS, assign, receiver_of};

impl<'s> Lowering<'s> {
    /// A class, interface, trait or enumeration under its name.
    pub(super) fn class(&mut self, part: Part<'s>) {
        let Some(name) = field(part, "name") else { return };
        let at = span(name);
        let name: SmolStr = self.text(name).into();
        let value = self.class_of(part, &name, true, at);
        if !self.builder.is_own(&name) {
            self.builder.declare(name.clone());
        }
        self.builder.assign(&name, value, at);
        if part.kind() == "enum_declaration" {
            self.cases(part, value);
        }
    }

    /// A class that has no name.
    pub(super) fn anonymous_class(&mut self, part: Part<'s>) -> NodeId {
        self.unnamed += 1;
        let name = SmolStr::from(format!("<class {}>", self.unnamed));
        self.class_of(part, &name, false, span(part))
    }

    fn class_of(&mut self, part: Part<'s>, name: &SmolStr, is_named: bool, at: Span) -> NodeId {
        let members = field(part, "body").map(named).unwrap_or_default();
        let (bases, above) = self.bases(part, &members);
        let mut own: Vec<SmolStr> = members.iter().flat_map(|member| self.member_names(*member)).collect();
        own.sort();
        own.dedup();
        let id = self.builder.enter_class(name.clone(), CONSTRUCTOR.into(), own, at);
        self.classes.push(Around { name: name.clone(), is_named, above });
        for member in &members {
            self.member(*member);
        }
        self.classes.pop();
        self.builder.leave();
        let is_abstract = matches!(part.kind(), "interface_declaration" | "trait_declaration")
            || part_of_kind(part, "abstract_modifier").is_some();
        self.builder.declare_objects(id, vec![], is_abstract);
        self.builder.node(Node::Class(id, bases), at)
    }

    /// What a class takes its members from, and the class above it. Traits come before that.
    fn bases(&mut self, part: Part<'s>, members: &[Part<'s>]) -> (Vec<NodeId>, Option<SmolStr>) {
        let mut names = vec![];
        for member in members.iter().filter(|member| member.kind() == "use_declaration") {
            names.extend(self.listed(*member));
        }
        let above = part_of_kind(part, "base_clause").map(|clause| self.listed(clause)).unwrap_or_default();
        let first = above.first().map(|(name, _)| name.clone());
        names.extend(above);
        if let Some(clause) = part_of_kind(part, "class_interface_clause") {
            names.extend(self.listed(clause));
        }
        let bases = names.into_iter().map(|(name, at)| self.class_named(&name, at)).collect();
        (bases, first)
    }

    /// The names that a member declares in the body of its class.
    fn member_names(&self, member: Part<'s>) -> Vec<SmolStr> {
        match member.kind() {
            "method_declaration" => {
                field(member, "name").map(|name| self.text(name).into()).into_iter().collect()
            }
            "const_declaration" => {
                let elements = named(member).into_iter().filter(|part| part.kind() == "const_element");
                elements.filter_map(|part| Some(self.text(*named(part).first()?).into())).collect()
            }
            "property_declaration" => {
                let is_static = part_of_kind(member, "static_modifier").is_some();
                let elements = named(member).into_iter().filter(|part| part.kind() == "property_element");
                let names = elements.filter_map(|part| field(part, "name"));
                names.map(|name| self.property_name(name, is_static)).collect()
            }
            _ => vec![],
        }
    }

    /// The name of a property in the graph: that of a static one has the sign in front.
    fn property_name(&self, name: Part<'s>, is_static: bool) -> SmolStr {
        let spelled = self.text(name);
        if is_static { spelled.into() } else { spelled.trim_start_matches('$').into() }
    }

    fn member(&mut self, member: Part<'s>) {
        match member.kind() {
            "method_declaration" => self.method(member),
            "const_declaration" => self.constants(member),
            "property_declaration" => self.properties(member),
            _ => {}
        }
    }

    fn properties(&mut self, member: Part<'s>) {
        let is_static = part_of_kind(member, "static_modifier").is_some();
        let stated = field(member, "type");
        for element in named(member).into_iter().filter(|part| part.kind() == "property_element") {
            let Some(name) = field(element, "name") else { continue };
            let at = span(name);
            let spelled = self.text(name);
            let name = self.property_name(name, is_static);
            let kind = stated.and_then(|kind| self.type_value(kind));
            let kind = kind.or_else(|| self.documented(member, spelled));
            if let Some(kind) = kind {
                self.builder.node(Node::Field(name.clone(), kind), at);
            }
            let default = field(element, "default_value").filter(|value| value.kind() != "null");
            let Some(default) = default else { continue };
            let property = spelled.trim_start_matches('$');
            let is_list = assign::is_empty_array(default, self.text(default))
                && (self.is_appended(&format!("$this->{property}"))
                    || self.is_appended(&format!("self::{spelled}")));
            let value =
                if is_list { self.builder.node(Node::List(vec![]), at) } else { self.nested(default) };
            self.builder.assign(&name, value, at);
        }
    }

    /// A method. One without a body only says what others have.
    fn method(&mut self, part: Part<'s>) {
        let Some(name) = field(part, "name").filter(|_| field(part, "body").is_some()) else { return };
        let at = span(name);
        let name: SmolStr = self.text(name).into();
        let is_static = part_of_kind(part, "static_modifier").is_some();
        let taken = self.taken(part);
        for parameter in &taken {
            let kind = parameter.kind.and_then(|kind| self.type_value(kind));
            if let (Some(property), Some(kind)) = (&parameter.property, kind) {
                self.builder.node(Node::Field(property.clone(), kind), at);
            }
        }
        let receiver = receiver_of(is_static);
        let outer = std::mem::replace(&mut self.is_static, is_static);
        let (closure, routine) = self.enter_routine(&name, part, &taken, Some(receiver), at);
        self.builder.set_receiver(routine, receiver);
        let this = self.builder.read(THIS, at);
        for parameter in &taken {
            if let Some(property) = &parameter.property {
                let value = self.builder.read(&parameter.name, at);
                self.builder.store_straight(this, property.clone(), value, at);
            }
        }
        self.body(part);
        self.is_static = outer;
        let value = self.leave_routine(closure, at);
        self.builder.assign(&name, value, at);
    }

    /// The cases of an enumeration: objects of it that hang at it.
    fn cases(&mut self, part: Part<'s>, class: NodeId) {
        let members = field(part, "body").map(named).unwrap_or_default();
        for case in members.into_iter().filter(|part| part.kind() == "enum_case") {
            let at = span(case);
            let Some(name) = field(case, "name") else { continue };
            let name: SmolStr = self.text(name).into();
            let text = self.builder.text(&name, at);
            let mut fields = vec![(Some("name".into()), text)];
            if let Some(value) = field(case, "value") {
                fields.push((Some("value".into()), self.nested(value)));
            }
            let object = self.builder.node(Node::Make(class, fields), at);
            self.builder.store(class, name, object, at);
        }
    }

    /// The type that a comment states of a parameter or property: `@param S3Client $s3`, `@var S3Client`.
    pub(super) fn documented(&mut self, part: Part<'s>, name: &str) -> Option<NodeId> {
        let comment = part.prev_sibling().filter(|comment| comment.kind() == "comment")?;
        let at = span(comment);
        let kind = stated_in(self.text(comment), name)?;
        Some(self.class_named(kind, at))
    }

    /// The type that a comment in front of an assignment states of the variable.
    pub(super) fn stated_type(&mut self, assignment: Part<'s>, name: &str) -> Option<NodeId> {
        let statement = assignment.parent().filter(|around| around.kind() == "expression_statement")?;
        let comment = statement.prev_sibling().filter(|comment| comment.kind() == "comment")?;
        let text = self.text(comment);
        let at = span(comment);
        let kind = stated_in(text, name).filter(|_| text.contains("@var"))?;
        Some(self.class_named(kind, at))
    }
}

/// The class that a comment states: `@var A|null`, `@param ?A $name`.
fn stated_in<'t>(comment: &'t str, name: &str) -> Option<&'t str> {
    if !comment.starts_with("/**") {
        return None;
    }
    comment.lines().find_map(|line| {
        let line = line.trim().trim_start_matches(['/', '*', ' ']).trim_end_matches("*/").trim();
        let (tag, rest) = line.split_once(char::is_whitespace)?;
        let mut words = rest.split_whitespace();
        let (kind, of) = (words.next()?, words.next());
        let is_meant = match tag {
            "@param" => of.is_some_and(|of| of.trim_start_matches("...") == name),
            "@var" => of.is_none_or(|of| of == name || !of.starts_with('$')),
            _ => false,
        };
        if !is_meant {
            return None;
        }
        let mut kinds = kind.split('|').map(|kind| kind.trim_start_matches('?'));
        kinds.find(|kind| {
            let last = kind.rsplit('\\').next().unwrap_or(kind);
            last.starts_with(char::is_uppercase)
                && last.chars().all(|sign| sign.is_alphanumeric() || sign == '_')
        })
    })
}
