//! What the builder knows of names.

use super::{Builder, find};

impl Builder {
    /// Whether a scope here declares a name.
    pub fn declares(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| {
            scope.class.is_none() && (scope.foreign.contains_key(name) || find(scope, name).is_some())
        })
    }

    /// Whether a write to a name is one to a variable of the innermost routine, or is said to be one to an outer one's.
    pub fn is_own(&self, name: &str) -> bool {
        let scope = self.scopes.last();
        scope.is_some_and(|scope| scope.foreign.contains_key(name) || find(scope, name).is_some())
    }

    /// Whether a variable of the innermost routine has a value on the current path.
    pub fn has_value(&self, name: &str) -> bool {
        let scope = self.scopes.last();
        let index = scope.and_then(|scope| find(scope, name));
        let current = scope.zip(index).and_then(|(scope, index)| scope.current.get(index as usize));
        current.is_some_and(Option::is_some)
    }

    /// Whether a name is a variable of a routine around, not of the module.
    pub fn is_local(&self, name: &str) -> bool {
        self.scopes.iter().skip(1).any(|scope| scope.class.is_none() && find(scope, name).is_some())
    }
}
