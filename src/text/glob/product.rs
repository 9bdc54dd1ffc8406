//! Which groups of patterns one text can be matched by: exact, by a product of all patterns that is built as far as it
//! is reached.
//!
//! Every pattern is a row of positions, one bit each, and a state is the set of positions that the text read so far may
//! have led to. A character moves all of them at once: those in front of a step that takes it go on, those at a run that
//! takes it stay. Holes are letters of their own.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::{Class, Glob, Token};
use crate::text::{Hole, TemplateString};

/// A set of numbers that are small.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bits(SmallVec<[u64; 4]>);

impl Bits {
    fn zeros(words: usize) -> Self {
        Self(SmallVec::from_elem(0, words))
    }

    /// Whether the number is among them.
    pub fn has(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    fn add(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / 64) {
            *word |= 1 << (index % 64);
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    fn remove(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }
}

/// A question about texts: which of the groups match them?
#[derive(Debug)]
pub struct Product<'a> {
    /// Lists of patterns: a text is only looked at where each list has a pattern that matches it.
    pub within: Vec<Vec<&'a Glob>>,
    /// The groups. A group matches what one of its patterns does.
    pub groups: Vec<Vec<&'a Glob>>,
    /// Groups behind which nobody looks: once one of them matches whatever follows, a text is not read on.
    pub stop: Vec<usize>,
    /// How much may be done before giving up.
    pub budget: usize,
}

/// A text, and the groups that match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The numbers of the groups.
    pub groups: Bits,
    /// A shortest such text.
    pub word: TemplateString,
}

/// There was more to do than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch;

/// What a text is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Letter {
    Char(char),
    Hole(Hole),
}

/// A group as it lies in the bits.
struct Group {
    /// All of its positions, its flag too.
    all: Bits,
    /// Those of its patterns.
    positions: Bits,
    /// Those that accept, its flag too.
    accepting: Bits,
    /// Those from which everything is accepted.
    saturated: Bits,
    /// The position that says that everything that follows is matched.
    flag: usize,
}

/// What a letter does to a state.
struct Move {
    letter: Letter,
    /// Positions that go on to the next.
    advance: Bits,
    /// Positions that stay.
    stay: Bits,
}

impl Product<'_> {
    /// Every set of groups by which some text is matched, in the order of the length of their texts, or that the budget
    /// was too small; and how much was done.
    pub fn explore(&self) -> (Result<Vec<Found>, TooMuch>, usize) {
        let machine = Machine::new(self);
        let mut nodes: Vec<(usize, usize)> = vec![(0, 0)];
        let start = machine.start();
        let mut seen: FxHashSet<Bits> = FxHashSet::from_iter([start.clone()]);
        let mut queue = VecDeque::from([(0, start)]);
        let mut signatures: FxHashSet<Bits> = FxHashSet::default();
        let mut found = Vec::new();
        let mut work = 0;
        while let Some((node, state)) = queue.pop_front() {
            if machine.is_dead(&state) || self.stop.iter().any(|group| machine.is_saturated(&state, *group)) {
                continue;
            }
            if machine.is_within(&state) {
                let groups = machine.accepting(&state);
                if signatures.insert(groups.clone()) {
                    found.push(Found { groups, word: machine.word(&nodes, node) });
                }
            }
            for (index, step) in machine.moves.iter().enumerate() {
                work += machine.words + 1;
                let next = machine.step(&state, step);
                if !seen.contains(&next) {
                    seen.insert(next.clone());
                    queue.push_back((nodes.len(), next));
                    nodes.push((node, index));
                }
            }
            if work > self.budget {
                return (Err(TooMuch), work);
            }
        }
        (Ok(found), work)
    }
}

struct Machine {
    words: usize,
    within: usize,
    groups: Vec<Group>,
    moves: Vec<Move>,
    start: Bits,
}

impl Machine {
    fn new(product: &Product<'_>) -> Self {
        let lists: Vec<&Vec<&Glob>> = product.within.iter().chain(&product.groups).collect();
        let size: usize =
            lists.iter().map(|list| 1 + list.iter().map(|glob| glob.tokens.len() + 1).sum::<usize>()).sum();
        let words = size.div_ceil(64).max(1);
        let mut start = Bits::zeros(words);
        let mut groups = Vec::with_capacity(lists.len());
        let mut rows: Vec<(usize, Steps)> = Vec::new();
        let mut at = 0;
        for list in &lists {
            let mut group = Group::at(at, words);
            at += 1;
            for glob in *list {
                let steps = Steps::of(glob);
                group.add(at, &steps);
                start.add(at);
                at += steps.length() + 1;
                rows.push((at - steps.length() - 1, steps));
            }
            groups.push(group);
        }
        let flags: Vec<usize> = groups.iter().map(|group| group.flag).collect();
        let moves = moves(&alphabet(&lists), &rows, &flags, words);
        let mut machine = Self { words, within: product.within.len(), groups, moves, start };
        let mut start = machine.start.clone();
        machine.settle(&mut start);
        machine.start = start;
        machine
    }

    fn start(&self) -> Bits {
        self.start.clone()
    }

    fn step(&self, state: &Bits, step: &Move) -> Bits {
        let mut next = Bits::zeros(self.words);
        let mut carry = 0;
        let words = state.0.iter().zip(step.advance.0.iter().zip(&step.stay.0));
        for (to, (from, (advance, stay))) in next.0.iter_mut().zip(words) {
            let going = from & advance;
            *to = (from & stay) | (going << 1) | carry;
            carry = going >> 63;
        }
        self.settle(&mut next);
        next
    }

    /// A group that matches whatever follows forgets how.
    fn settle(&self, state: &mut Bits) {
        for group in &self.groups {
            if group.saturated.meets(state) {
                state.remove(&group.positions);
                state.add(group.flag);
            }
        }
    }

    fn is_dead(&self, state: &Bits) -> bool {
        self.groups.iter().take(self.within).any(|group| !group.all.meets(state))
    }

    fn is_within(&self, state: &Bits) -> bool {
        self.groups.iter().take(self.within).all(|group| group.accepting.meets(state))
    }

    fn is_saturated(&self, state: &Bits, group: usize) -> bool {
        self.groups.get(self.within + group).is_some_and(|group| state.has(group.flag))
    }

    fn accepting(&self, state: &Bits) -> Bits {
        let groups = self.groups.iter().skip(self.within);
        let mut accepting = Bits::zeros(groups.len().div_ceil(64).max(1));
        for (index, group) in groups.enumerate() {
            if group.accepting.meets(state) {
                accepting.add(index);
            }
        }
        accepting
    }

    fn word(&self, nodes: &[(usize, usize)], node: usize) -> TemplateString {
        let mut letters = Vec::new();
        let mut at = node;
        while at != 0 {
            let Some((parent, step)) = nodes.get(at) else { break };
            letters.extend(self.moves.get(*step).map(|step| &step.letter));
            at = *parent;
        }
        let mut word = TemplateString::new();
        for letter in letters.into_iter().rev() {
            match letter {
                Letter::Char(character) => word.push_str(character.encode_utf8(&mut [0; 4])),
                Letter::Hole(hole) => word.push_hole(hole.clone()),
            }
        }
        word
    }
}

impl Group {
    fn at(flag: usize, words: usize) -> Self {
        let mut only = Bits::zeros(words);
        only.add(flag);
        let none = Bits::zeros(words);
        Self { all: only.clone(), positions: none.clone(), accepting: only, saturated: none, flag }
    }

    fn add(&mut self, first: usize, steps: &Steps) {
        let last = first + steps.length();
        for position in first..=last {
            self.all.add(position);
            self.positions.add(position);
        }
        self.accepting.add(last);
        if steps.runs.last() == Some(&Some(Class::Any)) {
            self.saturated.add(last);
        }
    }
}

/// A pattern as steps that take one letter each, with the run that may stand in front of each and behind the last.
struct Steps {
    tokens: Vec<Token>,
    runs: Vec<Option<Class>>,
    ignore_case: bool,
}

impl Steps {
    fn of(glob: &Glob) -> Self {
        let mut tokens = Vec::new();
        let mut runs = vec![None];
        for token in &glob.tokens {
            match token {
                Token::Run(class) => {
                    // Of two runs beside each other, the wider takes what both do.
                    if let Some(run) = runs.last_mut() {
                        let is_wider = run.is_none_or(|own: Class| class.contains(own));
                        *run = if is_wider { Some(*class) } else { *run };
                    }
                }
                other => {
                    tokens.push(other.clone());
                    runs.push(None);
                }
            }
        }
        Self { tokens, runs, ignore_case: glob.ignore_case }
    }

    fn length(&self) -> usize {
        self.tokens.len()
    }
}

/// The letters that some pattern tells apart, and one that none does.
fn alphabet(lists: &[&Vec<&Glob>]) -> Vec<Letter> {
    let mut characters: Vec<char> = vec![':', '/'];
    let mut holes: Vec<Hole> = Vec::new();
    for glob in lists.iter().copied().flatten() {
        for token in &glob.tokens {
            match token {
                Token::Char(character) if glob.ignore_case => {
                    characters.push(*character);
                    characters.extend(character.to_uppercase().take(1));
                }
                Token::Char(character) => characters.push(*character),
                Token::Hole(hole) if *hole != Hole::Unknown => holes.push(hole.clone()),
                _ => {}
            }
        }
    }
    characters.sort_unstable();
    characters.dedup();
    holes.sort();
    holes.dedup();
    let spare = ('g'..='z').chain('a'..='f').chain('0'..='9').chain('A'..='Z').chain('\u{a1}'..=char::MAX);
    let other = spare.into_iter().find(|other| characters.binary_search(other).is_err());
    // Letters and digits first: of several that do the same, the first stands in the texts that are shown.
    characters.sort_by_key(|character| !character.is_ascii_alphanumeric());
    let characters = other.into_iter().chain(characters).map(Letter::Char);
    characters.chain(holes.into_iter().map(Letter::Hole)).collect()
}

/// What each letter does; letters that do the same are one.
fn moves(alphabet: &[Letter], rows: &[(usize, Steps)], flags: &[usize], words: usize) -> Vec<Move> {
    let mut same: FxHashSet<(Bits, Bits)> = FxHashSet::default();
    let mut moves = Vec::new();
    for letter in alphabet {
        let (mut advance, mut stay) = (Bits::zeros(words), Bits::zeros(words));
        for (first, steps) in rows {
            for (index, token) in steps.tokens.iter().enumerate() {
                if takes(token, letter, steps.ignore_case) {
                    advance.add(first + index);
                }
            }
            for (index, run) in steps.runs.iter().enumerate() {
                if run.is_some_and(|class| takes(&Token::Run(class), letter, steps.ignore_case)) {
                    stay.add(first + index);
                }
            }
        }
        for flag in flags {
            stay.add(*flag);
        }
        if same.insert((advance.clone(), stay.clone())) {
            moves.push(Move { letter: letter.clone(), advance, stay });
        }
    }
    moves
}

fn takes(token: &Token, letter: &Letter, ignore_case: bool) -> bool {
    match letter {
        Letter::Char(character) => token.takes(*character, ignore_case),
        Letter::Hole(hole) => match token {
            Token::Run(class) => class.admits_hole(hole),
            Token::Hole(own) => own == hole,
            Token::One(class) => class.is_open() && class.admits_hole(hole),
            Token::Char(_) => false,
        },
    }
}

impl Glob {
    /// A text that the pattern matches, with `fill` for each run that takes it; one that is a whole part of an ARN gets
    /// what `part` gives for its number.
    pub fn sample(&self, fill: &str, part: impl Fn(usize) -> Option<&'static str>) -> TemplateString {
        let mut sample = TemplateString::new();
        let (mut colons, mut is_fresh) = (0, false);
        for (index, token) in self.tokens.iter().enumerate() {
            let was_fresh = std::mem::replace(&mut is_fresh, *token == Token::Char(':'));
            colons += usize::from(is_fresh);
            match token {
                Token::Char(character) => sample.push_str(character.encode_utf8(&mut [0; 4])),
                Token::One(_) => sample.push_str("x"),
                Token::Run(class) => {
                    let is_whole = was_fresh && self.token(index + 1) == Some(&Token::Char(':'));
                    let fill = part(colons).filter(|_| is_whole).unwrap_or(fill);
                    if fill.chars().all(|character| class.admits(character)) {
                        sample.push_str(fill);
                    }
                }
                Token::Hole(hole) => sample.push_hole(hole.clone()),
            }
        }
        sample
    }

    /// Whether the pattern matches a text of which the holes are letters of their own.
    pub fn matches_word(&self, word: &TemplateString) -> bool {
        match word.as_literal() {
            Some(text) if !self.has_holes() => self.matches(text).is_yes(),
            _ => {
                let mut text = Self::exact(word);
                if self.ignore_case {
                    text = text.ignoring_case();
                }
                matches!(super::inclusion::included(&text, &[self]), super::inclusion::Inclusion::Holds)
            }
        }
    }

    /// Whether everything that `other` matches is matched here, as far as laying one along the other shows it: `false`
    /// may mean that it was not seen.
    pub fn plainly_contains(&self, other: &Self) -> bool {
        if self.ignore_case != other.ignore_case {
            return false;
        }
        let mut reached = vec![false; other.tokens.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        for token in &self.tokens {
            reached = match token {
                Token::Run(class) => run_over(*class, &other.tokens, &reached),
                one => step_over(one, &other.tokens, &reached),
            };
        }
        reached.last().copied().unwrap_or(false)
    }

    /// Whether the two may match a common text: `false` is certain, as what they begin or end with differs.
    pub fn may_meet(&self, other: &Self) -> bool {
        let plain = |left: &Token, right: &Token| match (left, right) {
            (Token::Char(a), Token::Char(b)) => Some(a == b),
            _ => None,
        };
        if self.ignore_case || other.ignore_case {
            return true;
        }
        let front = self.tokens.iter().zip(&other.tokens).find_map(|(a, b)| match plain(a, b) {
            Some(true) => None,
            stop => Some(stop),
        });
        let back =
            self.tokens.iter().rev().zip(other.tokens.iter().rev()).find_map(|(a, b)| match plain(a, b) {
                Some(true) => None,
                stop => Some(stop),
            });
        front != Some(Some(false)) && back != Some(Some(false))
    }

    /// What the holes must be for the pattern to match this text, where a way is found; runs are kept short.
    pub fn bind(&self, word: &TemplateString) -> Option<Vec<(Hole, TemplateString)>> {
        let text: Vec<char> = word.as_literal()?.chars().collect();
        let mut bound = Vec::new();
        let mut fuel = 10_000;
        bind(&self.tokens, &text, &mut bound, &mut fuel).then_some(bound)
    }

    /// The pattern with a run in place of every hole: what it may match, whatever the holes are.
    #[must_use]
    pub fn opened(&self) -> Self {
        let token = |token: &Token| match token {
            Token::Hole(_) => Token::Run(Class::Any),
            other => other.clone(),
        };
        Self { tokens: self.tokens.iter().map(token).collect(), ignore_case: self.ignore_case }
    }

    /// The pattern with texts in place of these holes.
    #[must_use]
    pub fn filled(&self, texts: &[(Hole, TemplateString)]) -> Self {
        let mut tokens = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            let text = match token {
                Token::Hole(hole) => texts.iter().find(|(other, _)| other == hole),
                _ => None,
            };
            match text.and_then(|(_, text)| text.as_literal()) {
                Some(text) => tokens.extend(text.chars().map(Token::Char)),
                None => tokens.push(token.clone()),
            }
        }
        Self { tokens, ignore_case: self.ignore_case }
    }

    /// Whether the pattern is one hole and nothing else, and stands for its text in this case only.
    pub fn is_hole(&self) -> bool {
        !self.ignore_case && matches!(self.tokens.as_slice(), [Token::Hole(_)])
    }

    /// The holes, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Hole(hole) => Some(hole),
            _ => None,
        })
    }
}

fn bind(tokens: &[Token], text: &[char], bound: &mut Vec<(Hole, TemplateString)>, fuel: &mut usize) -> bool {
    *fuel = fuel.saturating_sub(1);
    let Some((token, rest)) = tokens.split_first().filter(|_| *fuel > 0) else { return text.is_empty() };
    match token {
        Token::Char(_) | Token::One(_) => text
            .split_first()
            .is_some_and(|(first, behind)| token.takes(*first, false) && bind(rest, behind, bound, fuel)),
        Token::Run(class) => (0..=text.len()).any(|length| {
            let Some((taken, behind)) = text.split_at_checked(length) else { return false };
            taken.iter().all(|character| class.admits(*character)) && bind(rest, behind, bound, fuel)
        }),
        Token::Hole(hole) => (0..=text.len()).any(|length| {
            let Some((taken, behind)) = text.split_at_checked(length) else { return false };
            let value = TemplateString::from(taken.iter().collect::<String>().as_str());
            if let Some((_, known)) = bound.iter().find(|(other, _)| other == hole) {
                return *known == value && bind(rest, behind, bound, fuel);
            }
            bound.push((hole.clone(), value));
            let fits = bind(rest, behind, bound, fuel);
            if !fits {
                bound.pop();
            }
            fits
        }),
    }
}

fn run_over(class: Class, tokens: &[Token], reached: &[bool]) -> Vec<bool> {
    let takes = |token: &Token| match token {
        Token::Char(character) => class.admits(*character),
        Token::One(other) | Token::Run(other) => class.contains(*other),
        Token::Hole(hole) => class.admits_hole(hole),
    };
    let mut next = Vec::with_capacity(reached.len());
    let mut open = false;
    for (index, is_reached) in reached.iter().enumerate() {
        open |= is_reached;
        next.push(open);
        open = open && tokens.get(index).is_some_and(takes);
    }
    next
}

fn step_over(own: &Token, tokens: &[Token], reached: &[bool]) -> Vec<bool> {
    let takes = |token: &Token| match (own, token) {
        (Token::Char(a), Token::Char(b)) => a == b,
        (Token::One(class), Token::Char(character)) => class.admits(*character),
        (Token::One(class), Token::One(other)) => class.contains(*other),
        (Token::Hole(a), Token::Hole(b)) => a == b && *a != Hole::Unknown,
        _ => false,
    };
    let mut next = vec![false];
    next.extend(tokens.iter().zip(reached).map(|(token, is_reached)| *is_reached && takes(token)));
    next
}
