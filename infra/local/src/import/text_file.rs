//! The text of a file, in pieces; unpacked and decoded on the way.

use std::io::{self, Read};

use renown_core::reports::{Decoded, TextDecoder};

use super::error::ImportError;
use super::look::Source;

/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// A file being read as text.
pub(super) struct Text<'a> {
    source: &'a Source,
    bytes: Box<dyn Read + 'a>,
    decode: Option<TextDecoder>,
    decoded: Option<Decoded>,
    buffer: Vec<u8>,
}

impl<'a> Text<'a> {
    /// From the beginning of the file.
    pub(super) fn open(source: &'a Source) -> Result<Self, ImportError> {
        let decode = Some(TextDecoder::of(source.charset()));
        Ok(Self { source, bytes: source.bytes()?, decode, decoded: None, buffer: vec![0; PIECE] })
    }

    /// The next piece; `None` at the end, when [`Text::decoded`] says what came of it.
    pub(super) fn next(&mut self) -> Result<Option<String>, ImportError> {
        loop {
            let Some(decode) = &mut self.decode else { return Ok(None) };
            let mut text = String::new();
            let n = match self.bytes.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read.map_err(|error| self.source.unreadable(error))?,
            };
            if n == 0 {
                self.decoded = self.decode.take().map(|decode| decode.finish(&mut text));
            } else {
                decode.push(&self.buffer[..n], &mut text);
            }
            if !text.is_empty() {
                return Ok(Some(text));
            }
        }
    }

    /// The charset and what could not be read in it; `None` before the end.
    pub(super) fn decoded(&self) -> Option<&Decoded> {
        self.decoded.as_ref()
    }
}

/// The text as bytes of UTF-8, for readers that ask for such. Every line ends with a line feed,
/// the last one included, so that lines can be counted; between two refills no more than a
/// budget is given.
pub(super) struct Utf8<'a> {
    text: Text<'a>,
    piece: Vec<u8>,
    at: usize,
    lines: LineEnds,
    budget: usize,
    failure: Option<ImportError>,
}

impl<'a> Utf8<'a> {
    pub(super) fn open(source: &'a Source) -> Result<Self, ImportError> {
        let text = Text::open(source)?;
        Ok(Self {
            text,
            piece: Vec::new(),
            at: 0,
            lines: LineEnds::default(),
            budget: usize::MAX,
            failure: None,
        })
    }

    /// Lets another `budget` bytes through.
    pub(super) fn refill(&mut self, budget: usize) {
        self.budget = budget;
    }

    /// Whether the budget is used up.
    pub(super) fn is_spent(&self) -> bool {
        self.budget == 0
    }

    /// Why reading failed, if the file did it.
    pub(super) fn take_failure(&mut self) -> Option<ImportError> {
        self.failure.take()
    }

    pub(super) fn decoded(&self) -> Option<&Decoded> {
        self.text.decoded()
    }
}

impl Read for Utf8<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // A loop: nothing is left of a piece that is the second half of a line break.
        while self.at == self.piece.len() {
            let piece = match self.text.next() {
                Ok(Some(text)) => Some(self.lines.unified(text)),
                Ok(None) => self.lines.missing(),
                Err(error) => {
                    self.failure = Some(error);
                    return Err(io::Error::other("the file cannot be read"));
                }
            };
            let Some(piece) = piece else { return Ok(0) };
            (self.piece, self.at) = (piece, 0);
        }
        let rest = &self.piece[self.at..];
        let n = rest.len().min(into.len()).min(self.budget);
        if n == 0 && !into.is_empty() {
            return Err(io::Error::other("the budget is used up"));
        }
        into[..n].copy_from_slice(&rest[..n]);
        self.at += n;
        self.budget -= n;
        Ok(n)
    }
}

/// Turns all line breaks into line feeds.
#[derive(Default)]
struct LineEnds {
    /// The last character was a carriage return, whose line feed may be still to come.
    after_return: bool,
    /// The last line has no end yet.
    is_open: bool,
}

impl LineEnds {
    fn unified(&mut self, text: String) -> Vec<u8> {
        let mut bytes = text.into_bytes();
        bytes.retain_mut(|byte| {
            let is_second = *byte == b'\n' && self.after_return;
            self.after_return = *byte == b'\r';
            if self.after_return {
                *byte = b'\n';
            }
            !is_second
        });
        if let Some(last) = bytes.last() {
            self.is_open = *last != b'\n';
        }
        bytes
    }

    /// The end of the last line, if the file has left it out.
    fn missing(&mut self) -> Option<Vec<u8>> {
        std::mem::take(&mut self.is_open).then(|| vec![b'\n'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_break_becomes_a_line_feed_however_the_text_is_cut() {
        for (pieces, expected, is_open) in [
            (&["a\r\nb\nc\rd"][..], "a\nb\nc\nd", true),
            (&["a\r", "\nb\r", "\r\n"], "a\nb\n\n", false),
            (&["a", "\r\n", ""], "a\n", false),
            (&[], "", false),
        ] {
            let mut lines = LineEnds::default();
            let all: Vec<u8> = pieces.iter().flat_map(|piece| lines.unified((*piece).to_owned())).collect();
            assert_eq!(String::from_utf8_lossy(&all), expected);
            assert_eq!(lines.missing().is_some(), is_open);
            assert_eq!(lines.missing(), None);
        }
    }
}
