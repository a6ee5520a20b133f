//! Events in a stream of lines, as the HTML standard defines them (9.2.6, "Interpreting an event stream").

/// An event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its name; empty for the usual one.
    pub(crate) name: String,
    /// What it says, its lines joined.
    pub(crate) data: String,
}

/// Joins lines to events.
#[derive(Debug, Default)]
pub(crate) struct Events {
    event: Event,
    said: bool,
}

impl Events {
    /// Takes a line; the event that ends with it. One that says nothing is none.
    pub(crate) fn line(&mut self, line: &str) -> Option<Event> {
        // A stream may begin with a byte order mark.
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            return std::mem::take(&mut self.said).then_some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.name),
            "data" => {
                if std::mem::replace(&mut self.said, true) {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // Comments, ids, times to wait and what later versions may bring.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_joined_and_comments_are_none() {
        let mut events = Events::default();
        let text =
            "\u{feff}: hello\nevent: a\ndata: one\ndata:two\n\n\nid: 7\n\ndata\n\nevent: lost\ndata: x";
        let found: Vec<Event> = text.split('\n').filter_map(|line| events.line(line)).collect();
        let event = |name: &str, data: &str| Event { name: name.into(), data: data.into() };
        assert_eq!(found, [event("a", "one\ntwo"), event("", "")]);
    }
}
