//! What a language calls the things that every program uses: a table of names, read by the abstract run.

/// Something that a language's own library does and the analysis follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Intrinsic {
    /// The environment as a record.
    Environment,
    /// A variable of the environment; a second argument is the default.
    EnvironmentGet,
    /// A setting of the configuration by its dotted name; a second argument is the default.
    SettingGet,
    /// The first argument, or the receiver, as it is.
    Identity,
    /// The second argument as it is.
    Second,
    /// The first argument as text.
    ToText,
    /// Text split at the first argument (white space without one).
    Split,
    /// Text split at the first argument from its end.
    SplitLast,
    /// Text before, at and behind the first argument.
    Partition,
    /// The elements of the first argument with the receiver between them.
    JoinElements,
    /// The elements of the receiver with the first argument between them.
    JoinReceiver,
    /// The arguments as parts of a path, behind the receiver where there is one.
    JoinPath,
    /// A path without its last part.
    ParentPath,
    /// The folder that a program is run in.
    WorkingFolder,
    /// The receiver with its places (`{}`, `{0}`, `{name}`) filled.
    Format,
    /// The receiver with its places (`%s`) filled.
    FormatPercent,
    /// Text that depends on the receiver's characters (upper case, replace): known where all of it is.
    Lower,
    /// See [`Intrinsic::Lower`].
    Upper,
    /// See [`Intrinsic::Lower`]; the arguments are the old and the new text.
    Replace,
    /// Text without white space, or without the given characters, at its ends.
    Strip,
    /// Text without a prefix.
    StripPrefix,
    /// Text without a suffix.
    StripSuffix,
    /// The receiver from one place to another, by characters: known where all of it is, and the places are.
    Substring,
    /// Text of which nothing is known but that it is text.
    SomeText,
    /// A number.
    SomeNumber,
    /// `true` or `false`.
    SomeFlag,
    /// A field of a record by its name, the second argument where there is none.
    Get,
    /// A field of a record, set to the second argument where there is none.
    SetDefault,
    /// The pairs of a record.
    Pairs,
    /// The names of a record's fields.
    Keys,
    /// What a record's fields hold.
    Values,
    /// Takes over the fields of another record, or those named.
    Update,
    /// A record made of the fields of others, or of named arguments.
    MakeRecord,
    /// Adds an element.
    Append,
    /// Adds the elements of a list.
    Extend,
    /// An element of a list, a field of a record.
    Take,
    /// A list with the same elements.
    MakeList,
    /// A list of pairs of a number and an element.
    Enumerate,
    /// A list of lists of the elements of each argument.
    Zip,
    /// A list of numbers.
    Range,
    /// Calls the first argument with each element of the others; a list of the results.
    Map,
    /// Calls the first argument with the parts of each element; a list of the results.
    MapParts,
    /// Calls the first argument with each element; a list of elements.
    Filter,
    /// Any element.
    Next,
    /// A list of the arguments.
    Gather,
    /// Calls the first argument with the others.
    Invoke,
    /// Calls the argument named `target` with those in `args` and `kwargs`.
    InvokeTarget,
    /// The first argument with the others already handed over.
    Partial,
    /// A member by a name that is a value; a third argument is the default.
    GetMember,
    /// Sets a member by a name that is a value.
    SetMember,
    /// What a field of a class is when nothing is given: the argument `default`, or what `default_factory` gives.
    FieldDefault,
    /// An object of the class that is the first argument, its constructor not run.
    Allocate,
    /// The class of an object.
    ClassOf,
    /// A module by a name that is a value.
    ImportModule,
    /// Starts another program.
    Subprocess,
    /// Runs text as a program.
    Evaluate,
    /// Reads a literal document (JSON) where it is known; else nothing is known of the result.
    ParseDocument,
    /// The first argument as a document.
    PrintDocument,
    /// The text that came of that, for what it is called on.
    Printed,
    /// Nothing that matters: the arguments are looked at and forgotten.
    Ignore,
    /// The second argument where the first is true, the third where it is not; both where that is not decided.
    Choose,
    /// Whether the arguments are the same.
    Same,
    /// Whether the arguments are not the same.
    Differs,
    /// The first argument; the second where the first may be absent or empty.
    Either,
    /// The element of the first argument under the key in the second, or nothing where that is not known.
    Lookup,
    /// What an import of the default gives, of the module in the first argument.
    Default,
    /// Takes the fields of the other arguments into the first, which it gives back.
    Assign,
    /// A record made of pairs of a key and a value.
    MakeMap,
    /// Puts the second argument under the key in the first; gives back the receiver.
    Put,
    /// Adds every argument as an element.
    Push,
    /// Calls the first argument with each element of the receiver; a list of the results.
    MapEach,
    /// Calls the first argument with each element of the receiver; a list of elements.
    FilterEach,
    /// Calls the first argument with each element of the receiver; one of them.
    FindEach,
    /// Calls the first argument with each element of the receiver; nothing.
    VisitEach,
    /// Calls the first argument with what it gave before (at first the second argument) and each element.
    Fold,
    /// Calls the second argument with the first, and gives its result; a third argument is for failures.
    Then,
    /// The first argument, or what the second gives when it is called.
    Caught,
    /// Calls the first argument with two routines, of which the first takes what the whole gives.
    Promise,
    /// The receiver, a routine, with arguments already handed over; the first is for the object.
    Bind,
    /// Calls the receiver with the arguments behind the first, which is the object.
    CallOn,
    /// Calls the receiver with the elements of the second argument; the first is the object.
    ApplyOn,
    /// The receiver as it is; what it is handed is called by code outside.
    Chain,
    /// The arguments as one text.
    Concatenate,
    /// The elements of the second argument, or the arguments behind the first, with the first between them.
    JoinAll,
    /// The first argument that is text, with its places filled from those behind it.
    FormatFirst,
    /// Calls the first argument that is a routine with each element of the first argument; nothing.
    VisitAll,
    /// An iterator over the receiver: the elements of a list, the pairs of a record, any other value alone.
    Iterate,
    /// An iterator over lists of the receiver's elements.
    Chunks,
    /// A list of what an iterator gives; any other value as it is.
    Collect,
    /// An element of a list or iterator; any other value as it is.
    Single,
    /// The receiver, or the first argument where it may be absent.
    Or,
    /// The receiver, or what the first argument gives when it is called.
    OrElse,
    /// The receiver; the first argument is called with a failure of which nothing is known.
    Failing,
    /// What the last argument gives, called with the receiver, or with each element of an iterator.
    Apply,
    /// As [`Intrinsic::Apply`], of iterators that it gives the elements.
    ApplyFlat,
    /// As [`Intrinsic::Apply`], or the first argument, called where it is a routine.
    ApplyOr,
    /// The receiver; the last argument is called with it, or with each element of an iterator.
    Visit,
    /// What the second argument gives, called with what it gave before (at first the first argument) and each element.
    FoldFrom,
    /// An iterator over the elements of the receiver and of the first argument.
    Chained,
    /// An iterator over pairs of an element of the receiver and one of the first argument.
    Pair,
    /// An element of a list or iterator for which the first argument was called; any other value as it is.
    Find,
    /// A value that never comes about (a failure, which leaves by another way).
    Never,
    /// Text without a character.
    EmptyText,
    /// The first argument where it is of the class that is the second, or where nobody knows.
    Narrow,
    /// The field `0` of an object that has one; any other value as it is.
    Payload,
    /// What the receiver, a list, was once filled with: by the first argument when it was called.
    Once,
    /// Calls the receiver, a routine, with the arguments.
    CallReceiver,
    /// A list of what a call of the first routine among the arguments gives.
    InvokeLater,
    /// Calls the first argument with each element of the receiver; a list of the elements of the results.
    FlatMapEach,
    /// Calls the first argument with each key of the receiver and what stands under it; elements where there are no keys.
    VisitPairs,
    /// An element; the first argument, or what a call of it gives, where there is none.
    ElementOr,
    /// A field of a record; set to what a call of the second argument with its name gives, where there is none.
    Compute,
    /// A pair of the arguments.
    MakePair,
    /// A record of the arguments, which are keys and values in turn, or pairs.
    MakeAlternately,
    /// The first of a pair.
    PairKey,
    /// The second of a pair.
    PairValue,
    /// Calls the last argument with each element of the receiver, or each pair of a record; gives back the receiver.
    VisitElements,
    /// Calls the last argument in the same way; a list of the results, or of the elements where nothing is to be called.
    MapElements,
    /// Calls the last argument in the same way; a list of the elements of the results.
    FlatMapElements,
    /// Calls the last argument in the same way; an element.
    FindElement,
    /// Calls the last argument with what it gave before (at first the argument in front of it) and each element.
    FoldElements,
    /// Calls the last argument with each element and the first argument, which it gives back.
    FoldInto,
    /// Calls the last argument with each element and its number; a list of the results, or of pairs where nothing is to be
    /// called.
    MapNumbered,
    /// Calls the last argument with lists of elements; a list of the results, or of the lists.
    MapChunks,
    /// Calls the last argument with each element; a record of lists of elements.
    GroupElements,
    /// A record of pairs: those of the receiver, or what the last argument makes of its elements.
    ToRecord,
    /// What the first argument gives, called again and again.
    Repeat,
    /// A member that is not what it holds, but what the routine that is its receiver gives when the member is read.
    Getter,
    /// Gives the first argument a member under the name in the second: as the third describes it, a record with its value
    /// or its getter. Gives the first argument back.
    Define,
    /// As [`Intrinsic::Define`] with all members of a record of descriptions.
    DefineAll,
    /// Gives the first argument a member for each of a record of getters.
    DefineGetters,
    /// An object with the members of the first argument, also where that is no record.
    Derive,
    /// A copy of a record; any other value as it is.
    Copy,
    /// The first argument, a routine, without its last parameter: what it hands to that is the result.
    Promisify,
    /// Calls the receiver with the arguments and a routine behind them; what that is handed is the result.
    CallBack,
    /// A list of records that hold the elements under `value`.
    Settled,
    /// A record that holds an element of the receiver under `value`.
    Step,
    /// What the first argument, a decorator, makes of the routine or class that is the last.
    Decorate,
    /// What code outside the project made of routines: calling it hands the receiver over.
    Deferred,
    /// A map, which has no members but those of maps.
    MakeTable,
    /// The first argument where it is known what that is, else what the second gives, which is the source of it.
    Vendored,
}

/// What a value of one of the language's own types is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueKind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list.
    List,
    /// A record.
    Record,
}

/// What the classes of a language say of their objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// Nothing that must hold.
    Open,
    /// What they hold, and which classes each is of. A routine stands for an object with a single method: whatever member of
    /// it is called, it is called.
    Nominal,
}

/// A language's names for intrinsics.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of a language of its own")]
pub struct Dialect {
    /// The language (`python`).
    pub language: &'static str,
    /// Names that no scope declares, and members of the language's own modules by dotted path; sorted.
    pub functions: &'static [(&'static str, Intrinsic)],
    /// Members of text; sorted.
    pub text: &'static [(&'static str, Intrinsic)],
    /// Members of lists; sorted.
    pub list: &'static [(&'static str, Intrinsic)],
    /// Members of lists and records alike, beside those of each; sorted.
    pub both: &'static [(&'static str, Intrinsic)],
    /// Members of records; sorted.
    pub record: &'static [(&'static str, Intrinsic)],
    /// Members of iterators, futures and routines that the analysis looks through; sorted.
    pub other: &'static [(&'static str, Intrinsic)],
    /// Methods of any value whose class has none of that name (`clone`); sorted.
    pub any: &'static [(&'static str, Intrinsic)],
    /// Methods of any value that has no member of that name at all (`map` of an optional value); sorted.
    pub data: &'static [(&'static str, Intrinsic)],
    /// The language's own types, by which overloads are told apart; sorted.
    pub types: &'static [(&'static str, ValueKind)],
    /// Classes that need no import and that the tables do not name, in a language where every other class is declared somewhere;
    /// sorted.
    pub own_types: &'static [&'static str],
    /// The member that the language calls when an object is called.
    pub call_member: &'static str,
    /// The member that the platform calls where a handler is an object.
    pub handler_member: &'static str,
    /// The member that the language calls when an object is indexed.
    pub index_member: &'static str,
    /// Members of texts, numbers and flags that are read, not called (of the members of an enumeration); sorted.
    pub properties: &'static [(&'static str, Intrinsic)],
    /// The member that is the name of a routine or class.
    pub name_member: &'static str,
    /// The member that the language calls for members that an object does not have.
    pub missing_member: &'static str,
    /// The member that the language calls to make an object before its constructor.
    pub allocate_member: &'static str,
    /// The member that the language calls when an object is complete.
    pub completed_member: &'static str,
    /// What members are marked with that a container calls when an object that it made is complete.
    pub completing: &'static [&'static str],
    /// Whether a record's members are its fields (`a.b` is `a["b"]`), so that `a[b]` may be any member of any object, what a
    /// record does not have is nothing, and routines in it are called by whomever it is handed to.
    pub fields_are_members: bool,
    /// What classes say of their objects.
    pub typing: Typing,
    /// What the names of methods begin with that only hand out data (`get`), in a language where data has no other members.
    pub getter: &'static str,
    /// The variable of a module's body that holds what an import of the module gives; empty where that is the module.
    pub module_value: &'static str,
    /// Whether the functions of the language's own library that change texts take the text as their first argument.
    pub texts_come_first: bool,
    /// Whether a sum with a number in it is a number, since numbers and texts do not add up.
    pub sums_are_of_one_kind: bool,
    /// The routine with which a program starts, where the platform runs a program that hands its handler over; else empty.
    pub main: &'static str,
    /// The names by which the platform hands over the event and the context; empty where that goes by position.
    pub handed: (&'static str, &'static str),
    /// Whether the methods of a class itself and those of its objects are apart: neither has the others.
    pub class_methods_are_apart: bool,
    /// Whether arguments by name are one record, as the last argument, for a routine that takes none by name.
    pub named_make_a_record: bool,
    /// Whether the members of an object and of the classes around need no more than their name.
    pub members_are_names: bool,
    /// Members that give the value itself, unless it declares one of the name; sorted.
    pub transparent: &'static [&'static str],
    /// The members of an entry of a record with its key and its value, where an iteration over a record gives entries.
    pub entry: (&'static str, &'static str),
    /// Members of iterators; sorted.
    pub iterator: &'static [(&'static str, Intrinsic)],
    /// Whether lists and records are one kind of value: an iteration over a record gives what it holds.
    pub records_are_lists: bool,
    /// The member that the language calls when an object is iterated over, where it is the front end that asks for nothing.
    pub iterate_member: &'static str,
}

impl Dialect {
    /// A language that says nothing of itself: what a dialect leaves out is as here.
    pub const BASE: Self = Self {
        language: "",
        functions: &[],
        text: &[],
        list: &[],
        record: &[],
        other: &[],
        any: &[],
        data: &[],
        own_types: &[],
        both: &[],
        call_member: "",
        handler_member: "",
        index_member: "",
        properties: &[],
        name_member: "",
        missing_member: "",
        allocate_member: "",
        completed_member: "",
        completing: &[],
        types: &[],
        typing: Typing::Open,
        getter: "",
        fields_are_members: false,
        module_value: "",
        texts_come_first: false,
        sums_are_of_one_kind: false,
        main: "",
        members_are_names: false,
        handed: ("", ""),
        class_methods_are_apart: false,
        named_make_a_record: false,
        transparent: &[],
        entry: ("", ""),
        iterator: &[],
        records_are_lists: false,
        iterate_member: "",
    };

    /// Whether a name, or what it has, is one of the language's own functions.
    pub fn knows(&self, name: &str) -> bool {
        let place = self.functions.partition_point(|(key, _)| *key < name);
        let next = self.functions.get(place).and_then(|(key, _)| key.strip_prefix(name));
        next.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The intrinsic behind a member of a record.
    pub fn of_record(&self, name: &str) -> Option<Intrinsic> {
        Self::find(self.record, name).or_else(|| Self::find(self.both, name))
    }

    /// The intrinsic behind `name` in one of the tables.
    pub fn find<T: Copy>(table: &[(&'static str, T)], name: &str) -> Option<T> {
        let index = table.binary_search_by(|(key, _)| (*key).cmp(name)).ok()?;
        table.get(index).map(|(_, meaning)| *meaning)
    }
}
