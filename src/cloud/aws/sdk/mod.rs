//! The behaviour of the AWS SDKs and of the libraries around them, worked out from the catalog's descriptions.
//!
//! A description says which requests a function or member sends and what it gives. What is here knows only the few
//! kinds of value that all of them come down to: a path, an object of a described class, a client, a bound operation,
//! a bound member, a response.

mod behave;
mod derived;
mod facts;
mod fields;
mod index;
mod parts;
mod paths;
mod scope;
mod url;

use crate::catalog::{
    Behaviour, Catalog, Entries, EntryRule, LibraryClass, Operation, Overlay, Platform, SdkNames, Service,
};
use crate::flow::{Arguments, Atom, Binding, BlindKind, Confidence, Host, ObjectId, SdkValue, Shape, Why};
use crate::text::SmolStr;

pub use index::{client_packages, described_packages, is_described, may_send};

use behave::answer;
use index::{Libraries, makes_any_client};
use scope::Scope;

/// What an [`SdkValue`] of this binding is.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
enum Stage {
    /// A module, function or class, by its path.
    Path,
    /// An object of a described class.
    Object,
    /// A client; the name is the class that describes the members that every client has.
    Client,
    /// An operation of a client, not yet called.
    Operation,
    /// A described member, bound to its object: `class#member#class of the object`.
    Member,
    /// A described member, bound to a client.
    ClientMember,
    /// A part of a response: `Operation/path`.
    Response,
    /// What the platform hands to a handler beside the event.
    Context,
    /// A member of a client that is no operation that the catalog knows.
    Missing,
    /// A member that sets or gives a field, bound to its object: `set#field#class of the object`.
    Setter,
    /// An operation whose call is described by the class of all clients: `Operation#class`.
    Described,
}

impl Stage {
    fn of(value: &SdkValue) -> Self {
        const STAGES: [Stage; 11] = [
            Stage::Path,
            Stage::Object,
            Stage::Client,
            Stage::Operation,
            Stage::Member,
            Stage::ClientMember,
            Stage::Response,
            Stage::Context,
            Stage::Missing,
            Stage::Setter,
            Stage::Described,
        ];
        STAGES.get(usize::from(value.stage)).copied().unwrap_or(Self::Missing)
    }

    fn value(self, service: &str, name: &str, data: Option<ObjectId>) -> SdkValue {
        SdkValue {
            stage: self as u16,
            service: service.into(),
            name: name.into(),
            data,
            confidence: Confidence::Proven,
        }
    }
}

/// The SDKs and libraries that the catalog describes.
pub struct AwsSdk {
    catalog: Catalog,
    libraries: Libraries,
}

impl AwsSdk {
    /// The binding over a catalog.
    pub fn new(catalog: Catalog) -> Self {
        Self { catalog, libraries: Libraries::new(vec![]) }
    }

    /// The binding over the catalog and libraries with what overlays say of them.
    pub fn with(overlay: &Overlay) -> Self {
        Self { catalog: overlay.catalog(), libraries: Libraries::new(overlay.libraries().to_vec()) }
    }

    /// What a framework enters whose class has the member at a path, in programs of a language.
    pub fn entries(&self, language: &str, path: &str) -> Option<Entries> {
        let (class, member) = path.rsplit_once('.')?;
        if !self.libraries.knows(language, class) {
            return None;
        }
        self.libraries.member(class, member)?.enters
    }

    /// What the platform enters in programs of a language that no deployment names.
    pub fn handlers(&self, language: &str) -> Vec<EntryRule> {
        self.libraries.handlers(language)
    }

    /// What frameworks enter in programs of their own, by the member that does, with the packages that make such programs.
    pub fn natives(&self, language: &str) -> Vec<(SmolStr, Entries)> {
        self.libraries.natives(language)
    }

    /// What calling a member of a class does that is not described by its name.
    fn others(&self, class: &str) -> Option<Behaviour> {
        self.libraries.inherited(class, &|class| class.others.clone())
    }

    fn service(&self, name: &str) -> Option<Service> {
        self.catalog.service(name)
    }

    /// The client name of the service that packages know by its id, whatever its case, spaces and hyphens, or by the name
    /// that an SDK gives it.
    fn service_of_package(&self, sdk: &str, name: &str) -> Option<&'static str> {
        let called = || SdkNames::of(sdk, self.catalog)?.package_called(name);
        if let Some(service) = called() {
            return Some(service.name());
        }
        let key = |text: &str| -> String {
            let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
            letters.map(|letter| char::from(letter.to_ascii_lowercase())).collect()
        };
        let wanted = key(name);
        let mut services = self.catalog.services();
        services.find(|service| key(service.service_id()) == wanted).map(Service::name)
    }

    /// A member of a client: described ones first, then the operations of its service.
    fn client_member(&self, client: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        // Beside the class of all clients stands one for each service that adds members of its own.
        let family = client.name.rsplit_once('.').map_or("", |(family, _)| family);
        let special = format!("{family}.{}", client.service);
        for class in [special.as_str(), client.name.as_str()] {
            if let Some(member) = self.libraries.member(class, name) {
                let scope = Scope::of_object(self, client.clone());
                return self.described_member(&member, scope, class, name, host);
            }
        }
        if let Some((form, _)) = self.form(client, name) {
            let scope = Scope::of_object(self, client.clone());
            return self.described_member(&form, scope, &client.name, name, host);
        }
        let operation = self.operation_named(&client.service, &client.name, name);
        let is_described = || {
            let described = self.libraries.inherited(&client.name, &|class| class.operations.clone());
            described.is_some()
        };
        let mut bound = match operation {
            Some(operation) if is_described() => {
                let name = format!("{}#{}", operation.name(), client.name);
                Stage::Described.value(&client.service, &name, client.data)
            }
            Some(operation) => Stage::Operation.value(&client.service, operation.name(), client.data),
            None => Stage::Missing.value(&client.service, name, client.data),
        };
        bound.confidence = client.confidence;
        bound.into_shape()
    }

    /// The operation that a member of a client names, in the spelling of the client's SDK.
    fn operation_named(&self, service: &str, members: &str, name: &str) -> Option<Operation> {
        let service = self.service(service)?;
        let spelling = |class: &LibraryClass| (!class.names.is_empty()).then(|| class.names.clone());
        match self.libraries.inherited(members, &spelling) {
            Some(sdk) => SdkNames::of(&sdk, self.catalog)?.operation(service, name),
            None => service.operation_by_key(name),
        }
    }

    /// A member of a client that is named after an operation in a form that its class describes, with what its place took.
    fn form(&self, client: &SdkValue, name: &str) -> Option<(Behaviour, (SmolStr, SmolStr))> {
        let service = self.service(&client.service)?;
        self.libraries.forms(&client.name).into_iter().find_map(|form| {
            let (kind, taken) = form.take(name)?;
            let is_there = match kind {
                "waiter" => service.waiter(taken).is_some(),
                _ => service.operation_by_key(taken).is_some(),
            };
            let word = (SmolStr::from(kind), SmolStr::from(taken));
            is_there.then_some((form.call, word))
        })
    }

    /// Whether a client has a described member, or one that names an operation.
    fn client_has(&self, client: &SdkValue, name: &str) -> bool {
        let family = client.name.rsplit_once('.').map_or("", |(family, _)| family);
        let special = format!("{family}.{}", client.service);
        [special.as_str(), client.name.as_str()]
            .iter()
            .any(|class| self.libraries.member(class, name).is_some())
            || self.operation_named(&client.service, &client.name, name).is_some()
    }

    fn object_member(&self, object: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        if let Some(member) = self.libraries.member(&object.name, name) {
            let scope = Scope::of_object(self, object.clone());
            return self.described_member(&member, scope, &object.name, name, host);
        }
        if let Some(setter) = self.setter(object, name) {
            return setter;
        }
        let field = object.data.map(|data| host.field(data, name)).unwrap_or_default();
        if !field.is_nothing() {
            return field;
        }
        if let Some(others) = self.others(&object.name) {
            let scope = Scope::of_object(self, object.clone());
            return self.described_member(&others, scope, &object.name, name, host);
        }
        let Some(class) = self.libraries.class(&object.name) else { return Shape::any(Why::External) };
        if class.load.is_empty() {
            return Shape::any(Why::External);
        }
        let scope = Scope::of_object(self, object.clone());
        self.send(&class.load, &scope, host).unwrap_or_else(|| Shape::any(Why::Response))
    }
}

impl Binding for AwsSdk {
    fn import(&self, language: &str, path: &str) -> Option<SdkValue> {
        self.libraries.knows(language, path).then(|| Stage::Path.value("", path, None))
    }

    fn member(&self, on: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        match Stage::of(on) {
            Stage::Path => self.path_member(on, name, host),
            Stage::Object => self.object_member(on, name, host),
            Stage::Client => self.client_member(on, name, host),
            Stage::Response => self.response_part(on, name, host),
            Stage::Context => self.context_member(&on.name, name, host),
            Stage::Operation
            | Stage::Member
            | Stage::ClientMember
            | Stage::Missing
            | Stage::Setter
            | Stage::Described => Shape::any(Why::External),
        }
    }

    fn index(&self, on: &SdkValue, key: Option<&str>, host: &mut dyn Host) -> Shape {
        match Stage::of(on) {
            Stage::Response => match key {
                Some(key) if key.parse::<i64>().is_err() => self.response_part(on, key, host),
                _ => on.clone().into_shape(),
            },
            Stage::Object => self.object_index(on, key, host),
            // Types for the places of a generic class or function.
            Stage::Path => on.clone().into_shape(),
            _ => Shape::any(Why::External),
        }
    }

    fn element(&self, on: &SdkValue, host: &mut dyn Host) -> Shape {
        match Stage::of(on) {
            Stage::Object => self.object_element(on, host),
            Stage::Response => on.clone().into_shape(),
            _ => Shape::any(Why::External),
        }
    }

    fn call(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        match Stage::of(on) {
            Stage::Path => self.call_path(on, arguments, host),
            Stage::Operation => self.call_operation(on, arguments, host),
            Stage::Member | Stage::ClientMember => self.call_member(on, arguments, host),
            Stage::Object => self.call_object(on, arguments, host),
            Stage::Setter => self.call_setter(on, arguments, host),
            Stage::Described => self.call_described(on, arguments, host),
            Stage::Response => answer(on, arguments, host),
            Stage::Missing => {
                let message =
                    format!("`{}` is no operation of {} that the catalog knows", on.name, on.service);
                host.blind(BlindKind::UnknownOperation, &[&on.service], message);
                Shape::any(Why::Response)
            }
            Stage::Client | Stage::Context => Shape::any(Why::External),
        }
    }

    fn instance(&self, on: &SdkValue, host: &mut dyn Host) -> Shape {
        let shape = match Stage::of(on) {
            Stage::Path => self.instance_of_path(&on.name, on.data, host),
            _ => Shape::nothing(),
        };
        likely(&shape)
    }

    fn reach(&self, on: &SdkValue) -> Option<Vec<SmolStr>> {
        match Stage::of(on) {
            Stage::Client => Some(vec![on.service.clone()]),
            Stage::Object => self.libraries.reach(&on.name),
            Stage::Path => self.libraries.symbol(&on.name).is_some_and(makes_any_client).then(Vec::new),
            _ => None,
        }
    }

    fn is_secret_key(&self, variable: &str) -> bool {
        Platform::embedded().is_secret_key(variable)
    }

    fn looks_like(&self, name: &str, arguments: &Arguments) -> Vec<SmolStr> {
        if arguments.named.is_empty() && !arguments.open {
            return vec![];
        }
        let fits = |service: &Service| {
            service.operation_by_key(name).is_some_and(|operation| {
                let known: Vec<&str> = operation.parameters().collect();
                !arguments.named.is_empty()
                    && arguments.named.iter().all(|(name, _, _)| known.contains(&name.as_str()))
            })
        };
        self.catalog.services().filter(fits).map(|service| service.name().into()).collect()
    }

    fn is_handed(&self, on: &SdkValue) -> bool {
        let class = self.libraries.class(&on.name).filter(|_| Stage::of(on) == Stage::Object);
        class.is_some_and(|class| !class.handed.is_empty())
    }

    fn hand_over(&self, on: &SdkValue, host: &mut dyn Host) -> bool {
        let Some(class) = self.libraries.class(&on.name).filter(|_| Stage::of(on) == Stage::Object) else {
            return false;
        };
        let mut object = on.clone();
        object.confidence = Confidence::Likely.max(on.confidence);
        self.send(&class.handed, &Scope::of_object(self, object), host);
        !class.handed.is_empty()
    }

    fn called(&self, on: &SdkValue) -> Option<SmolStr> {
        (Stage::of(on) == Stage::Operation).then(|| on.name.clone())
    }

    fn is_bound_call(&self, on: &SdkValue) -> bool {
        matches!(Stage::of(on), Stage::Operation | Stage::Member | Stage::ClientMember | Stage::Described)
    }

    fn is_class(&self, on: &SdkValue) -> bool {
        Stage::of(on) == Stage::Path && self.libraries.class(&on.name).is_some()
    }

    fn stands_for(&self, members: &[(SmolStr, Shape)], host: &mut dyn Host) -> Shape {
        let paths = members.iter().flat_map(|(_, types)| types.atoms()).filter_map(|atom| match atom {
            Atom::Sdk(value) if Stage::of(value) == Stage::Path => Some(value.name.as_str()),
            _ => None,
        });
        let has_all = |client: &SdkValue| {
            let service = self.service(&client.service);
            members.iter().all(|(name, _)| {
                self.form(client, name).is_some()
                    || self.libraries.member(&client.name, name).is_some()
                    || service.is_some_and(|service| service.operation_by_key(name).is_some())
            })
        };
        for path in paths {
            let Some((pattern, words)) = self.libraries.pattern(path) else { continue };
            let mut scope = Scope { words, ..Scope::empty(self) };
            let client = pattern.client.as_ref().and_then(|client| scope.value(client, host));
            let fits = |atom: &Atom| matches!(atom, Atom::Sdk(client) if has_all(client));
            let found = client.map(|(shape, _)| shape.filter(fits)).unwrap_or_default();
            if !found.is_nothing() {
                return likely(&found);
            }
        }
        Shape::nothing()
    }

    fn store(&self, on: &SdkValue, name: &str, value: &Shape, always: bool, host: &mut dyn Host) {
        if Stage::of(on) == Stage::Object
            && let Some(data) = on.data
        {
            host.set(data, name, value, always);
            if self.libraries.class(&on.name).is_some_and(|class| class.keeps) {
                let mut value = value.clone();
                if !always {
                    value.add(Atom::Nil);
                }
                host.keep(&Shape::text(&format!("{}.{name}", on.name)), &value);
            }
        }
    }

    fn is_data(&self, on: &SdkValue) -> bool {
        matches!(Stage::of(on), Stage::Response)
    }

    fn has(&self, on: &SdkValue, name: &str) -> bool {
        let described = || self.libraries.member(&on.name, name).is_some();
        match Stage::of(on) {
            Stage::Path => true,
            Stage::Object => described() || self.setter(on, name).is_some(),
            Stage::Client => self.client_has(on, name),
            _ => false,
        }
    }

    fn record(&self, on: &SdkValue) -> Option<ObjectId> {
        self.record_of(on)
    }

    fn context(&self, language: &str) -> Option<SdkValue> {
        Some(Stage::Context.value("", language, None))
    }

    fn handlers(&self, language: &str) -> Vec<EntryRule> {
        Self::handlers(self, language)
    }

    fn context_type(&self, language: &str) -> &'static str {
        Platform::embedded().context_type(language)
    }
}

/// The values of a shape, taken for what they are because of a declared type.
fn likely(shape: &Shape) -> Shape {
    let likely = |atom: &Atom| match atom {
        Atom::Sdk(value) => {
            let confidence = Confidence::Likely.max(value.confidence);
            Atom::Sdk(SdkValue { confidence, ..value.clone() })
        }
        other => other.clone(),
    };
    shape.atoms().iter().map(likely).collect()
}
