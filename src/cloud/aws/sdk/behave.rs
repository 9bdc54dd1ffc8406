//! What a described function, member or operation sends and gives.

use crate::catalog::{Behaviour, LibraryCall, Value};
use crate::flow::{Arguments, Atom, BlindKind, Confidence, Host, ObjectId, Request, SdkValue, Shape, Why};
use crate::text::{SmolStr, TemplateString};

use super::scope::Scope;
use super::{AwsSdk, Stage};

/// Beginnings of slots, so that the records of one place do not meet.
const CALL_SLOT: u16 = 10_000;
/// The place of the settings of a request among the records of one call.
const SETTINGS_SLOT: u16 = 15;
/// How many slots the parts of one request take.
const SLOTS_OF_CALL: u16 = 200;

/// How many records a request may be made of before they are taken for one.
const MAX_RECORDS: usize = 24;

/// Fields with whether each is there on every path.
type Fields = Vec<(SmolStr, Shape, bool)>;

/// Who sends a request, and how surely.
struct Sender<'a> {
    client: Option<&'a SdkValue>,
    /// Settings of this request alone.
    settings: Option<ObjectId>,
    credentials: Shape,
    certain: bool,
}

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
        let stage = if Stage::of(on) == Stage::ClientMember { Stage::Client } else { Stage::Object };
        let mut object = stage.value(&on.service, owner, on.data);
        object.confidence = on.confidence;
        let described = self.libraries.member(class, name).map(|member| (member, vec![]));
        let formed = || self.form(&object, name).map(|(member, word)| (member, vec![word]));
        let other = || self.others(class).map(|member| (member, vec![]));
        let Some((member, words)) = described.or_else(formed).or_else(other) else {
            return Shape::any(Why::External);
        };
        let mut scope = Scope::of_call(self, Some(object), &member.parameters, arguments, host);
        scope.words = words;
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
        if behaviour.serves.is_empty() {
            invoke(&behaviour.invokes, &scope, arguments, host);
        }
        let mut served = behaviour.serves.is_empty();
        for place in &behaviour.serves {
            let (name, member) = place.split_once('.').unwrap_or((place, ""));
            let handed =
                scope.named.iter().find(|(known, _, _)| known == name).map(|(_, value, _)| value.clone());
            let handed = handed.unwrap_or_default();
            let handler = if member.is_empty() { handed } else { host.member(&handed, member) };
            let event = behaviour.event.as_ref().and_then(|event| self.handed_to_handler(event, host));
            served |= host.serve(&handler, event);
        }
        if !served {
            host.note_unserved();
        }
        scope.build(&behaviour.builds, host);
        if behaviour.when.iter().all(|test| scope.passes(test, host)) {
            for value in &behaviour.makes {
                if let Some((made, _)) = scope.value(value, host) {
                    host.register(&made);
                }
            }
            for keep in &behaviour.keeps {
                scope.keep(keep, host);
            }
            if let Some(entries) = &behaviour.enters {
                let mut entries = entries.clone();
                entries.made.retain(|rule| rule.when.iter().all(|test| scope.passes(test, host)));
                entries.found.retain(|rule| rule.when.iter().all(|test| scope.passes(test, host)));
                host.enter(&entries);
            }
        }
        let response = self.send(&behaviour.calls, &scope, host);
        let Some(returns) = &behaviour.returns else {
            return response.unwrap_or_else(|| Shape::any(Why::External));
        };
        scope.named.extend(response.map(|response| ("response".into(), response, true)));
        scope.value(returns, host).map_or_else(|| Shape::any(Why::External), |(shape, _)| shape)
    }

    /// What a handler is handed that does not get the event itself.
    fn handed_to_handler(&self, event: &Value, host: &mut dyn Host) -> Option<Shape> {
        let mut scope = Scope::empty(self);
        scope.named.push(("event".into(), Atom::Event(SmolStr::default()).into(), true));
        let context = Stage::Context.value("", "", None).into_shape();
        scope.named.push(("context".into(), context, true));
        scope.value(event, host).map(|(shape, _)| shape)
    }

    /// Sends requests; gives the response of the first.
    pub(super) fn send(&self, calls: &[LibraryCall], scope: &Scope, host: &mut dyn Host) -> Option<Shape> {
        let mut first = None;
        for (call, number) in calls.iter().zip(0u16..) {
            let made = scope.each_made(call.at.as_deref(), host);
            for mut inner in made.into_iter().flat_map(|scope| scope.each_record(&call.spread)) {
                // What one request holds is not what another or the result does.
                inner.slot += (number + 1).saturating_mul(SLOTS_OF_CALL);
                let mut response = None;
                match inner.made {
                    Some(object) => host.standing_at(object, &mut |host| {
                        response = self.send_all(call, &mut inner, CALL_SLOT + number * 16, host);
                    }),
                    None => response = self.send_all(call, &mut inner, CALL_SLOT + number * 16, host),
                }
                let response = response.filter(|response| number == 0 || !response.is_nothing());
                if let Some(response) = response {
                    first.get_or_insert_with(Shape::nothing).join(&response);
                }
            }
            if number == 0 && first.as_ref().is_some_and(Shape::is_nothing) {
                first = Some(Shape::any(Why::Response));
            }
        }
        first
    }

    /// Sends what one description comes to; gives the responses, and nothing where its conditions do not hold.
    fn send_all(
        &self,
        call: &LibraryCall,
        scope: &mut Scope,
        slot: u16,
        host: &mut dyn Host,
    ) -> Option<Shape> {
        if !call.when.iter().all(|test| scope.passes(test, host)) {
            return None;
        }
        let operations = scope.texts(&call.operation, host);
        let is_lost = operations.is_empty() && scope.reaches(&call.operation)
            || operations.iter().any(|operation| operation.as_literal().is_none());
        // What a filter does not know, it says itself.
        if is_lost && !call.operation.contains('|') {
            unknown_operation(scope.object.as_ref(), host);
        }
        let mut responses = Shape::nothing();
        for operation in operations {
            let Some((service, operation)) = operation.as_literal().and_then(|text| text.split_once('.'))
            else {
                continue;
            };
            responses.join(&self.send_one(call, service, operation, scope, slot, host));
        }
        Some(responses)
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
            let source: Fields = if name == "*" {
                open |= scope.open;
                scope.named.clone()
            } else if name.contains('.') {
                let record = scope.text(&format!("{{{name}}}"), host);
                record.into_iter().map(|(record, always)| (name.clone(), record, always)).collect()
            } else {
                scope.named.iter().filter(|(known, _, _)| known == name).cloned().collect()
            };
            if name == "*" {
                // A record that is spread by itself is no field.
                let own = source.into_iter().filter(|(known, _, _)| !call.spread.contains(known)).collect();
                merge(&mut fields, self.spelled(service, operation, scope.object.as_ref(), own), true);
                continue;
            }
            for (_, record, always) in source {
                let spell = |fields| self.spelled(service, operation, scope.object.as_ref(), fields);
                let (spread, more) = self.spread(&record, &spell, host);
                open |= more;
                merge(&mut fields, spread, always);
            }
        }
        let client = scope.object.clone();
        let credentials = match &call.credentials {
            Some(text) => match scope.text(text, host) {
                Some((mut shape, _)) => {
                    if !scope.sure {
                        shape.add(Atom::Nil);
                    }
                    shape
                }
                None => Shape::nothing(),
            },
            None => credentials_of(client.as_ref(), host),
        };
        let record = match scope.made.or(scope.apart) {
            Some(builder) => host.record_for(builder, fields),
            None => host.record(slot, fields),
        };
        if open {
            host.open(record);
        }
        let settings = call.region.as_deref().and_then(|region| {
            let (region, always) = scope.text(region, host)?;
            Some(host.record(slot + SETTINGS_SLOT, vec![("region".into(), region, always)]))
        });
        let certain = !call.possible;
        let sender = Sender { client: client.as_ref(), settings, credentials, certain };
        self.request(service, operation, record, &sender, host)
    }

    /// The fields of all the records that a value may be, and whether there may be more.
    fn spread(&self, value: &Shape, spell: &dyn Fn(Fields) -> Fields, host: &mut dyn Host) -> (Fields, bool) {
        let (mut spread, mut open): (Fields, bool) = (vec![], false);
        let only = value.atoms().len() == 1;
        for atom in value.atoms() {
            let Some(id) = self.record_in(atom) else {
                // Plain values have no fields.
                open |= !matches!(atom, Atom::Nil | Atom::Text(_) | Atom::Flag(_) | Atom::Number(_));
                continue;
            };
            let (fields, more) = host.fields(id);
            open |= more;
            for (name, value, always) in spell(fields) {
                match spread.iter_mut().find(|(known, _, _)| *known == name) {
                    Some((_, known, _)) => known.join(&value),
                    None => spread.push((name, value, always && only)),
                }
            }
        }
        (spread, open)
    }

    /// An operation called by its own name.
    pub(super) fn call_operation(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let named: Vec<_> =
            arguments.named.iter().filter(|(_, value, _)| !value.is_nothing()).cloned().collect();
        let named = self.spelled(&on.service, &on.name, Some(on), named);
        let mut is_open = arguments.open || arguments.rest.is_some();
        // Some SDKs take the request as one record, and a routine that gets a failure and the answer.
        let spell = |fields| self.spelled(&on.service, &on.name, Some(on), fields);
        let is_record = |atom: &Atom| self.record_in(atom).is_some();
        let mut with_records =
            arguments.positional.iter().filter(|shape| shape.atoms().iter().any(is_record));
        let request = with_records.next().cloned().unwrap_or_default();
        let mut common: Fields = named;
        for more in with_records {
            let (fields, is_more) = self.spread(&more.filter(is_record), &spell, host);
            merge(&mut common, fields, true);
            is_open |= is_more;
        }
        let is_dark = |atom: &Atom| matches!(atom, Atom::Any(_) | Atom::Event(_) | Atom::External(_));
        is_open |= arguments.positional.iter().flat_map(Shape::atoms).any(is_dark);
        let mut sent: Vec<ObjectId> = vec![];
        for (apart, value) in alternatives(&request.filter(is_record), |atom| self.record_in(atom)) {
            let (mut fields, is_more) = self.spread(&value, &spell, host);
            merge(&mut fields, common.clone(), true);
            let record = match apart {
                Some(one) => host.record_for(one, fields),
                None => host.record(CALL_SLOT, fields),
            };
            if is_open || is_more {
                host.open(record);
            }
            sent.push(record);
        }
        let credentials = credentials_of(Some(on), host);
        let sender = Sender { client: Some(on), settings: None, credentials, certain: true };
        let send = |record: ObjectId| self.request(&on.service, &on.name, record, &sender, host);
        let answer: Shape = sent.into_iter().map(send).collect();
        for positional in &arguments.positional {
            let routines = positional.filter(|atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..)));
            if !routines.is_nothing() {
                let positional = vec![Shape::any(Why::External), answer.clone()];
                host.invoke(&routines, Arguments { positional, ..Arguments::default() });
            }
        }
        answer
    }

    /// An operation of a client whose class describes what calling one does.
    pub(super) fn call_described(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let (operation, members) = on.name.split_once('#').unwrap_or((on.name.as_str(), ""));
        let described = self.libraries.inherited(members, &|class| class.operations.clone());
        let Some(behaviour) = described else { return Shape::any(Why::External) };
        let mut client = Stage::Client.value(&on.service, members, on.data);
        client.confidence = on.confidence;
        let mut scope = Scope::of_call(self, Some(client), &behaviour.parameters, arguments, host);
        scope.words.push(("operation".into(), format!("{}.{operation}", on.service).into()));
        self.behave(&behaviour, scope, arguments, host)
    }

    /// The record that a possibility is as a part of a request.
    pub(super) fn record_in(&self, atom: &Atom) -> Option<ObjectId> {
        match atom {
            Atom::Object(id) => Some(*id),
            Atom::Sdk(value) => self.record_of(value),
            _ => None,
        }
    }

    fn request(
        &self,
        service: &str,
        operation: &str,
        record: ObjectId,
        sender: &Sender<'_>,
        host: &mut dyn Host,
    ) -> Shape {
        let data = sender.settings.or_else(|| sender.client.and_then(|client| client.data));
        let confidence = sender.client.map_or(Confidence::Proven, |client| client.confidence);
        for principal in self.principals(&sender.credentials, host) {
            host.request(Request {
                service: service.into(),
                operation: operation.into(),
                arguments: record,
                client: data,
                principal,
                confidence,
                certain: sender.certain,
            });
        }
        Stage::Response.value(service, operation, Some(record)).into_shape()
    }
}

/// The records that a request may be made of, each apart; together where there is but one, or too many.
pub(super) fn alternatives(
    value: &Shape,
    record: impl Fn(&Atom) -> Option<ObjectId>,
) -> Vec<(Option<ObjectId>, Shape)> {
    let records = value.atoms().iter().filter_map(|atom| Some((Some(record(atom)?), atom.clone().into())));
    let records: Vec<(Option<ObjectId>, Shape)> = records.collect();
    if (2..=MAX_RECORDS).contains(&records.len()) { records } else { vec![(None, value.clone())] }
}

/// Adds fields to those of a request; a field that is there already stays as it is.
fn merge(fields: &mut Fields, more: Fields, always: bool) {
    for (name, value, there) in more {
        if !fields.iter().any(|(known, _, _)| *known == name) {
            fields.push((name, value, there && always));
        }
    }
}

/// Calls the routines in the parameters named, or in all arguments where none is.
pub(super) fn invoke(names: &[SmolStr], scope: &Scope, arguments: &Arguments, host: &mut dyn Host) {
    for name in names {
        if let Some((_, callee, _)) = scope.named.iter().find(|(known, _, _)| known == name) {
            host.escape(callee);
        }
    }
    if names.is_empty() {
        arguments.all().for_each(|argument| host.escape(argument));
    }
}

/// The credentials that a client or object was made with. Those that are not there on every path leave it the role's own.
fn credentials_of(client: Option<&SdkValue>, host: &mut dyn Host) -> Shape {
    let Some(data) = client.and_then(|client| client.data) else { return Shape::nothing() };
    let mut credentials = host.field(data, "credentials");
    let is_sure = |(name, _, always): &(SmolStr, Shape, bool)| name != "credentials" || *always;
    if !credentials.is_nothing() && !host.fields(data).0.iter().all(is_sure) {
        credentials.add(Atom::Nil);
    }
    credentials
}

/// Says that an operation, paginator or waiter is chosen by a name of which nothing is known.
pub(super) fn unnamed_operation(
    filter: &str,
    service: &str,
    name: &Shape,
    texts: &[TemplateString],
    host: &mut dyn Host,
) {
    let there = name.atoms().iter().any(|atom| !matches!(atom, Atom::Nil));
    if texts.is_empty() && matches!(filter, "operation" | "paginator" | "waiter") && there {
        let message = format!("an operation of {service} is chosen by a name that is not known");
        host.blind(BlindKind::UnknownOperation, &[service], message);
    }
}

/// Says that a client sends something of which the operation is not known.
fn unknown_operation(client: Option<&SdkValue>, host: &mut dyn Host) {
    if let Some(client) = client.filter(|client| Stage::of(client) == Stage::Client) {
        let message = format!("what a client of {} sends is not known", client.service);
        host.blind(BlindKind::UnknownOperation, &[&client.service], message);
    }
}

/// A call of a part of an answer: what it is handed (the routine of a loop, of an event, of the next page) gets the answer.
pub(super) fn answer(on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
    let answer = on.clone().into_shape();
    let handed = Arguments { positional: vec![answer.clone(); 2], ..Arguments::default() };
    for argument in arguments.all() {
        let routines = argument.filter(|atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..)));
        if !routines.is_nothing() {
            host.invoke(&routines, handed.clone());
        }
    }
    answer
}
