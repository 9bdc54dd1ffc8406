//! What a described function, member or operation sends and gives.

use crate::catalog::{Behaviour, LibraryCall};
use crate::flow::{Arguments, Atom, Confidence, Host, Principal, Request, SdkValue, Shape, Why};
use crate::text::{Hole, SmolStr};

use super::scope::Scope;
use super::{AwsSdk, Stage};

/// Beginnings of slots, so that the records of one place do not meet.
const CALL_SLOT: u16 = 10_000;

impl AwsSdk {
    /// A described member: what it is, or something to call.
    pub(super) fn described_member(
        &self,
        member: &Behaviour,
        mut scope: Scope,
        class: &str,
        name: &str,
        host: &mut dyn Host,
    ) -> Shape {
        if let Some(value) = &member.is {
            let sent = self.send(&member.calls, &scope, host);
            let value = scope.value(value, host).map(|(shape, _)| shape);
            return value.or(sent).unwrap_or_else(|| Shape::any(Why::External));
        }
        let Some(object) = scope.object else { return Shape::any(Why::External) };
        let stage = if Stage::of(&object) == Stage::Client { Stage::ClientMember } else { Stage::Member };
        let mut bound = stage.value(&object.service, &format!("{class}#{name}#{}", object.name), object.data);
        bound.confidence = object.confidence;
        bound.into_shape()
    }

    /// Calls a bound member.
    pub(super) fn call_member(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let mut parts = on.name.splitn(3, '#');
        let (Some(class), Some(name), Some(owner)) = (parts.next(), parts.next(), parts.next()) else {
            return Shape::any(Why::External);
        };
        let Some(member) = self.libraries.member(class, name) else { return Shape::any(Why::External) };
        let stage = if Stage::of(on) == Stage::ClientMember { Stage::Client } else { Stage::Object };
        let mut object = stage.value(&on.service, owner, on.data);
        object.confidence = on.confidence;
        let scope = Scope::of_call(self, Some(object), &member.parameters, arguments);
        self.behave(&member, scope, arguments, host)
    }

    /// Sends a behaviour's requests and gives its result.
    pub(super) fn behave(
        &self,
        behaviour: &Behaviour,
        mut scope: Scope,
        arguments: &Arguments,
        host: &mut dyn Host,
    ) -> Shape {
        for name in &behaviour.invokes {
            if let Some((_, callee, _)) = scope.named.iter().find(|(known, _, _)| known == name) {
                host.escape(callee);
            }
        }
        if behaviour.invokes.is_empty() {
            arguments.all().for_each(|argument| host.escape(argument));
        }
        let response = self.send(&behaviour.calls, &scope, host);
        let Some(returns) = &behaviour.returns else {
            return response.unwrap_or_else(|| Shape::any(Why::External));
        };
        scope.value(returns, host).map_or_else(|| Shape::any(Why::External), |(shape, _)| shape)
    }

    /// Sends requests; gives the response of the first.
    pub(super) fn send(&self, calls: &[LibraryCall], scope: &Scope, host: &mut dyn Host) -> Option<Shape> {
        let mut first = None;
        for (call, number) in calls.iter().zip(0u16..) {
            let mut inner = Scope {
                object: scope.object.clone(),
                named: scope.named.clone(),
                open: scope.open,
                words: scope.words.clone(),
                ..Scope::empty(self)
            };
            for operation in inner.texts(&call.operation, host) {
                let Some((service, operation)) = operation.as_literal().and_then(|text| text.split_once('.'))
                else {
                    continue;
                };
                let slot = CALL_SLOT + number * 16;
                let response = self.send_one(call, service, operation, &mut inner, slot, host);
                first.get_or_insert_with(Shape::nothing).join(&response);
            }
            if number == 0 && first.is_none() {
                first = Some(Shape::any(Why::Response));
            }
        }
        first
    }

    fn send_one(
        &self,
        call: &LibraryCall,
        service: &str,
        operation: &str,
        scope: &mut Scope,
        slot: u16,
        host: &mut dyn Host,
    ) -> Shape {
        let mut fields = scope.fields(&call.arguments, host);
        let mut open = false;
        for name in &call.spread {
            let source: Vec<(SmolStr, Shape, bool)> = if name == "*" {
                open |= scope.open;
                scope.named.clone()
            } else {
                scope.named.iter().filter(|(known, _, _)| known == name).cloned().collect()
            };
            if name == "*" {
                merge(&mut fields, source, true);
                continue;
            }
            for (_, record, always) in source {
                for atom in record.atoms() {
                    if let Atom::Object(id) = atom {
                        let (inner, more) = host.fields(*id);
                        open |= more;
                        merge(&mut fields, inner, always && record.atoms().len() == 1);
                    } else {
                        open |= !matches!(atom, Atom::Nil);
                    }
                }
            }
        }
        let record = host.record(slot, fields);
        if open {
            host.open(record);
        }
        let client = scope.object.clone();
        self.request(service, operation, record, client.as_ref(), !call.possible, host)
    }

    /// An operation called by its own name.
    pub(super) fn call_operation(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let named: Vec<_> =
            arguments.named.iter().filter(|(_, value, _)| !value.is_nothing()).cloned().collect();
        let record = host.record(CALL_SLOT, named);
        if arguments.open || arguments.rest.is_some() {
            host.open(record);
        }
        // Some SDKs take the request as one record.
        for positional in &arguments.positional {
            for atom in positional.atoms() {
                if let Atom::Object(id) = atom {
                    let (fields, more) = host.fields(*id);
                    host.record(CALL_SLOT, fields);
                    if more {
                        host.open(record);
                    }
                }
            }
        }
        self.request(&on.service, &on.name, record, Some(on), true, host)
    }

    fn request(
        &self,
        service: &str,
        operation: &str,
        record: crate::flow::ObjectId,
        client: Option<&SdkValue>,
        certain: bool,
        host: &mut dyn Host,
    ) -> Shape {
        let data = client.and_then(|client| client.data);
        let credentials = data.map(|data| host.field(data, "credentials")).unwrap_or_default();
        let confidence = client.map_or(Confidence::Proven, |client| client.confidence);
        for principal in self.principals(&credentials, host) {
            host.request(Request {
                service: service.into(),
                operation: operation.into(),
                arguments: record,
                client: data,
                principal,
                confidence,
                certain,
            });
        }
        Stage::Response.value(service, operation, Some(record)).into_shape()
    }

    /// Whom credentials make a client act as.
    fn principals(&self, credentials: &Shape, host: &mut dyn Host) -> Vec<Principal> {
        let mut principals: Vec<Principal> = vec![];
        for atom in credentials.atoms() {
            let principal = match atom {
                Atom::Nil => Principal::ExecutionRole,
                Atom::Sdk(value) => self.principal_of(value, host),
                Atom::Event(_) => Principal::Other("the event".into()),
                Atom::Text(text) => match text.as_hole() {
                    Some(Hole::Environment(name)) if self.is_own_credential(name) => Principal::ExecutionRole,
                    Some(Hole::Environment(name)) => {
                        Principal::Other(format!("the environment variable {name}").into())
                    }
                    _ => Principal::Other("explicit keys".into()),
                },
                Atom::External(path) => Principal::Other(path.clone()),
                _ => Principal::Other("credentials that are not known".into()),
            };
            if !principals.contains(&principal) {
                principals.push(principal);
            }
        }
        if principals.is_empty() {
            principals.push(Principal::ExecutionRole);
        }
        principals
    }

    fn principal_of(&self, value: &SdkValue, host: &mut dyn Host) -> Principal {
        if Stage::of(value) != Stage::Response {
            return Principal::ExecutionRole;
        }
        let operation = value.name.split('/').next().unwrap_or("");
        match self.response_principal(&value.service, operation) {
            Some(None) => Principal::ExecutionRole,
            Some(Some(role)) => {
                let roles = value.data.map(|data| host.field(data, role)).unwrap_or_default();
                let role = host.texts(&roles).into_iter().next().unwrap_or_else(|| Hole::Unknown.into());
                Principal::AssumedRole(role)
            }
            None => Principal::Other(format!("the response of {}.{operation}", value.service).into()),
        }
    }

    /// A part of a response: text where the catalog knows what stands there, else a longer path.
    pub(super) fn response_part(&self, on: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        let path = format!("{}/{name}", on.name);
        if let Some(fact) = self.response_fact(&on.service, &path) {
            let mut scope = Scope::empty(self);
            if let Some(data) = on.data {
                scope.named = host.fields(data).0;
            }
            let texts = scope.texts(&fact, host);
            if !texts.is_empty() {
                return texts.into_iter().map(Atom::Text).collect();
            }
        }
        if path.len() > 120 {
            return on.clone().into_shape();
        }
        let mut part = Stage::Response.value(&on.service, &path, on.data);
        part.confidence = on.confidence;
        part.into_shape()
    }
}

/// Adds fields to those of a request; what both have is joined.
fn merge(fields: &mut Vec<(SmolStr, Shape, bool)>, more: Vec<(SmolStr, Shape, bool)>, always: bool) {
    for (name, value, there) in more {
        match fields.iter_mut().find(|(known, _, _)| *known == name) {
            Some((_, known, _)) => known.join(&value),
            None => fields.push((name, value, there && always)),
        }
    }
}
