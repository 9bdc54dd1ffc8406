//! Laying two patterns along each other: whether they share a text, and what holes could make of them.

use super::{Class, Glob, Token, is_ambient, is_name};
use crate::text::Hole;

/// Which question is asked of an alignment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// Is there a word that both match, holes being letters?
    Overlap,
    /// Is there a word that both match, for some text of the holes?
    MayOverlap,
    /// Does the first match all that the second does, for some text of the holes? Errs towards yes.
    MayContain,
}

/// Which side is in the middle of a hole that has taken some text already, or of a run that some was taken of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Neither = 0,
    Left = 1,
    Right = 2,
}

/// A place in the alignment.
type Place = (usize, usize, Inside);

/// Whether both match a common word, holes being letters.
pub(super) fn overlap(left: &Glob, right: &Glob) -> bool {
    search(left, right, Question::Overlap)
}

/// Whether both may match a common word for some text of the holes.
pub(super) fn may_overlap(left: &Glob, right: &Glob) -> bool {
    search(left, right, Question::MayOverlap)
}

/// Whether `left` may match all that `right` does for some text of the holes.
pub(super) fn may_contain(left: &Glob, right: &Glob) -> bool {
    search(left, right, Question::MayContain)
}

fn search(left: &Glob, right: &Glob, question: Question) -> bool {
    let width = right.tokens.len() + 1;
    let mut seen = vec![false; (left.tokens.len() + 1) * width * 3];
    // What both begin with is the same text whatever its holes hold, so that the rest decides.
    let same = left.tokens.iter().zip(&right.tokens).take_while(|(a, b)| a == b && a.is_text()).count();
    let mut stack: Vec<Place> = vec![(same, same, Inside::Neither)];
    let ignore_case = left.ignore_case || right.ignore_case;
    while let Some((i, j, inside)) = stack.pop() {
        let Some(mark) = seen.get_mut((i * width + j) * 3 + inside as usize) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        if i == left.tokens.len() && j == right.tokens.len() {
            return true;
        }
        let step = Step { i, j, inside, question, ignore_case };
        step.alone(left.token(i), right.token(j), &mut stack);
        if let (Some(a), Some(b)) = (left.token(i), right.token(j)) {
            step.together(a, b, &mut stack);
        }
    }
    false
}

/// One step of the search, from one place to those that follow it.
struct Step {
    i: usize,
    j: usize,
    inside: Inside,
    question: Question,
    ignore_case: bool,
}

impl Step {
    fn opens_holes(&self) -> bool {
        self.question != Question::Overlap
    }

    /// Steps over a token that takes nothing (more) from the other side.
    fn alone(&self, left: Option<&Token>, right: Option<&Token>, next: &mut Vec<Place>) {
        let leaves = |token: Option<&Token>, started: bool, runs: bool| match token {
            Some(Token::Run(_)) => runs,
            Some(Token::Hole(hole)) => self.opens_holes() && (started || may_be_empty(hole)),
            _ => false,
        };
        if leaves(left, self.inside == Inside::Left, true) {
            next.push((self.i + 1, self.j, self.keep(Inside::Right)));
        }
        let started = self.inside == Inside::Right;
        if leaves(right, started, started || self.question != Question::MayContain) {
            next.push((self.i, self.j + 1, self.keep(Inside::Left)));
        }
    }

    fn keep(&self, side: Inside) -> Inside {
        if self.inside == side { side } else { Inside::Neither }
    }

    /// Steps over tokens that stand for the same text.
    fn together(&self, left: &Token, right: &Token, next: &mut Vec<Place>) {
        let (i, j) = (self.i, self.j);
        match (left, right) {
            (Token::Hole(a), Token::Hole(b)) => self.holes(a, b, next),
            (Token::Hole(hole), other) if self.hole_takes(hole, other, Inside::Left) => {
                next.push((i, j + 1, Inside::Left));
            }
            (other, Token::Hole(hole)) if self.hole_takes(hole, other, Inside::Right) => {
                next.push((i + 1, j, Inside::Right));
            }
            _ => {}
        }
        match (left, right) {
            (Token::Run(class), Token::Hole(hole)) if self.opens_holes() || class.admits_hole(hole) => {
                next.push((i, j + 1, Inside::Neither));
            }
            (Token::Hole(hole), Token::Run(class))
                if self.question == Question::Overlap && class.admits_hole(hole)
                    || self.question == Question::MayOverlap =>
            {
                next.push((i + 1, j, Inside::Neither));
            }
            (Token::Hole(_), _) | (_, Token::Hole(_)) => {}
            _ if self.question == Question::MayContain => self.contains(left, right, next),
            _ => self.meets(left, right, next),
        }
    }

    fn holes(&self, left: &Hole, right: &Hole, next: &mut Vec<Place>) {
        let (i, j) = (self.i, self.j);
        let equal = left == right && *left != Hole::Unknown;
        let open = self.opens_holes() && !are_different(left, right);
        if equal || open {
            next.push((i + 1, j + 1, Inside::Neither));
        }
        if open {
            next.push((i, j + 1, Inside::Left));
            next.push((i + 1, j, Inside::Right));
        }
    }

    /// Whether the text of a hole on `side` may begin or go on with what the token of the other side stands for.
    fn hole_takes(&self, hole: &Hole, token: &Token, side: Inside) -> bool {
        match token {
            Token::Char(character) => self.opens_holes() && admits(hole, *character),
            Token::One(_) => {
                self.question == Question::MayOverlap
                    || (self.question == Question::MayContain && side == Inside::Right)
            }
            Token::Run(_) | Token::Hole(_) => false,
        }
    }

    /// Both sides read one character that both admit.
    fn meets(&self, left: &Token, right: &Token, next: &mut Vec<Place>) {
        let meet = match (left, right) {
            (Token::Char(a), Token::Char(b)) => self.same(*a, *b),
            (Token::Char(a), Token::One(class) | Token::Run(class))
            | (Token::One(class) | Token::Run(class), Token::Char(a)) => class.admits(*a),
            _ => true,
        };
        if meet {
            let advance = |token: &Token| usize::from(!matches!(token, Token::Run(_)));
            next.push((self.i + advance(left), self.j + advance(right), Inside::Neither));
        }
    }

    /// The left side takes a whole token of the right.
    fn contains(&self, left: &Token, right: &Token, next: &mut Vec<Place>) {
        let (i, j) = (self.i, self.j);
        match (left, right) {
            (Token::Char(a), Token::Char(b)) if self.same(*a, *b) => {
                next.push((i + 1, j + 1, Inside::Neither));
            }
            (Token::One(class), Token::Char(a)) if class.admits(*a) => {
                next.push((i + 1, j + 1, Inside::Neither));
            }
            (Token::Run(class), Token::Char(a)) if class.admits(*a) => next.push((i, j + 1, Inside::Neither)),
            (Token::One(_), Token::One(_)) => next.push((i + 1, j + 1, Inside::Neither)),
            (Token::Run(_), Token::One(_)) => next.push((i, j + 1, Inside::Neither)),
            // A run on the right is left only after a run on the left has taken of it, but single characters may
            // take of it too.
            (Token::One(_), Token::Run(_)) => next.push((i + 1, j, self.inside)),
            (Token::Run(class), Token::Run(other)) if class.contains(*other) => {
                next.push((i, j, Inside::Right));
            }
            _ => {}
        }
    }

    fn same(&self, left: char, right: char) -> bool {
        left == right || (self.ignore_case && super::fold(left) == super::fold(right))
    }
}

/// Names that a deployment gives are never empty; other text may be.
fn may_be_empty(hole: &Hole) -> bool {
    !is_ambient(hole) && !is_name(hole)
}

/// Whether the two are known to be different texts: two resources of a deployment do not share a name.
fn are_different(left: &Hole, right: &Hole) -> bool {
    (is_name(left) && is_name(right) && left != right)
        || (is_ambient(left) && is_ambient(right) && left != right)
        || (is_name(left) && is_ambient(right))
        || (is_ambient(left) && is_name(right))
}

fn admits(hole: &Hole, character: char) -> bool {
    let class = if is_ambient(hole) {
        Class::Segment
    } else if is_name(hole) {
        Class::Part
    } else {
        Class::Any
    };
    class.admits(character)
}
