//! Lists of `name=value;`, the form of DKIM's and DMARC's records.

/// The tags of a record in their order, names in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tags(Vec<(String, String)>);

impl Tags {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// With the piece that is no `name=value`, or whose name stands twice.
    pub(super) fn read(record: &str) -> Result<Self, String> {
        let mut tags = Vec::<(String, String)>::new();
        for piece in record.split(';').map(str::trim).filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').ok_or(piece)?;
            let name = name.trim().to_ascii_lowercase();
            if name.is_empty() || tags.iter().any(|(known, _)| *known == name) {
                return Err(piece.to_owned());
            }
            tags.push((name, value.trim().to_owned()));
        }
        Ok(Self(tags))
    }

    /// The value of a tag.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same record with another value of a tag; a new one comes last.
    #[must_use]
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut tags = self.0.clone();
        match tags.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => tags.push((name.to_owned(), value.to_owned())),
        }
        Self(tags)
    }

    /// The record as it is written.
    pub(super) fn written(&self) -> String {
        let pieces: Vec<_> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pieces.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_changed_and_written_again() {
        let tags = Tags::read(" v=DMARC1 ;P = none; ").expect("readable");
        assert_eq!((tags.get("p"), tags.get("rua")), (Some("none"), None));
        let changed = tags.with("p", "reject").with("rua", "mailto:a@b.example");
        assert_eq!(changed.written(), "v=DMARC1; p=reject; rua=mailto:a@b.example");
        assert_eq!(Tags::read("v=DMARC1; none"), Err("none".to_owned()));
        assert_eq!(Tags::read("p=none; p=reject"), Err("p=reject".to_owned()));
    }
}
