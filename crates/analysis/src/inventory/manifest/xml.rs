//! XML as elements with lines, for the manifests that are written in it. Names are without their prefix; entities of
//! a document's own are never expanded.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Malformed;

/// Deeper documents are refused.
const DEPTH: usize = 128;

/// Documents of more elements and attributes are refused.
const MOST_PARTS: usize = 500_000;

/// An element, what it says and what it holds.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) line: u32,
    pub(super) children: Vec<Element>,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children of that name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The elements at the end of a path of names, in the order of the document.
    pub(super) fn under<'a>(&'a self, path: &[&'a str]) -> Vec<&'a Element> {
        path.iter()
            .fold(vec![self], |found, name| found.into_iter().flat_map(|element| element.all(name)).collect())
    }

    /// What stands in the element, without the white space around it; `None` where nothing does.
    pub(super) fn text(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }

    /// What stands in the first child of that name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).and_then(Element::text)
    }

    /// The value of an attribute, its name compared without case.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// What an attribute or a child of that name says.
    pub(super) fn says(&self, name: &str) -> Option<&str> {
        self.attribute(name).or_else(|| self.text_of(name))
    }
}

/// Reads a document and gives its outermost element.
pub(super) fn read(text: &str) -> Result<Element, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    let (mut line, mut counted, mut parts) = (1_u32, 0_usize, 0_usize);
    loop {
        let event = reader.read_event().map_err(|_| Malformed)?;
        let end = usize::try_from(reader.buffer_position()).map_err(|_| Malformed)?.min(text.len());
        let breaks =
            memchr::memchr_iter(b'\n', text.as_bytes().get(counted..end).unwrap_or_default()).count();
        let breaks = u32::try_from(breaks).map_err(|_| Malformed)?;
        let done = match event {
            Event::Start(start) => {
                open.push(element(&start, line, &mut parts)?);
                None
            }
            Event::Empty(start) => Some(element(&start, line, &mut parts)?),
            Event::End(_) => Some(open.pop().ok_or(Malformed)?),
            Event::Text(said) => {
                push(&mut open, &said.xml10_content());
                None
            }
            Event::CData(said) => {
                push(&mut open, &said.xml10_content());
                None
            }
            Event::GeneralRef(reference) => {
                let known = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                push(&mut open, known.map(String::from).unwrap_or_default().as_str());
                None
            }
            Event::Eof => return Err(Malformed),
            _ => None,
        };
        line += breaks;
        counted = end.max(counted);
        if open.len() > DEPTH || parts > MOST_PARTS {
            return Err(Malformed);
        }
        let Some(done) = done else { continue };
        match open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => return Ok(done),
        }
    }
}

fn element(start: &BytesStart<'_>, line: u32, parts: &mut usize) -> Result<Element, Malformed> {
    let mut element = Element { name: start.local_name().as_ref().to_owned(), line, ..Element::default() };
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Malformed)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Malformed)?;
        element.attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        *parts += 1;
    }
    *parts += 1;
    Ok(element)
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_lines_text_and_attributes() {
        let root = read("<?xml version=\"1.0\"?>\n<!-- x -->\n<a:p xmlns:a=\"u\">\n <b X='1 &lt; 2'/>\n <c>\n  a&amp;b<!-- no -->&#99;<![CDATA[<d>]]>\n </c></a:p>").unwrap();
        assert_eq!((root.name.as_str(), root.line), ("p", 3));
        assert_eq!(root.child("b").map(|b| (b.line, b.attribute("x"))), Some((4, Some("1 < 2"))));
        assert_eq!(root.child("c").map(|c| (c.line, c.text())), Some((5, Some("a&bc<d>"))));
        assert!(root.text().is_none());
    }

    #[test]
    fn what_is_no_document_or_a_bomb_is_refused_without_harm() {
        for text in ["", "nothing", "<a>", "<a></b>", "</a>", "<a", "<a b=></a>", "<a b='&x;'/>"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"<a>".repeat(1_000_000)).is_err());
        assert!(read(&format!("<r>{}</r>", "<a/>".repeat(MOST_PARTS))).is_err());
        let bomb = "<!DOCTYPE a [<!ENTITY x \"yyyyyyyyyy\"><!ENTITY z \"&x;&x;&x;\">]><a>&z;&z;</a>";
        assert_eq!(read(bomb).unwrap().text(), None);
    }
}
