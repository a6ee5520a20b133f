//! What is known of a value, and how the knowledge of two becomes that of what is made of them.

/// Stands in the text of a value for a part that is not fixed.
const UNFIXED: char = '\0';

/// Stands there for a part that can do no harm.
const HARMLESS: char = '\u{1}';

/// Stands there for a part whose quotes are escaped: it can do no harm between quotes.
const ESCAPED: char = '\u{2}';

/// Literal text kept of a value.
const MAX_TEXT: usize = 400;

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Fixed in the text.
    Literal,
    /// Not known, or known to be harmless wherever text could do harm: a number, an escaped string.
    Safe,
    /// Not known.
    Unknown,
    /// Text put together from fixed parts and parts that are not fixed.
    Built,
}

/// Where text comes from; of two origins the later one says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// From nowhere that is known to be outside.
    Here,
    /// From a generator whose next number can be worked out.
    Predictable,
    /// From whoever runs the program: typed at its prompt or piped into it.
    Typed,
    /// From the other side of a connection.
    Request,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub kind: Kind,
    /// Where its parts come from: the farthest of them.
    pub origin: Origin,
    /// Its fixed text, with a NUL for each part that is not fixed and U+0001 for one that can do no
    /// harm, U+0002 for one that can do none between quotes.
    pub text: String,
    /// In the summary of a function, the parameters that are part of it, as bits by position.
    pub parameters: u64,
}

impl Value {
    pub(super) fn new(kind: Kind) -> Self {
        let text = match kind {
            Kind::Literal => String::new(),
            Kind::Safe => HARMLESS.into(),
            Kind::Unknown | Kind::Built => UNFIXED.into(),
        };
        Self { kind, origin: Origin::Here, text, parameters: 0 }
    }

    pub(super) fn unknown() -> Self {
        Self::new(Kind::Unknown)
    }

    pub(super) fn literal(text: &str) -> Self {
        Self { text: cut(text).to_owned(), ..Self::new(Kind::Literal) }
    }

    /// A parameter in the summary of its function: as harmless as what the caller passes.
    pub(super) fn parameter(position: u32) -> Self {
        let parameters = 1_u64.checked_shl(position).unwrap_or_default();
        Self { parameters, text: UNFIXED.into(), ..Self::new(Kind::Safe) }
    }

    /// What is fixed of its text, but for the middle.
    fn fixed(&self) -> &str {
        self.text.trim_matches([UNFIXED, HARMLESS, ESCAPED])
    }

    /// The same with its quotes escaped.
    pub(super) fn escaped(self) -> Self {
        Self { text: ESCAPED.into(), ..self }
    }

    /// Something unknown that this is part of.
    pub(super) fn part(&self) -> Self {
        let predictable = self.origin == Origin::Predictable;
        let reached = self.kind > Kind::Safe || self.parameters != 0 || predictable;
        let origin = if reached { self.origin } else { Origin::Here };
        Self { origin, parameters: self.parameters, ..Self::unknown() }
    }

    /// Either of two values: the worse of the two.
    pub(super) fn or(self, other: Self) -> Self {
        let origin = self.origin.max(other.origin);
        let parameters = self.parameters | other.parameters;
        let worse = if other.kind > self.kind { other } else { self };
        Self { origin, parameters, ..worse }
    }

    /// One text after the other.
    pub(super) fn then(self, other: &Self) -> Self {
        let texts = |value: &Self| value.kind == Kind::Built || !value.fixed().is_empty();
        let kind = match (self.kind, other.kind) {
            (Kind::Literal, Kind::Literal) => Kind::Literal,
            (one, other) if one.max(other) <= Kind::Safe => Kind::Safe,
            _ if texts(&self) || texts(other) => Kind::Built,
            _ => Kind::Unknown,
        };
        let origin = self.origin.max(other.origin);
        let parameters = self.parameters | other.parameters;
        let text = cut(&(self.text + &other.text)).to_owned();
        Self { kind, origin, text, parameters }
    }

    /// A template filled with values: built unless every value is fixed. A NUL stands for each place.
    pub(super) fn filled(template: &str, values: &[Self]) -> Self {
        let worst = values.iter().map(|value| value.kind).max().unwrap_or(Kind::Literal);
        let mut parts = template.split(UNFIXED);
        let mut text = parts.next().unwrap_or_default().to_owned();
        let mut filling = values.iter().map(|value| value.text.as_str());
        for part in parts {
            text.push_str(filling.next().unwrap_or_default());
            text.push_str(part);
        }
        Self {
            kind: if worst <= Kind::Safe { worst } else { Kind::Built },
            origin: values.iter().map(|value| value.origin).max().unwrap_or(Origin::Here),
            text: cut(&text).to_owned(),
            parameters: values.iter().fold(0, |all, value| all | value.parameters),
        }
    }

    /// What a call gives back whose summary this is: `arguments` are the values of those parameters that are part
    /// of it.
    pub(super) fn applied(&self, arguments: &[Self]) -> Self {
        let worst = arguments.iter().map(|argument| argument.kind).max().unwrap_or(Kind::Literal);
        let origin = arguments.iter().map(|argument| argument.part().origin).fold(self.origin, Origin::max);
        let parameters = arguments.iter().fold(0, |all, argument| all | argument.parameters);
        let kind = match (self.kind, worst) {
            (kind, Kind::Literal | Kind::Safe) => kind,
            (kind, worst) if self.fixed().is_empty() => kind.max(worst),
            _ => Kind::Built,
        };
        let text = match arguments {
            [only] if self.text == "\0" => only.text.clone(),
            _ => self.text.clone(),
        };
        Self { kind, origin, text, parameters }
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
