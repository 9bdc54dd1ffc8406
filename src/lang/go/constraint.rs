//! Which files a build for the platform takes: by their names and by the constraints that they state.

/// The systems for which a file may be by the end of its name.
const SYSTEMS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];
/// The processors.
const PROCESSORS: &[&str] = &[
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
    "riscv64", "s390x", "wasm",
];
/// Words of a constraint that hold on the platform, or that builds for it set.
const HOLDING: &[&str] = &["linux", "unix", "amd64", "arm64", "gc", "cgo", "lambda.norpc", "lambda"];
/// Words that no build for a deployment sets.
const UNUSUAL: &[&str] = &[
    "appengine",
    "bench",
    "codegen",
    "debug",
    "dev",
    "e2e",
    "example",
    "examples",
    "fuzz",
    "gccgo",
    "gen",
    "generate",
    "ignore",
    "integration",
    "local",
    "mage",
    "mock",
    "msan",
    "never",
    "noasm",
    "none",
    "purego",
    "race",
    "safe",
    "test",
    "tests",
    "tinygo",
    "tool",
    "tools",
    "unit",
    "wireinject",
];

/// What becomes of a file in a build for the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// It is taken.
    Taken,
    /// It is left out.
    LeftOut,
    /// It is taken only where the build sets a tag that is the project's own.
    WithTag,
}

/// Whether a file belongs to what is deployed, by its path.
pub(super) fn belongs(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(stem) = name.strip_suffix(".go") else { return false };
    if stem.ends_with("_test") || name.starts_with(['_', '.']) {
        return false;
    }
    let mut parts: Vec<&str> = stem.split('_').skip(1).collect();
    if parts.last().is_some_and(|last| PROCESSORS.contains(last)) {
        if parts.last().is_some_and(|last| !HOLDING.contains(last)) {
            return false;
        }
        parts.pop();
    }
    parts.last().is_none_or(|last| !SYSTEMS.contains(last) || *last == "linux")
}

/// Whether a build takes the file.
pub(super) fn is_built(text: &str) -> bool {
    build(text) == Build::Taken
}

/// What a build does with the file, by the constraints in front of its package clause.
pub(super) fn build(text: &str) -> Build {
    if is_met(text, holds) {
        Build::Taken
    } else if is_met(text, may_hold) {
        Build::WithTag
    } else {
        Build::LeftOut
    }
}

fn is_met(text: &str, holds: fn(&str) -> bool) -> bool {
    let head = text.lines().map(str::trim).take_while(|line| !line.starts_with("package "));
    let head: Vec<&str> = head.collect();
    let stated = head.iter().find_map(|line| line.strip_prefix("//go:build "));
    if let Some(stated) = stated {
        return Constraint { rest: stated, holds }.either();
    }
    let old =
        head.iter().filter_map(|line| line.strip_prefix("// +build ").or(line.strip_prefix("//+build ")));
    old.into_iter().all(|line| {
        line.split_whitespace().any(|choice| {
            choice.split(',').all(|word| match word.strip_prefix('!') {
                Some(word) => !holds(word),
                None => holds(word),
            })
        })
    })
}

/// Whether a word holds: of those that a build sets itself, none but the platform's.
fn holds(word: &str) -> bool {
    HOLDING.contains(&word) || word.starts_with("go1")
}

/// Whether a word may hold where a build sets what the project asks for.
fn may_hold(word: &str) -> bool {
    let is_fixed =
        SYSTEMS.contains(&word) || PROCESSORS.contains(&word) || UNUSUAL.contains(&word) || word.is_empty();
    holds(word) || !is_fixed
}

/// A constraint that is being read.
struct Constraint<'a> {
    rest: &'a str,
    /// Whether a word holds.
    holds: fn(&str) -> bool,
}

impl Constraint<'_> {
    fn take(&mut self, sign: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn either(&mut self) -> bool {
        let mut value = self.both();
        while self.take("||") {
            value |= self.both();
        }
        value
    }

    fn both(&mut self) -> bool {
        let mut value = self.one();
        while self.take("&&") {
            value &= self.one();
        }
        value
    }

    fn one(&mut self) -> bool {
        let mut negated = false;
        while self.take("!") {
            negated = !negated;
        }
        let value = if self.rest.trim_start().starts_with('(') && self.rest.len() < 1000 {
            self.take("(");
            let value = self.either();
            self.take(")");
            value
        } else {
            self.rest = self.rest.trim_start();
            let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
            let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            self.rest = rest;
            (self.holds)(word)
        };
        value != negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is_for() {
        for path in ["main.go", "a/store_linux.go", "a/store_linux_arm64.go", "my_handler.go", "linux.go"] {
            assert!(belongs(path), "{path}");
        }
        for path in
            ["main_test.go", "a/store_windows.go", "a/x_darwin_arm64.go", "a/x_386.go", "_x.go", "x.py"]
        {
            assert!(!belongs(path), "{path}");
        }
    }

    #[test]
    fn constraints_are_worked_out() {
        for (constraint, built) in [
            ("//go:build linux", true),
            ("//go:build ignore", false),
            ("//go:build !windows && (amd64 || arm64)", true),
            ("//go:build windows || darwin", false),
            ("//go:build !integration", true),
            ("//go:build go1.18", true),
            ("// +build windows linux", true),
            ("// +build linux,386 ignore", false),
            ("//go:build !(((linux", false),
            ("//go:build lambda", true),
            ("//go:build !lambda", false),
        ] {
            assert_eq!(is_built(&format!("{constraint}\n\npackage x\n")), built, "{constraint}");
        }
        for (constraint, becomes) in [
            ("//go:build premium", Build::WithTag),
            ("//go:build !premium", Build::Taken),
            ("//go:build premium && windows", Build::LeftOut),
            ("//go:build integration", Build::LeftOut),
        ] {
            assert_eq!(build(&format!("{constraint}\n\npackage x\n")), becomes, "{constraint}");
        }
        assert!(is_built("package x\n//go:build ignore\n"));
    }
}
