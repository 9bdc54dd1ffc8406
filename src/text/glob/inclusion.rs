//! Whether one pattern is included in the union of others, holes being letters: exact, by subset construction.
//!
//! The state is a position in the included pattern and the set of positions that the others may be in. A state in
//! which the first pattern has ended and none of the others has is a counterexample.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::{Class, Glob, Token, fold};
use crate::text::Hole;

/// Steps after which the question is left undecided; ordinary policies take some hundreds.
const WORK_LIMIT: usize = 400_000;

/// Whether the inclusion holds with holes as letters.
pub(super) enum Inclusion {
    /// It does, and so it does for every text of the holes.
    Holds,
    /// It does not; a text of the holes may still make it hold.
    Fails,
    /// The limit was reached.
    Undecided,
}

/// A letter of the words that are compared.
#[derive(Clone, Copy)]
enum Letter<'a> {
    Char(char),
    Hole(&'a Hole),
}

/// The set of positions that the union may be in: one bit for each position of each pattern.
type Positions = SmallVec<[u64; 4]>;

/// The union of the including patterns.
struct Union<'a> {
    /// Every pattern with the number of its first position.
    patterns: Vec<(usize, &'a Glob)>,
    words: usize,
}

pub(super) fn included(inner: &Glob, outer: &[&Glob]) -> Inclusion {
    let union = Union::new(outer);
    let alphabet = alphabet(inner, outer);
    let mut seen: FxHashSet<(usize, Positions)> = FxHashSet::default();
    let mut queue = VecDeque::from([(0, union.start())]);
    let mut work = 0;
    while let Some((index, positions)) = queue.pop_front() {
        if union.accepts_all(&positions) || !seen.insert((index, positions.clone())) {
            continue;
        }
        let Some(token) = inner.token(index) else {
            if union.accepts(&positions) {
                continue;
            }
            return Inclusion::Fails;
        };
        if positions.iter().all(|word| *word == 0) {
            return Inclusion::Fails;
        }
        let next = if matches!(token, Token::Run(_)) { index } else { index + 1 };
        if next == index {
            queue.push_back((index + 1, positions.clone()));
        }
        for letter in letters(token, inner.ignore_case, &alphabet) {
            work += 1;
            queue.push_back((next, union.step(&positions, letter)));
        }
        if work > WORK_LIMIT {
            return Inclusion::Undecided;
        }
    }
    Inclusion::Holds
}

/// The characters that some pattern tells apart, and one that none does.
fn alphabet(inner: &Glob, outer: &[&Glob]) -> Vec<char> {
    let folds = inner.ignore_case || outer.iter().any(|glob| glob.ignore_case);
    let mut characters = vec![':', '/'];
    for glob in outer.iter().copied().chain([inner]) {
        for token in &glob.tokens {
            if let Token::Char(character) = token {
                characters.push(*character);
                if folds {
                    characters.extend(character.to_uppercase().take(1));
                    characters.push(fold(*character));
                }
            }
        }
    }
    characters.sort_unstable();
    characters.dedup();
    characters.extend(('\u{e000}'..=char::MAX).find(|other| characters.binary_search(other).is_err()));
    characters
}

/// The letters that a token of the included pattern stands for. A run stands for characters only: the text of a hole
/// is made of characters too, so nothing is left out.
fn letters<'a>(token: &'a Token, ignore_case: bool, alphabet: &[char]) -> Vec<Letter<'a>> {
    match token {
        Token::Hole(hole) => vec![Letter::Hole(hole)],
        Token::Char(character) if ignore_case => {
            let same = alphabet.iter().filter(|other| fold(**other) == *character);
            same.map(|other| Letter::Char(*other)).collect()
        }
        Token::Char(character) => vec![Letter::Char(*character)],
        Token::One(class) | Token::Run(class) => {
            let admitted = alphabet.iter().filter(|character| class.admits(**character));
            admitted.map(|character| Letter::Char(*character)).collect()
        }
    }
}

impl Token {
    fn accepts(&self, letter: Letter<'_>, ignore_case: bool) -> bool {
        match (self, letter) {
            (token, Letter::Char(other)) => token.takes(other, ignore_case),
            (Self::Run(class), Letter::Hole(hole)) => class.admits_hole(hole),
            (Self::Hole(own), Letter::Hole(hole)) => own == hole && *own != Hole::Unknown,
            (Self::One(class), Letter::Hole(hole)) => class.is_open() && class.admits_hole(hole),
            (Self::Char(_), Letter::Hole(_)) => false,
        }
    }
}

impl<'a> Union<'a> {
    fn new(outer: &[&'a Glob]) -> Self {
        let mut patterns = Vec::with_capacity(outer.len());
        let mut first = 0;
        for glob in outer {
            patterns.push((first, *glob));
            first += glob.tokens.len() + 1;
        }
        Self { patterns, words: first.div_ceil(64) }
    }

    fn start(&self) -> Positions {
        let mut positions = self.nowhere();
        for (first, glob) in &self.patterns {
            enter(&mut positions, *first, glob, 0);
        }
        positions
    }

    fn nowhere(&self) -> Positions {
        SmallVec::from_elem(0, self.words)
    }

    fn step(&self, from: &Positions, letter: Letter<'_>) -> Positions {
        let mut positions = self.nowhere();
        for (first, glob) in &self.patterns {
            for (index, token) in glob.tokens.iter().enumerate() {
                if has(from, first + index) && token.accepts(letter, glob.ignore_case) {
                    let next = if matches!(token, Token::Run(_)) { index } else { index + 1 };
                    enter(&mut positions, *first, glob, next);
                }
            }
        }
        positions
    }

    /// Whether the word read so far is matched by one of the patterns.
    fn accepts(&self, positions: &Positions) -> bool {
        self.patterns.iter().any(|(first, glob)| has(positions, first + glob.tokens.len()))
    }

    /// Whether every continuation is matched: a pattern has reached the `*` at its end.
    fn accepts_all(&self, positions: &Positions) -> bool {
        self.patterns.iter().any(|(first, glob)| {
            matches!(glob.tokens.last(), Some(Token::Run(Class::Any)))
                && has(positions, first + glob.tokens.len() - 1)
        })
    }
}

/// Adds a position and those reached from it without reading anything.
fn enter(positions: &mut Positions, first: usize, glob: &Glob, index: usize) {
    let mut index = index;
    loop {
        if let Some(word) = positions.get_mut((first + index) / 64) {
            *word |= 1 << ((first + index) % 64);
        }
        if !matches!(glob.token(index), Some(Token::Run(_))) {
            return;
        }
        index += 1;
    }
}

fn has(positions: &Positions, position: usize) -> bool {
    positions.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
}
