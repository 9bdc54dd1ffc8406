//! The value graph of small programs: how joins, loops, closures and classes of a language come out.
#![expect(clippy::unwrap_used, reason = "these tests stop where the language is not there")]

use leastwise::ir::{Module, dump};
use leastwise::lang::language_of;
use leastwise::text::{FileId, Source};
use pretty_assertions::assert_eq;

fn lower(text: &str) -> Module {
    let language = language_of("app.py").unwrap();
    (language.lower)(&Source::new("app.py", text), FileId(0))
}

/// Lines are trimmed on the left as far as the first.
fn check(text: &str, expected: &str) {
    assert_eq!(dump(&lower(&unindented(text))).trim_end(), unindented(expected).trim_end());
}

fn unindented(text: &str) -> String {
    let text = text.trim_start_matches('\n');
    let margin = text.len() - text.trim_start_matches(' ').len();
    let lines = text.lines().map(|line| line.get(margin..).unwrap_or("").to_owned() + "\n");
    lines.collect::<String>().trim_end().to_owned() + "\n"
}

#[test]
fn values_of_two_branches_meet() {
    check(
        "
        if a:
            x = 1
        else:
            x = 2
        y = x
        ",
        "
        r0 Module <module>()
          %0 = free a
          %1 = number 1
          %2 = write r0.x %1
          %3 = number 2
          %4 = write r0.x %3
          %5 = one of %1 %3
          %6 = write r0.y %5
        ",
    );
}

#[test]
fn a_branch_that_leaves_brings_no_value() {
    check(
        "
        def f(a):
            x = 1
            if a:
                x = 2
                return x
            return x
        ",
        "
        r0 Module <module>()
          %0 = routine r1
          %1 = write r0.f %0
        r1 Plain f(a)
          %0 = param 0
          %1 = write r1.a %0
          %2 = number 1
          %3 = write r1.x %2
          %4 = number 2
          %5 = write r1.x %4
          %6 = return %4
          %7 = return %2
        ",
    );
}

#[test]
fn a_loop_closes_over_what_it_writes() {
    check(
        "
        x = 'a'
        for y in z:
            x = x + y
        w = x
        ",
        r#"
        r0 Module <module>()
          %0 = "a"
          %1 = write r0.x %0
          %2 = free z
          %3 = one of %0 %8
          %4 = one of %6
          %5 = protocol __iter__ %2
          %6 = element %5
          %7 = write r0.y %6
          %8 = concat %3 %6
          %9 = write r0.x %8
          %10 = write r0.w %3
        "#,
    );
}

#[test]
fn a_closure_reads_and_writes_the_variables_around_it() {
    check(
        "
        def outer(a):
            n = a
            def inner():
                nonlocal n
                n = 1
                return a
            return inner
        ",
        "
        r0 Module <module>()
          %0 = routine r1
          %1 = write r0.outer %0
        r1 Plain outer(a)
          %0 = param 0
          %1 = write r1.a %0
          %2 = write r1.n %0
          %3 = routine r2
          %4 = write r1.inner %3
          %5 = return %3
        r2 Plain inner()
          %0 = number 1
          %1 = write r1.n %0
          %2 = read r1.a
          %3 = return %2
        ",
    );
}

#[test]
fn a_class_is_a_routine_whose_variables_are_its_fields() {
    check(
        "
        class A(B):
            size = 1
            def __init__(self, c):
                self.c = c
                super().__init__(c)
        ",
        "
        r0 Module <module>()
          %0 = free B
          %1 = class A(%0)
          %2 = write r0.A %1
        r1 ClassBody A()
          %0 = number 1
          %1 = write r1.size %0
          %2 = routine r2
          %3 = write r1.__init__ %2
        r2 Plain __init__(self, c)
          %0 = param 0
          %1 = write r2.self %0
          %2 = param 1
          %3 = write r2.c %2
          %4 = %0.c = %2
          %5 = super
          %6 = %5.__init__
          %7 = call %6(%2)
        ",
    );
}

#[test]
fn a_generator_yields() {
    check(
        "
        def f():
            yield 1
            yield from g()
        ",
        "
        r0 Module <module>()
          %0 = routine r1
          %1 = write r0.f %0
        r1 Generator f()
          %0 = number 1
          %1 = yield %0
          %2 = unknown
          %3 = free g
          %4 = call %3()
          %5 = yield from %4
        ",
    );
}

#[test]
fn what_is_tried_joins_with_what_catches_it() {
    check(
        "
        x = 1
        try:
            x = 2
        except E as error:
            x = 3
        y = x
        ",
        "
        r0 Module <module>()
          %0 = number 1
          %1 = write r0.x %0
          %2 = number 2
          %3 = write r0.x %2
          %4 = one of %0 %2
          %5 = free E
          %6 = unknown
          %7 = write r0.error %6
          %8 = number 3
          %9 = write r0.x %8
          %10 = one of %8 %2
          %11 = write r0.y %10
        ",
    );
}

#[test]
fn imports_are_values() {
    check(
        "
        import a.b
        from .c import d as e
        e(f'{a}-x', *g, k=1, **h)
        ",
        r#"
        r0 Module <module>()
          %0 = import a
          %1 = import a.b
          %2 = write r0.a %0
          %3 = import .c member d
          %4 = write r0.e %3
          %5 = "-x"
          %6 = concat %0 %5
          %7 = free g
          %8 = number 1
          %9 = free h
          %10 = call %3(%6, *%7, k=%8, **%9)
        "#,
    );
}

#[test]
fn a_method_chain_of_rust_is_flat_and_a_let_begins_a_scope() {
    let source = Source::new(
        "a.rs",
        "fn f(c: &Client) -> Out {\n    let x = c.one();\n    let x = x.two(1).await?;\n    Some(x)\n}\n",
    );
    let module = (language_of("a.rs").unwrap().lower)(&source, FileId(0));
    let expected = "
        r0 Module <module>()
          %0 = free Client
          %1 = routine r1
          %2 = write r0.f %1
        r1 Plain f(c)
          %0 = param 0
          %1 = write r1.c %0
          %2 = %0.one()
          %3 = call %2()
          %4 = write r1.x %3
          %5 = number 1
          %6 = %3.two()
          %7 = call %6(%5)
          %8 = write r1.x %7
          %9 = free Some
          %10 = call %9(%7)
          %11 = return %10
        ";
    assert_eq!(dump(&module).trim_end(), unindented(expected).trim_end());
}

#[test]
fn types_and_several_results_of_go() {
    let text = "package p\n\ntype T struct{ a *U }\n\nfunc f() (int, error) {\n\treturn 1, nil\n}\n\nfunc g() {\n\tx, err := f()\n\t_, _ = x, err\n}\n";
    let expected = "
        r0 Module <module>()
          %0 = import . member *
          %1 = class T()
          %2 = write r0.T %1
          %3 = routine r2
          %4 = write r0.f %3
          %5 = routine r3
          %6 = write r0.g %5
        r1 ClassBody T()
          %0 = free U
          %1 = field a: %0
        r2 Plain f()
          %0 = number 1
          %1 = nil
          %2 = results %0 %1
          %3 = return %2
        r3 Plain g()
          %0 = read r0.f
          %1 = call %0()
          %2 = result 0 of %1
          %3 = result 1 of %1
          %4 = write r3.x %2
          %5 = write r3.err %3
        ";
    let module = (language_of("p/p.go").unwrap().lower)(&Source::new("p/p.go", text), FileId(0));
    assert_eq!(dump(&module).trim_end(), unindented(expected).trim_end());
}

#[test]
fn properties_and_creation_in_csharp() {
    let text = "namespace N;\nclass A {\n  int x = 1;\n  public int P => x;\n  void M(B b) { b.P = new C<int> { D = x }; }\n}\n";
    let expected = "
        ClassBody A()
          %0 = routine r2
          %1 = write r1..fields:A %0
          %2 = routine r3
          %3 = write r1..ctor %2
          %4 = routine r4
          %5 = write r1.P %4
          %6 = free B
          %7 = routine r5
          %8 = write r1.M %7
        r2 Plain .fields:A(this)
          %0 = param 0
          %1 = write r2.this %0
          %2 = number 1
          %3 = %0.x = %2
        r3 Plain .ctor(this)
          %0 = param 0
          %1 = write r3.this %0
          %2 = %0..fields:A
          %3 = call %2()
        r4 Plain P(this)
          %0 = param 0
          %1 = write r4.this %0
          %2 = %0.x
          %3 = return %2
        r5 Plain M(this, b)
          %0 = param 0
          %1 = write r5.this %0
          %2 = param 1
          %3 = write r5.b %2
          %4 = free C
          %5 = unknown
          %6 = new %4(<0>=%5)
          %7 = %0.x
          %8 = %6.D = %7
          %9 = %2.P = %6
        ";
    let module = (language_of("A.cs").unwrap().lower)(&Source::new("A.cs", text), FileId(0));
    let dump = dump(&module);
    let (_, inside) = dump.split_once("r1 ").unwrap();
    assert_eq!(inside.trim_end(), unindented(expected).trim_end());
}

#[test]
fn methods_and_blocks_in_ruby() {
    let text = "class A\n  attr_reader :x\n  def m(a, b: 1, &c)\n    @x ||= a\n    yield b\n  end\nend\n[1].each { |i| i }\n";
    let expected = r#"
        r0 Module <module>()
          %0 = import Object member *
          %1 = class A()
          %2 = write r0.A %1
          %3 = number 1
          %4 = list [%3]
          %5 = routine r4
          %6 = %4.each()
          %7 = call %6(&=%5)
        r1 ClassBody A()
          %0 = "A"
          %1 = write r1.[class] %0
          %2 = routine r2
          %3 = write r1.x %2
          %4 = nil
          %5 = nil
          %6 = nil
          %7 = routine r3
          %8 = write r1.m %7
          %9 = "m"
        r2 Plain x(self)
          %0 = param 0
          %1 = write r2.self %0
          %2 = %0.@x
          %3 = return %2
        r3 Plain m(self, a, b, &)
          %0 = param 0
          %1 = write r3.self %0
          %2 = param 1
          %3 = write r3.a %2
          %4 = param 2
          %5 = nil
          %6 = param 3
          %7 = write r3.& %6
          %8 = number 1
          %9 = free default
          %10 = call %9(%4, %8)
          %11 = write r3.b %10
          %12 = write r3.c %6
          %13 = %0.@x
          %14 = free ||
          %15 = call %14(%13, %2)
          %16 = %0.@x = %15
          %17 = call %6(%10)
          %18 = return %17
        r4 Plain <block>((i))
          %0 = param 0
          %1 = write r4.(i) %0
          %2 = return %0
        "#;
    let module = (language_of("a.rb").unwrap().lower)(&Source::new("a.rb", text), FileId(0));
    assert_eq!(dump(&module).trim_end(), unindented(expected).trim_end());
}

#[test]
fn properties_and_closures_in_php() {
    let text = "<?php\nclass A {\n  public function __construct(private B $b) {}\n  function m($x = 1) { return fn ($y) => $this->b->run([$x, $y]); }\n}\nreturn new A(new B());\n";
    let expected = r"
        r0 Module <module>()
          %0 = nil
          %1 = write r0.return %0
          %2 = class A()
          %3 = write r0.A %2
          %4 = free B
          %5 = new %4()
          %6 = new %2(%5)
          %7 = write r0.return %6
        r1 ClassBody A()
          %0 = free B
          %1 = field b: %0
          %2 = free B
          %3 = routine r2
          %4 = write r1.__construct %3
          %5 = nil
          %6 = routine r3
          %7 = write r1.m %6
        r2 Plain __construct($this, b)
          %0 = param 0
          %1 = write r2.$this %0
          %2 = param 1
          %3 = write r2.b %2
          %4 = write r2.$b %2
          %5 = %0.b = %2
        r3 Plain m($this, x)
          %0 = param 0
          %1 = write r3.$this %0
          %2 = param 1
          %3 = write r3.x %2
          %4 = number 1
          %5 = free (default)
          %6 = call %5(%2, %4)
          %7 = write r3.$x %6
          %8 = routine r4
          %9 = return %8
        r4 Plain <closure>(y)
          %0 = param 0
          %1 = write r4.y %0
          %2 = write r4.$y %0
          %3 = read r3.$this
          %4 = %3.b
          %5 = %4.run()
          %6 = read r3.$x
          %7 = list [%6, %0]
          %8 = call %5(%7)
          %9 = return %8
        ";
    let module = (language_of("a.php").unwrap().lower)(&Source::new("a.php", text), FileId(0));
    assert_eq!(dump(&module).trim_end(), unindented(expected).trim_end());
}

#[test]
fn statements_that_fill_objects_in_java() {
    let text = "class A {\n  void m(B b) {\n    b.setX(1);\n    use(b);\n  }\n}\n";
    let module = (language_of("A.java").unwrap().lower)(&Source::new("A.java", text), FileId(0));
    let dump = dump(&module);
    let changed = dump.lines().find(|line| line.contains("changed")).unwrap_or_default();
    assert_eq!(changed.trim(), "%7 = changed %2 %6", "{dump}");
}

#[test]
fn receivers_of_lambdas_in_kotlin() {
    let text = "fun f(a: A) {\n  with(a) { g(h) }\n  a.each { k -> g(k) }\n}\n";
    let module = (language_of("a.kt").unwrap().lower)(&Source::new("a.kt", text), FileId(0));
    let dump = dump(&module);
    let within: Vec<&str> = dump.lines().filter(|line| line.contains("within")).map(str::trim).collect();
    assert_eq!(within.len(), 2, "{dump}");
}
