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

/// The first of the characters among which one is looked for that no pattern has: they are for private use.
const FIRST_OTHER: char = '\u{e000}';

/// The set of positions that the union may be in: one bit for each position of each pattern.
type Positions = SmallVec<[u64; 4]>;

/// The union of the including patterns: their positions in one row.
struct Union<'a> {
    places: Vec<Place<'a>>,
    words: usize,
    /// Where each pattern begins.
    firsts: Vec<usize>,
    /// Where each pattern ends.
    accepting: Positions,
    /// Where a pattern matches whatever follows.
    saturated: Positions,
    /// A character that no pattern has.
    other: char,
}

/// A position.
struct Place<'a> {
    /// What is read from here; `None` behind the last step of a pattern.
    token: Option<&'a Token>,
    ignore_case: bool,
}

pub(super) fn included(inner: &Glob, outer: &[&Glob]) -> Inclusion {
    let union = Union::new(inner, outer);
    let mut seen: FxHashSet<(usize, Positions)> = FxHashSet::default();
    let mut queue = VecDeque::from([(0, union.start())]);
    let mut letters = Vec::new();
    let mut work = 0;
    while let Some((index, positions)) = queue.pop_front() {
        if meets(&positions, &union.saturated) || !seen.insert((index, positions.clone())) {
            continue;
        }
        let Some(token) = inner.token(index) else {
            if meets(&positions, &union.accepting) {
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
        union.letters(token, inner.ignore_case, &positions, &mut letters);
        for letter in &letters {
            work += 1;
            queue.push_back((next, union.step(&positions, *letter)));
        }
        if work > WORK_LIMIT {
            return Inclusion::Undecided;
        }
    }
    Inclusion::Holds
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
    fn new(inner: &Glob, outer: &[&'a Glob]) -> Self {
        let size: usize = outer.iter().map(|glob| glob.tokens.len() + 1).sum();
        let words = size.div_ceil(64);
        let nowhere: Positions = SmallVec::from_elem(0, words);
        let (mut accepting, mut saturated) = (nowhere.clone(), nowhere);
        let mut places = Vec::with_capacity(size);
        let mut firsts = Vec::with_capacity(outer.len());
        for glob in outer {
            firsts.push(places.len());
            let ignore_case = glob.ignore_case;
            places.extend(glob.tokens.iter().map(|token| Place { token: Some(token), ignore_case }));
            if matches!(glob.tokens.last(), Some(Token::Run(Class::Any))) {
                add(&mut saturated, places.len() - 1);
            }
            add(&mut accepting, places.len());
            places.push(Place { token: None, ignore_case });
        }
        let other = other(outer.iter().copied().chain([inner]));
        Self { places, words, firsts, accepting, saturated, other }
    }

    fn start(&self) -> Positions {
        let mut positions = self.nowhere();
        self.firsts.iter().for_each(|first| self.enter(&mut positions, *first));
        positions
    }

    fn nowhere(&self) -> Positions {
        SmallVec::from_elem(0, self.words)
    }

    /// What is read from each of the positions, and where they are.
    fn reading<'s>(&'s self, from: &'s Positions) -> impl Iterator<Item = (usize, &'a Token, bool)> + 's {
        numbers(from).filter_map(|position| {
            let place = self.places.get(position)?;
            Some((position, place.token?, place.ignore_case))
        })
    }

    fn step(&self, from: &Positions, letter: Letter<'_>) -> Positions {
        let mut positions = self.nowhere();
        for (position, token, ignore_case) in self.reading(from) {
            if token.accepts(letter, ignore_case) {
                let next = if matches!(token, Token::Run(_)) { position } else { position + 1 };
                self.enter(&mut positions, next);
            }
        }
        positions
    }

    /// Adds a position and those reached from it without reading anything.
    fn enter(&self, positions: &mut Positions, position: usize) {
        let mut position = position;
        loop {
            add(positions, position);
            let is_run = |place: &Place<'_>| matches!(place.token, Some(Token::Run(_)));
            if !self.places.get(position).is_some_and(is_run) {
                return;
            }
            position += 1;
        }
    }

    /// The letters that a token of the included pattern stands for and that the positions tell apart. A run stands for
    /// characters only: the text of a hole is made of characters too, so nothing is left out.
    fn letters<'t>(
        &self,
        token: &'t Token,
        ignore_case: bool,
        at: &Positions,
        letters: &mut Vec<Letter<'t>>,
    ) {
        letters.clear();
        match token {
            Token::Hole(hole) => letters.push(Letter::Hole(hole)),
            Token::Char(character) if ignore_case => {
                let alike = self.reading(at).filter_map(|(_, token, _)| match token {
                    Token::Char(other) if fold(*other) == *character => Some(*other),
                    _ => None,
                });
                let mut told: SmallVec<[char; 4]> = spellings(*character).chain(alike).collect();
                told.sort_unstable();
                told.dedup();
                letters.extend(told.into_iter().map(Letter::Char));
            }
            Token::Char(character) => letters.push(Letter::Char(*character)),
            Token::One(class) | Token::Run(class) => {
                let mut told: SmallVec<[char; 16]> = SmallVec::from_slice(&[':', '/', self.other]);
                for (_, token, ignore_case) in self.reading(at) {
                    if let Token::Char(character) = token {
                        told.push(*character);
                        told.extend(spellings(*character).filter(|_| ignore_case));
                    }
                }
                told.sort_unstable();
                told.dedup();
                letters
                    .extend(told.into_iter().filter(|character| class.admits(*character)).map(Letter::Char));
            }
        }
    }
}

/// A character that no pattern has, whatever its case.
fn other<'g>(globs: impl Iterator<Item = &'g Glob>) -> char {
    let mut characters: Vec<char> = globs
        .flat_map(|glob| &glob.tokens)
        .filter_map(|token| match token {
            Token::Char(character) if *character >= FIRST_OTHER => Some(*character),
            _ => None,
        })
        .collect();
    characters.sort_unstable();
    let is_free = |other: &char| characters.binary_search(other).is_err();
    (FIRST_OTHER..=char::MAX).find(is_free).unwrap_or(char::MAX)
}

/// The spellings of a character whose case does not count.
fn spellings(character: char) -> impl Iterator<Item = char> {
    [fold(character)].into_iter().chain(character.to_uppercase().take(1))
}

fn add(positions: &mut Positions, position: usize) {
    if let Some(word) = positions.get_mut(position / 64) {
        *word |= 1 << (position % 64);
    }
}

fn meets(positions: &Positions, others: &Positions) -> bool {
    positions.iter().zip(others).any(|(a, b)| a & b != 0)
}

/// The numbers of the bits that are set.
fn numbers(positions: &Positions) -> impl Iterator<Item = usize> {
    positions.iter().enumerate().flat_map(|(index, word)| {
        let mut word = *word;
        std::iter::from_fn(move || {
            let bit = word.trailing_zeros();
            word &= word.wrapping_sub(1);
            (bit < 64).then(|| index * 64 + bit as usize)
        })
    })
}
