//! Input that is missing, broken, endless or made to do harm: each ends in an exit code and a message.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "these tests write folders and run the program on them, and stop where they cannot"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use pretty_assertions::assert_eq;
use tempfile::TempDir;

/// A handler that lists queues.
const HANDLER: &str = "import boto3\ndef handler(event, context):\n    boto3.client('sqs').list_queues()\n";

/// A folder with these files.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What the program did.
struct Run {
    exit: Option<i32>,
    out: String,
    err: String,
}

impl Run {
    /// The program on a project; `{}` in an argument is the project.
    fn of(folder: &Path, args: &[&str]) -> Self {
        let path = folder.to_str().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
        command.args(args.iter().map(|arg| arg.replace("{}", path)));
        let output = command.env_clear().stdin(Stdio::null()).output().unwrap();
        Self {
            exit: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The command could not do its work: nothing on standard output, the message on standard error.
    #[track_caller]
    fn fails(&self, message: &str) {
        assert_eq!((self.exit, self.out.as_str()), (Some(2), ""), "{}", self.err);
        assert!(self.err.contains(message), "no `{message}` in: {}", self.err);
    }

    /// The command did its work, said this, and complained of nothing.
    #[track_caller]
    fn says(&self, lines: &[&str]) {
        assert_eq!((self.exit, self.err.as_str()), (Some(0), ""), "{}", self.out);
        for line in lines {
            assert!(self.out.contains(line), "no `{line}` in: {}", self.out);
        }
    }
}

/// A scan of one file with a handler behind `text`, which must be found all the same.
#[track_caller]
fn scan_of(text: &str) -> Run {
    let folder = project(&[("app.py", &format!("{text}\n{HANDLER}"))]);
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&["sqs:ListQueues", "1 function · 1 API call · 1 permission"]);
    run
}

const TOO_DEEP: &str = "nested deeper than 200 levels, not followed";

#[test]
fn a_path_that_is_not_there() {
    let folder = project(&[]);
    Run::of(folder.path(), &["scan", "{}/nowhere"]).fails("there is no folder `");
    Run::of(folder.path(), &["generate", "{}/nowhere"]).fails("/nowhere`");
}

#[test]
fn a_path_that_is_a_file() {
    let folder = project(&[("app.py", HANDLER)]);
    let run = Run::of(folder.path(), &["scan", "{}/app.py"]);
    run.fails("app.py` is not a folder");
    assert!(run.err.contains("--handler FILE"), "{}", run.err);
}

#[test]
fn a_file_that_may_not_be_read() {
    let folder =
        project(&[("app.py", "import helper\ndef handler(event, context):\n    pass\n"), ("helper.py", "")]);
    let helper = folder.path().join("helper.py");
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&helper).is_ok() {
        return; // Whoever runs this may read everything.
    }
    Run::of(folder.path(), &["scan", "{}"]).says(&["`helper.py` could not be read", "unread-file"]);
}

#[test]
fn a_template_that_is_a_folder_or_is_not_there() {
    let folder = project(&[("app.py", HANDLER), ("deploy/x", "")]);
    Run::of(folder.path(), &["scan", "{}", "--template", "{}/deploy"]).fails("it is not a file");
    Run::of(folder.path(), &["scan", "{}", "--template", "{}/none.yaml"]).fails("there is no such file");
}

#[test]
fn a_template_that_is_none() {
    let folder =
        project(&[("app.py", HANDLER), ("x.json", "{\"a\": 1}"), ("x.txt", "hello\n"), ("x.yaml", "- 1\n")]);
    for template in ["x.json", "x.txt", "x.yaml"] {
        let run = Run::of(folder.path(), &["scan", "{}", "--template", &format!("{{}}/{template}")]);
        run.says(&["sqs:ListQueues", &format!("`{template}` is not read"), "unread-format"]);
    }
}

#[test]
fn a_template_whose_yaml_is_broken() {
    let folder = project(&[("app.py", HANDLER), ("x.yaml", "Resources:\n  A: [1,\n  b: }\n")]);
    let run = Run::of(folder.path(), &["scan", "{}", "--template", "{}/x.yaml"]);
    run.says(&["sqs:ListQueues", "`x.yaml` is not read", "unread-format"]);
}

#[test]
fn a_template_of_aliases_that_multiply() {
    let mut text = "AWSTemplateFormatVersion: '2010-09-09'\nA0: &a0 [x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&["A", &level.to_string(), ": &a", &level.to_string(), " [", &aliases, "]\n"].concat());
    }
    text += "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Handler: app.handler, Runtime: python3.13, X: *a29}\n";
    let folder = project(&[("app.py", HANDLER), ("template.yaml", &text)]);
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&["sqs:ListQueues", "template.yaml:7  the aliases of this file repeat more than 100000 parts"]);
}

#[test]
fn templates_that_nest_too_deep() {
    let blocks: Vec<String> = (1..20_000).map(|depth| " ".repeat(depth) + "a:").collect();
    for text in
        [format!("Resources:\n  A: {}\n", "[".repeat(20_000)), format!("Resources:\n{}\n", blocks.join("\n"))]
    {
        let folder = project(&[("app.py", HANDLER), ("template.yaml", &text)]);
        Run::of(folder.path(), &["scan", "{}"]).says(&["sqs:ListQueues"]);
    }
}

#[test]
fn a_handler_that_is_not_there() {
    let folder = project(&[("src/app.py", HANDLER)]);
    let run = Run::of(folder.path(), &["scan", "{}", "--handler", "src/app.py:handlr"]);
    run.fails("`src/app.py` has no `handlr`");
    assert!(run.err.contains("did you mean `handler`?"), "{}", run.err);
    let run = Run::of(folder.path(), &["scan", "{}", "--handler", "src/main.py:handler"]);
    run.fails("there is no file `src/main.py` in the project");
}

#[test]
fn a_function_that_is_not_there() {
    let folder = project(&[("src/app.py", HANDLER)]);
    let run = Run::of(folder.path(), &["scan", "{}", "--function", "src/app.py:handle"]);
    run.fails("there is no function `src/app.py:handle`");
    assert!(run.err.contains("did you mean `src/app.py:handler`?"), "{}", run.err);
}

#[test]
fn imports_that_go_round_in_circles() {
    let folder = project(&[
        ("app.py", "import b\nimport app\ndef handler(event, context):\n    b.f()\n"),
        ("b.py", "import app\nimport b\nfrom c import g, f as again\ndef f():\n    g()\n"),
        ("c.py", "from b import f\nimport boto3\ndef g():\n    boto3.client('sqs').list_queues()\n    f()\n"),
    ]);
    Run::of(folder.path(), &["scan", "{}"]).says(&["sqs:ListQueues", "1 API call"]);
}

#[test]
fn a_file_of_fifty_thousand_lines() {
    let routines: Vec<String> = (0..12_500)
        .map(|n| {
            format!(
                "def f{n}(x):\n    y = f'{{x}}-{n}'\n    z = {{'a': y, 'b': [y, x]}}\n    return z['a']\n"
            )
        })
        .collect();
    let run = scan_of(&routines.concat());
    assert!(run.out.contains("app.py:50004"), "{}", run.out);
}

#[test]
fn a_file_of_ten_megabytes() {
    let list = "    \"0123456789abcdef0123456789abcdef\",\n".repeat(250_000);
    let folder = project(&[("app.py", &format!("{HANDLER}X = [\n{list}]\n"))]);
    Run::of(folder.path(), &["scan", "{}"]).says(&["sqs:ListQueues"]);
}

#[test]
fn a_file_that_is_too_long() {
    let folder = project(&[("app.py", &format!("{HANDLER}import big\n"))]);
    fs::File::create(folder.path().join("big.py")).unwrap().set_len(17_000_000).unwrap();
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&[
        "sqs:ListQueues",
        "`big.py` could not be read: it is too long (17000000 bytes)",
        "unread-file",
    ]);
}

#[test]
fn expressions_that_nest_without_end() {
    // What is written flat may be as long as it likes.
    for flat in [
        format!("x = {}", vec!["1"; 20_000].join(" + ")),
        format!("x = {}", vec!["a"; 20_000].join(" and ")),
        format!("x = {}a", "a < ".repeat(20_000)),
        format!("x{}", " = x".repeat(20_000)),
        format!("x = {}", "'a' ".repeat(20_000)),
        format!("x = {}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("if a:\n    pass\n{}", "elif b:\n    pass\n".repeat(20_000)),
    ] {
        scan_of(&flat);
    }
    for deep in [
        format!("x = a{}", ".b".repeat(20_000)),
        format!("x = a{}", "(1)".repeat(20_000)),
        format!("x = a{}", "[0]".repeat(20_000)),
        format!("x = {}a", "not ".repeat(20_000)),
        format!("x = {}1", "-".repeat(20_000)),
        format!("x = {}1", "lambda: ".repeat(20_000)),
        format!("x = {}2", "1 if a else ".repeat(20_000)),
        format!("x = {}1", "a ** ".repeat(20_000)),
        format!("x = {}{}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("x = {}2{}", "{1: ".repeat(5_000), "}".repeat(5_000)),
    ] {
        scan_of(&deep).says(&[TOO_DEEP, "unread-file"]);
    }
}

#[test]
fn brackets_that_are_never_closed() {
    for open in ["(", "[", "{", "f'{"] {
        let folder = project(&[("app.py", &format!("{HANDLER}x = {}", open.repeat(5_000)))]);
        Run::of(folder.path(), &["scan", "{}"]).says(&["sqs:ListQueues", "syntax error", "unread-file"]);
    }
}

#[test]
fn links_that_lead_in_circles_or_out() {
    let folder = project(&[("shop/app.py", HANDLER), ("secret/other.py", HANDLER)]);
    let shop = folder.path().join("shop");
    symlink(".", shop.join("loop")).unwrap();
    symlink("nowhere", shop.join("gone.py")).unwrap();
    symlink("../secret", shop.join("out")).unwrap();
    symlink("/", shop.join("root")).unwrap();
    Run::of(&shop, &["scan", "{}"]).says(&["app.py", "1 function · 1 API call · 1 permission"]);
    Run::of(&shop, &["scan", "{}", "--handler", "out/other.py"]).fails("there is no file `out/other.py`");
    Run::of(&shop, &["scan", "{}", "--handler", "../secret/other.py"]).fails("there is no file");
}

#[test]
fn bytes_that_are_no_text() {
    let folder = project(&[]);
    let mut bytes = HANDLER.as_bytes().to_vec();
    bytes.extend(b"X = '\xff\xfe'\n");
    fs::write(folder.path().join("app.py"), bytes).unwrap();
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&[
        "sqs:ListQueues",
        "`app.py` could not be read: some of its bytes are not UTF-8",
        "unread-file",
    ]);
}

#[test]
fn files_and_folders_without_anything() {
    let nothing = "no function was found: name a template by --template FILE";
    let empty = project(&[]);
    Run::of(empty.path(), &["scan", "{}"]).says(&[nothing]);
    let folder = project(&[("app.py", ""), ("template.yaml", "")]);
    Run::of(folder.path(), &["scan", "{}"]).says(&[nothing]);
    Run::of(folder.path(), &["scan", "{}", "--handler", "app.py:handler"]).fails("`app.py` has no `handler`");
}

#[test]
fn what_waits_for_ever_when_it_is_opened() {
    let folder = project(&[("app.py", HANDLER)]);
    let made = Command::new("mkfifo").arg(folder.path().join("pipe.py")).status();
    if made.is_ok_and(|status| status.success()) {
        Run::of(folder.path(), &["scan", "{}"]).says(&["1 function"]);
        Run::of(folder.path(), &["scan", "{}", "--template", "{}/pipe.py"]).fails("it is not a file");
    }
}

#[test]
fn folders_that_nest_without_end() {
    let folder = project(&[("app.py", HANDLER), (&format!("{}app.py", "a/".repeat(80)), HANDLER)]);
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&["folders more than 64 deep are not looked into", "1 function · 1 API call"]);
}

#[test]
fn controls_of_a_terminal_in_names() {
    let folder = project(&[("a\u{1b}[31m.py", HANDLER)]);
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&["sqs:ListQueues"]);
    assert!(!run.out.contains('\u{1b}'), "{:?}", run.out);
}

/// A Rust program that has this text in a module, which must not keep it from being found.
#[track_caller]
fn scan_of_rust(text: &str) -> Run {
    let main = "mod other;\n#[tokio::main]\nasync fn main() {\n    aws_sdk_sqs::Client::new(&aws_config::load_from_env().await).list_queues().send().await;\n}\n";
    let folder = project(&[("src/main.rs", main), ("src/other.rs", text), ("Cargo.toml", "= [")]);
    let run = Run::of(folder.path(), &["scan", "{}", "--handler", "src/main.rs:main"]);
    run.says(&["sqs:ListQueues"]);
    run
}

#[test]
fn rust_that_nests_without_end() {
    for flat in [
        format!("const A: u32 = {};", vec!["1"; 1_000].join(" + ")),
        format!("fn f() {{ a{}; }}", ".b()".repeat(700)),
        "fn f() {}\n".repeat(5_000),
    ] {
        assert!(!scan_of_rust(&flat).out.contains("unread-file"));
    }
    for deep in [
        format!("const A: u32 = {}1{};", "(".repeat(20_000), ")".repeat(20_000)),
        format!("const A: bool = {}true;", "!".repeat(20_000)),
        format!("const A: &str = {}\"\";", "&".repeat(20_000)),
        format!("const A: u32 = {};", vec!["1"; 20_000].join(" + ")),
        format!("fn f() {{ a{}; }}", ".b()".repeat(20_000)),
        format!("fn f() {{ if a {{}} {} }}", "else if a {} ".repeat(20_000)),
        format!("fn f() {{ m!{}{}; }}", "[".repeat(20_000), "]".repeat(20_000)),
        format!("type A = {}u8{};", "Vec<".repeat(20_000), ">".repeat(20_000)),
    ] {
        scan_of_rust(&deep).says(&["nested deeper than", "unread-file"]);
    }
}

#[test]
fn rust_that_is_broken() {
    for broken in ["fn f() { let a = ; }", "fn f( {", "'", "\"", "fn", "}"] {
        scan_of_rust(broken).says(&["syntax error", "unread-file"]);
    }
    for odd in [
        "use crate::*; use super::*; use self::other::*; use other::*;",
        "mod other; mod main;",
        "macro_rules! m { ($a:expr) => { $a } } m!(;;);",
        "impl A for B {} struct A(A); type C = C; use c as c;",
        "\u{feff}fn f() {}",
    ] {
        scan_of_rust(odd);
    }
}

#[test]
fn macros_of_rust_that_never_end() {
    let tokens = "a ".repeat(500);
    for endless in [
        "macro_rules! m { () => { m!(); m!(); }; } m!(); fn f() { m!(); }".to_owned(),
        "macro_rules! m { ($($a:tt)*) => { m! { $($a)* $($a)* } }; } m! { a b }".to_owned(),
        "macro_rules! m { ($($a:tt)*) => { [$(m!($($a)*)),*] }; } fn f() { m!(a b c d); }".to_owned(),
        format!("macro_rules! m {{ ($($a:ident)* $b:literal) => {{}}; ($($a:expr)*) => {{}}; }} m! {{ {tokens} }}"),
        "macro_rules! m { $ => } macro_rules! n { ($a:wrong) => { $a } } macro_rules! o m!(); n!(1); o!();".to_owned(),
        "macro_rules! m { ($($a:expr),* $(; $b:ty)?) => { $($a $b),* $crate $($c)* }; } fn f() { m!(1, 2; u8); }".to_owned(),
        "macro_rules! m { ($($a:vis)*) => { $a }; } m! { pub pub }".to_owned(),
    ] {
        scan_of_rust(&endless);
    }
}

/// A handler that lists queues, in Go.
const GO_HANDLER: &str = "import (\n\t\"github.com/aws/aws-lambda-go/lambda\"\n\t\"github.com/aws/aws-sdk-go/aws/session\"\n\t\"github.com/aws/aws-sdk-go/service/sqs\"\n)\n\nfunc main() {\n\tlambda.Start(func() { sqs.New(session.New()).ListQueues(nil) })\n}\n";

/// A scan of a Go program with declarations behind its own, which must be read all the same.
#[track_caller]
fn go_scan_of(text: &str) -> Run {
    let folder = project(&[("main.go", &format!("package main\n\n{GO_HANDLER}\n{text}\n"))]);
    let run = Run::of(folder.path(), &["scan", "{}"]);
    run.says(&["sqs:ListQueues", "1 function · 1 API call · 1 permission"]);
    run
}

#[test]
fn go_programs_with_mistakes() {
    for text in [
        "func broken() {\n\tif x := ; x {\n}\n",
        "var = 3\n",
        "type T struct {\n",
        "func (\n",
        "\u{0}\n",
        "/*",
    ] {
        go_scan_of(text).says(&["syntax error", "unread-file"]);
    }
}

#[test]
fn go_programs_that_nest_too_deep() {
    let nested = format!("var x = {}1{}\n", "(".repeat(300), ")".repeat(300));
    go_scan_of(&nested).says(&["syntax error", "unread-file"]);
    let branches = format!("func f() {{\n\tif x {{\n\t}}{}\n}}\n", " else if x {\n\t}".repeat(3000));
    go_scan_of(&branches).says(&[TOO_DEEP]);
    go_scan_of(&format!("var x = {}\n", vec!["\"a\""; 5000].join(" + ")));
    for deep in ["(".repeat(100_000), "!".repeat(100_000), "[]".repeat(100_000), "func(".repeat(50_000)] {
        let folder = project(&[("main.go", &format!("package main\n\n{GO_HANDLER}\nvar x = {deep}\n"))]);
        let run = Run::of(folder.path(), &["scan", "{}", "--handler", "main.go"]);
        assert!(matches!(run.exit, Some(0 | 2)), "{}", run.err);
    }
}

#[test]
fn go_modules_that_lead_out_of_the_project() {
    let main = format!(
        "package main\n\nimport \"example.com/out\"\n\n{}",
        GO_HANDLER.replace("ListQueues(nil)", "ListQueues(out.X)")
    );
    for module in [
        "module example.com/shop\n\nreplace example.com/out => ../../../etc\n",
        "module (\n",
        "replace => =>\n",
        "module \u{202e}\n",
    ] {
        let folder = project(&[("main.go", main.as_str()), ("go.mod", module)]);
        Run::of(folder.path(), &["scan", "{}"]).says(&["sqs:ListQueues"]);
    }
}

#[test]
fn go_packages_that_import_each_other() {
    let package = |other: &str| {
        format!(
            "package p\n\nimport \"example.com/x/{other}\"\n\nvar A = {other}.A\n\nfunc F() {{ {other}.F() }}\n"
        )
    };
    let main = format!(
        "package main\n\nimport \"example.com/x/a\"\n\n{}",
        GO_HANDLER.replace("ListQueues(nil)", "ListQueues(a.A); a.F()")
    );
    let folder = project(&[
        ("main.go", main.as_str()),
        ("go.mod", "module example.com/x\n"),
        ("a/a.go", &package("b")),
        ("b/b.go", &package("a")),
    ]);
    Run::of(folder.path(), &["scan", "{}"]).says(&["sqs:ListQueues"]);
}

#[test]
fn java_that_is_nested_without_end_is_told() {
    let handler = "Object handleRequest(Object e, Object c)";
    let deep = format!("class Deep {{ {handler} {{ return {}1{}; }} }}", "(".repeat(5000), ")".repeat(5000));
    let classes =
        format!("class A {{ {handler} {{ return 1; }} {} {} }}", "class B { ".repeat(2000), "}".repeat(2000));
    let circle = "class Circle extends Circle { void handleRequest(Object e, Object c) { super.handleRequest(e, c); } }";
    let folder = project(&[("Deep.java", &deep), ("A.java", &classes), ("Circle.java", circle)]);
    for (file, is_told) in [("Deep.java", true), ("A.java", true), ("Circle.java", false)] {
        let run = Run::of(folder.path(), &["scan", "{}", "--handler", file]);
        assert_eq!(run.exit, Some(0), "{file}: {}", run.err);
        assert!(!is_told || run.out.contains("nested deeper"), "{file}: {}", run.out);
    }
}

#[test]
fn csharp_that_is_nested_without_end_is_told() {
    let handler = "public object Handle(object e, object context)";
    let deep = format!("class Deep {{ {handler} {{ return {}1{}; }} }}", "(".repeat(5000), ")".repeat(5000));
    let classes =
        format!("class A {{ {handler} {{ return 1; }} {} {} }}", "class B { ".repeat(2000), "}".repeat(2000));
    let circle = "partial class Circle : Circle { void Handle(object e, object context) { base.Handle(e, context); } }";
    let folder =
        project(&[("Deep.cs", &deep), ("A.cs", &classes), ("Circle.cs", circle), ("Other.cs", circle)]);
    for (file, is_told) in [("Deep.cs", true), ("A.cs", true), ("Circle.cs", false)] {
        let run = Run::of(folder.path(), &["scan", "{}", "--handler", file]);
        assert_eq!(run.exit, Some(0), "{file}: {}", run.err);
        assert!(!is_told || run.out.contains("nested deeper"), "{file}: {}", run.out);
    }
}

#[test]
fn ruby_that_is_nested_without_end_is_told() {
    let handler = "def handler(event:, context:)";
    let deep = format!("{handler}\n  {}1{}\nend\n", "(".repeat(5000), ")".repeat(5000));
    let classes = format!("{}{}{handler}\n  1\nend\n", "class B\n".repeat(2000), "end\n".repeat(2000));
    let circle = "require_relative 'circle'\nclass Circle < Circle\n  include Circle\n  def x\n    super\n  end\nend\n\
                  def handler(event:, context:)\n  Circle.new.x\nend\n";
    let folder = project(&[("deep.rb", &deep), ("classes.rb", &classes), ("circle.rb", circle)]);
    for (file, is_told) in [("deep.rb", true), ("classes.rb", true), ("circle.rb", false)] {
        let run = Run::of(folder.path(), &["scan", "{}", "--handler", file]);
        assert_eq!(run.exit, Some(0), "{file}: {} {}", run.err, run.out);
        assert!(!is_told || run.out.contains("nest"), "{file}: {}", run.out);
    }
}

#[test]
fn services_that_are_programs_without_end_or_data() {
    let circle = "const a = { service: 'x', provider: { name: 'aws' } };\na.custom = a;\na.functions = a;\nmodule.exports = a;\n";
    let broken = "export default { service: ";
    let other = "module.exports = () => module.exports();\n";
    let grows =
        "let t = 'a';\nwhile (x) { t = { t, u: [t, t] }; }\nmodule.exports = { service: t, functions: t };\n";
    for text in [circle, broken, other, grows] {
        let folder = project(&[("app.py", HANDLER), ("serverless.js", text)]);
        let run = Run::of(folder.path(), &["scan", "{}"]);
        assert_eq!(run.exit, Some(0), "{text}: {}", run.err);
        assert!(run.out.contains("sqs:ListQueues"), "{text}: {}", run.out);
    }
}

#[test]
fn plans_and_programs_in_json_that_are_broken() {
    let plan = r#"{"terraform_version": "1.9", "planned_values": {"root_module": {"resources": [{"values": "#;
    let shapes = r#"{"terraform_version": "1", "values": {"root_module": {"resources": [1, {"type": []}], "child_modules": 3}}, "resource_changes": {}}"#;
    let nested =
        ["{\"resource\": {\"a\": {\"b\": {\"c\": ", &"[".repeat(4000), &"]".repeat(4000), "}}}}"].concat();
    let endless = r#"{"locals": {"a": "${local.b}${local.b}", "b": "${local.a} ${"}}"#;
    for (name, text) in
        [("plan.json", plan), ("state.json", shapes), ("a.tf.json", &nested), ("b.tf.json", endless)]
    {
        let folder = project(&[("app.py", HANDLER), (name, text)]);
        let run = Run::of(folder.path(), &["scan", "{}"]);
        assert_eq!(run.exit, Some(0), "{name}: {}", run.err);
        assert!(run.out.contains("sqs:ListQueues"), "{name}: {}", run.out);
    }
    let folder = project(&[("app.py", HANDLER), ("plan.json", plan)]);
    assert!(Run::of(folder.path(), &["scan", "{}"]).out.contains("plan.json:1"));
}

#[test]
fn kotlin_that_is_nested_without_end_is_told() {
    let handler = "fun handleRequest(e: Any, c: Any)";
    let deep = format!("class Deep {{ {handler} {{ val x = {}1{} }} }}", "(".repeat(5000), ")".repeat(5000));
    let classes =
        format!("class A {{ {handler} {{ }}\n{} {} }}", "class B { ".repeat(2000), "}".repeat(2000));
    let circle =
        "open class Circle : Circle() { fun handleRequest(e: Any, c: Any) { super.handleRequest(e, c) } }";
    let folder = project(&[("Deep.kt", &deep), ("A.kt", &classes), ("Circle.kt", circle)]);
    for (file, is_told) in [("Deep.kt", true), ("A.kt", true), ("Circle.kt", false)] {
        let run = Run::of(folder.path(), &["scan", "{}", "--handler", file]);
        assert_eq!(run.exit, Some(0), "{file}: {}", run.err);
        assert!(!is_told || run.out.contains("nested deeper"), "{file}: {}", run.out);
    }
}

#[test]
fn php_that_is_nested_without_end_is_told() {
    let deep = format!("<?php return function ($e) {{ $x = {}1{}; }};", "(".repeat(5000), ")".repeat(5000));
    let blocks = format!("<?php function handler($e) {} {}", "{ if ($e) ".repeat(2000), "}".repeat(2000));
    let circle = "<?php class A extends A { public function handle($e) { return parent::handle($e); } } return new A();";
    let half =
        "<?php return function ($e) { $s = new Aws\\Sqs\\SqsClient([]); $s->listQueues(); $x = [1, ; };";
    let require = "<?php require __FILE__; require __DIR__ . '/loop.php'; return fn ($e) => $e;";
    let folder = project(&[
        ("deep.php", &deep),
        ("blocks.php", &blocks),
        ("circle.php", circle),
        ("half.php", half),
        ("loop.php", require),
    ]);
    let files = [
        ("deep.php", true),
        ("blocks.php", true),
        ("circle.php", false),
        ("half.php", false),
        ("loop.php", false),
    ];
    for (file, is_told) in files {
        let run = Run::of(folder.path(), &["scan", "{}", "--handler", file]);
        assert_eq!(run.exit, Some(0), "{file}: {}", run.err);
        assert!(!is_told || run.out.contains("nested deeper"), "{file}: {}", run.out);
        assert!(file != "half.php" || run.out.contains("sqs:ListQueues"), "{file}: {}", run.out);
    }
}
