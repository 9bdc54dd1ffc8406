//! Overlays: what they change, and where their mistakes are.

use super::*;
use crate::catalog::{Authorization, Class, Operation, Service};
use pretty_assertions::assert_eq;

fn read(texts: &[&str]) -> Result<Overlay, OverlayError> {
    let sources: Result<Vec<OverlaySource>, OverlayError> =
        texts.iter().map(|text| OverlaySource::parse("acme.toml", text)).collect();
    Overlay::read(&sources?, &["python"])
}

#[track_caller]
fn fails(text: &str, wanted: &str) {
    assert_eq!(read(&[text]).unwrap_err().to_string(), wanted);
}

#[test]
fn nothing_is_the_catalog_as_it_is() {
    let overlay = read(&[]).unwrap();
    let catalog = Catalog::embedded();
    assert_eq!(overlay.stamp(), format!("{} {}", catalog.date(), catalog.hash()));
    assert_eq!(overlay, Overlay::default());
    assert_eq!(overlay.catalog().services().len(), catalog.services().len());
}

#[test]
fn a_rule_replaces_those_of_the_catalog_or_stands_beside_them() {
    let rule = "{ action = \"s3:ListBucket\", class = \"conditional\", when = \"ChecksumMode\", \
                resources = [[\"bucket\", \"arn:${Partition}:s3:::${param:Bucket|bucket}\"]] }";
    let text = |add: &str| format!("[services.s3.operations.GetObject]\n{add}rules = [{rule}]\n");
    let actions = |text: &str| -> Vec<String> {
        let catalog = read(&[text]).unwrap().catalog();
        let operation = catalog.service("s3").unwrap().operation("GetObject").unwrap();
        operation.rules().map(|rule| rule.action().to_owned()).collect()
    };
    assert_eq!(actions(&text("")), ["s3:ListBucket"]);
    let added = actions(&text("add = true\n"));
    assert!(added.len() > 2 && added.contains(&"s3:GetObject".to_owned()), "{added:?}");
    let catalog = read(&[&text("")]).unwrap().catalog();
    let service = catalog.service("s3").unwrap();
    let rule = service.operation("GetObject").unwrap().rules().next().unwrap();
    assert_eq!(
        (rule.class(), rule.when(), rule.provenance()),
        (Class::Conditional, Some("ChecksumMode"), "overlay")
    );
}

#[test]
fn what_is_not_named_stays_as_it_is() {
    let overlay = read(&["[services.dynamodb.operations.Query]\nauthorization = \"none\"\n"]).unwrap();
    let (own, embedded) = (overlay.catalog(), Catalog::embedded());
    let changed = own.service("dynamodb").unwrap();
    let before = embedded.service("dynamodb").unwrap();
    assert_eq!(changed.operation("Query").unwrap().authorization(), Authorization::NotAuthorized);
    for (changed, before) in
        changed.operations().zip(before.operations()).filter(|(one, _)| one.name() != "Query")
    {
        assert_eq!(changed.name(), before.name());
        assert_eq!(changed.parameters().collect::<Vec<_>>(), before.parameters().collect::<Vec<_>>());
        assert_eq!(
            format!("{:?}", changed.rules().collect::<Vec<_>>()),
            format!("{:?}", before.rules().collect::<Vec<_>>())
        );
        let resources = |operation: Operation| {
            operation
                .rules()
                .flat_map(|rule| rule.resources().map(|each| format!("{each:?}")).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        assert_eq!(resources(changed), resources(before));
        assert_eq!(changed.service().name(), "dynamodb");
    }
    let names =
        |service: Service| service.waiters().map(|(name, asked)| (name, asked.name())).collect::<Vec<_>>();
    assert_eq!(names(changed), names(before));
    assert_eq!(changed.paginator("scan").map(Operation::name), Some("Scan"));
    assert!(own.services().map(Service::name).eq(embedded.services().map(Service::name)));
}

const VAULT: &str = r#"
[services.vault]
prefix = "vault"
id = "Acme Vault"

[services.vault.resource_types.secret]
arn = ["arn:${Partition}:vault:${Region}:${Account}:secret/${Path}"]

[services.vault.actions]
ReadSecret = { access = "Read", resource_types = ["secret*"], condition_keys = ["vault:Stage"] }

[services.vault.operations.ReadSecret]
parameters = ["Path", "Stage"]
rules = [{ action = "vault:ReadSecret", resources = [["secret", "arn:${Partition}:vault:${Region}:${Account}:secret/${param:Path|noslash}"]] }]
"#;

#[test]
fn a_service_is_added_with_its_actions() {
    let overlay = read(&[VAULT]).unwrap();
    let catalog = overlay.catalog();
    let service = catalog.service("vault").unwrap();
    assert_eq!((service.prefix(), service.service_id()), ("vault", "Acme Vault"));
    assert_eq!(service.operation_by_key("read_secret").unwrap().name(), "ReadSecret");
    let action = catalog.action("vault:readsecret").unwrap();
    assert_eq!((action.to_string().as_str(), action.access_level().name()), ("vault:ReadSecret", "Read"));
    assert_eq!(
        action.resource_types().map(|(kind, always)| (kind.name(), always)).collect::<Vec<_>>(),
        [("secret", true)]
    );
    assert_eq!(catalog.expand("vault:*").len(), 1);
    assert_eq!(catalog.all_actions().len(), Catalog::embedded().all_actions().len() + 1);
    let names: Vec<&str> = catalog.services().map(Service::name).collect();
    assert!(names.is_sorted() && names.contains(&"vault"));
    assert_ne!(catalog.all_actions().next(), Some(action));
    assert!(overlay.stamp().contains(" overlay "));
}

#[test]
fn the_last_word_counts_whatever_is_declared_where() {
    let wrapper = "[symbols.\"acme.secret\"]\nparameters = [\"path\"]\ncalls = [{ operation = \"vault.ReadSecret\", arguments = { Path = \"{path}\" } }]\n";
    let later = "[symbols.\"acme.secret\"]\nparameters = [\"path\", \"stage\"]\n";
    let overlay = read(&[wrapper, VAULT, later]).unwrap();
    let first = overlay.libraries().iter().find_map(|library| library.symbols.get("acme.secret"));
    assert_eq!(first.unwrap().parameters.len(), 2);
    assert_eq!(overlay.packages("python"), ["acme"]);
    assert_ne!(overlay, read(&[wrapper, VAULT]).unwrap());
    assert_eq!(overlay, read(&[wrapper, VAULT, later]).unwrap());
}

#[test]
fn mistakes_in_descriptions_have_their_place() {
    let save = |call: &str| {
        format!(
            "language = \"python\"\n[symbols.\"acme.save\"]\nparameters = [\"bucket\"]\ncalls = [\n  {call},\n]\n"
        )
    };
    fails(&save("{ operation = \"s3.PutObjct\" }"), "`acme.toml:5:17`: s3 has no operation `PutObjct`");
    fails(&save("{ operation = \"s33.PutObject\" }"), "`acme.toml:5:17`: there is no service `s33`");
    fails(
        &save("{ operation = \"PutObject\" }"),
        "`acme.toml:5:17`: `PutObject` is no operation: write `service.Operation`",
    );
    fails(
        &save("{ operation = \"s3.PutObject\", arguments = { Buckt = \"{bucket}\" } }"),
        "`acme.toml:5:47`: s3.PutObject has no parameter `Buckt`",
    );
    fails(
        &save("{ operation = \"s3.PutObject\", arguments = { Bucket = \"{buckt}\" } }"),
        "`acme.toml:5:56`: `buckt` is no parameter here",
    );
    fails(
        &save("{ operation = \"s3.PutObject\", arguments = { Bucket = \"{bucket\" } }"),
        "`acme.toml:5:56`: the place has no end: `}` is missing",
    );
    fails(
        &save("{ operation = \"s3.PutObject\", arguments = { Bucket = \"{bucket|upper}\" } }"),
        "`acme.toml:5:56`: `upper` is no filter",
    );
    fails(
        &save("{ operation = \"s3.PutObject\", spread = [\"all\"] }"),
        "`acme.toml:5:43`: `all` is no parameter here",
    );
    fails("language = \"pyton\"\n", "`acme.toml:1:12`: `pyton` is no language that is read");
    fails(
        "[symbols.\"acme.f\"]\nreturns = { class = \"acme.Missing\" }\n",
        "`acme.toml:2:21`: no class `acme.Missing` is described",
    );
    fails("[classes.\"acme.A\"]\nbases = [\"acme.B\"]\n", "`acme.toml:2:10`: no class `acme.B` is described");
    fails(
        "[symbols.\"acme.f\"]\nreturns = { clss = \"acme.A\" }\n",
        "`acme.toml:2:11`: this is no value of a description",
    );
    fails(
        "[symbols.\"acme.f\"]\ncals = []\n",
        "`acme.toml:2:1`: unknown field `cals`, expected one of `parameters`, `calls`, `returns`, `is`, `invokes`, `serves`, `event`, `builds`, `enters`, `when`, `makes`, `keeps`",
    );
    fails("[symbols\n", "`acme.toml:1:9`: unclosed table, expected `]`");
}

#[test]
fn what_descriptions_may_say_is_no_mistake() {
    read(&[r#"
[classes."acme.Store|acme.OldStore"]
parameters = ["bucket"]
bases = ["acme.Base", "boto3.resources.s3.Bucket"]
fields = { url = "s3://{bucket}/${Region}", client = { client = "s3", members = "botocore.client.BaseClient" } }
index = { parameters = [], calls = [{ operation = "s3.GetObject", arguments = { Bucket = "{self.bucket}", Key = "{key}" } }] }

[classes."acme.Store|acme.OldStore".members]
"save|put" = { parameters = ["key", "body"], calls = [{ operation = "s3.PutObject", arguments = { Bucket = "{self.bucket}", Key = "{key}" }, when = [{ value = "{key}", given = true }] }], returns = "{response.ETag}" }

[classes."acme.Base"]

[[patterns]]
path = "acme_{service}.Client"
value = { client = "{service}", members = "botocore.client.BaseClient" }
"#])
    .unwrap();
}

#[test]
fn mistakes_in_services_have_their_place() {
    fails(
        "[services.s4]\n",
        "`acme.toml:1:11`: there is no service `s4`: a new one states the `prefix` of its actions",
    );
    fails(
        "[services.s3.operations.PutObjct]\nrules = []\n",
        "`acme.toml:1:25`: s3 has no operation `PutObjct`: a new one states its `parameters`",
    );
    fails(
        "[services.s3.operations.New]\nparameters = []\n",
        "`acme.toml:1:25`: s3.New states rules, or the authorization `none`",
    );
    let rule = |rule: &str| format!("[services.s3.operations.PutObject]\nrules = [\n  {{ {rule} }},\n]\n");
    fails(&rule("action = \"s3:PutObjct\""), "`acme.toml:3:14`: there is no action `s3:PutObjct`");
    fails(&rule("action = \"PutObject\""), "`acme.toml:3:14`: `PutObject` is no action: write `prefix:Name`");
    let put = |rest: &str| rule(&format!("action = \"s3:PutObject\", {rest}"));
    fails(&put("class = \"allways\""), "`acme.toml:3:38`: `allways` is no class");
    fails(&put("class = \"conditional\""), "`acme.toml:3:38`: a conditional rule says `when`");
    fails(&put("when = \"Tags\""), "`acme.toml:3:37`: the request has no parameter `Tags`");
    fails(&put("resources = [[\"objct\", \"*\"]]"), "`acme.toml:3:44`: s3 has no resource type `objct`");
    fails(
        &put("resources = [[\"object\", \"arn:${Partition}:s3:::${param:Buckt}\"]]"),
        "`acme.toml:3:54`: the request has no parameter `Buckt`",
    );
    fails(
        &put("resources = [[\"object\", \"arn:${Partition}:s3:::${param:Bucket|buckt}\"]]"),
        "`acme.toml:3:54`: `buckt` is no filter",
    );
    fails(&put("resources = [[\"object\", \"my-bucket\"]]"), "`acme.toml:3:54`: `my-bucket` is no ARN");
    fails(
        &put("conditions = { PassedToService = \"x\" }"),
        "`acme.toml:3:45`: `PassedToService` is no condition key",
    );
    fails(
        "[services.s3.operations.PutObject]\nauthorization = \"maybe\"\n",
        "`acme.toml:2:17`: `maybe` is no authorization",
    );
    fails(
        "[services.s3.actions]\nNew = { access = \"All\" }\n",
        "`acme.toml:2:18`: `All` is no access level",
    );
    let error = read(&["[services.s33]\n"]).unwrap_err();
    assert!(error.typed.unwrap().1.contains(&"s3".to_owned()));
}
