//! The content of a report, piece by piece.
//!
//! Amazon's rules forbid plain report content on disk, even for a moment. So the bytes go from
//! the connection through inflation and decoding to the reader, and no more than one piece is
//! ever held: memory stays constant whatever the report's length.

use std::io::Write as _;

use aws_smithy_types::body::SdkBody;
use bytes::{Buf as _, Bytes};
use flate2::write::MultiGzDecoder;
use http::{StatusCode, header};
use renown_core::reports::{Charset, Decoded, TextDecoder};
use tokio::time::Instant;

use super::errors::Error;
use super::operation::Operation;
use super::reports::Document;
use super::transport::next_piece;
use super::{POST_TIMEOUT, SpApi};

/// Largest document, inflated. A year of a very large seller's orders stays under it; what is
/// larger is a mistake or an attack.
const MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// How many compressed bytes are inflated at once. DEFLATE grows a thousandfold at most, so
/// one step yields at most 4 MiB.
const INFLATE_STEP: usize = 4 * 1024;

/// A report on its way.
#[derive(Debug)]
pub struct Download {
    body: SdkBody,
    inflate: Option<MultiGzDecoder<Vec<u8>>>,
    decode: Option<TextDecoder>,
    decoded: Option<Decoded>,
    /// Bytes that have come and are not inflated yet.
    waiting: Bytes,
    n_bytes: u64,
    deadline: Option<Instant>,
}

impl SpApi {
    /// Begins to fetch a document. `fallback` is the charset of a file that names none and is
    /// not UTF-8; see [`Charset::customary_in`].
    pub async fn download(&self, document: &Document, fallback: Charset) -> Result<Download, Error> {
        let operation = Operation::GetReportDocument;
        let bad_address = |message: &str| Error::Invalid { operation, message: message.to_owned() };
        let uri: http::Uri =
            document.url.expose().parse().map_err(|_| bad_address("the document's address is not a URL"))?;
        if !self.shared.endpoints.may_fetch(&uri) {
            return Err(bad_address("the document's address is without TLS"));
        }
        // No access token: the address is signed, and its host is not the API's.
        let request = http::Request::get(uri)
            .body(SdkBody::empty())
            .map_err(|_| bad_address("the document's address makes no request"))?;
        let limit = self.time_for(POST_TIMEOUT);
        let response =
            self.shared.transport.open(request, limit).await.map_err(|failure| failure.of(operation))?;
        match response.status() {
            StatusCode::OK => {}
            // The store's word for an address that has run out; another one can be had.
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
                let message = "the document's address is no longer valid".to_owned();
                return Err(Error::NotFound { operation, message });
            }
            status => {
                return Err(Error::Unclear {
                    operation,
                    why: format!("the document's store answers {}", status.as_u16()),
                });
            }
        }
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let decode = TextDecoder::for_content_type(content_type, fallback);
        Ok(Download {
            inflate: document.gzip.then(|| MultiGzDecoder::new(Vec::new())),
            decode: Some(decode),
            decoded: None,
            waiting: Bytes::new(),
            n_bytes: 0,
            deadline: self.deadline,
            body: response.into_body(),
        })
    }
}

impl Download {
    /// The next piece of text; `None` at the end, when [`Download::decoded`] says what came of
    /// it. After an error the rest is lost: fetch the document again.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        loop {
            let Some(decode) = &mut self.decode else {
                return Ok(None);
            };
            let mut text = String::new();
            if self.waiting.is_empty() {
                if let Some(bytes) = fetch(&mut self.body, self.deadline).await? {
                    self.waiting = bytes;
                } else {
                    let rest = self.inflate.take().map_or_else(|| Ok(Vec::new()), end_of_inflation)?;
                    self.n_bytes = counted(self.n_bytes, rest.len())?;
                    decode.push(&rest, &mut text);
                    self.decoded = self.decode.take().map(|decode| decode.finish(&mut text));
                }
            }
            if let Some(decode) = &mut self.decode {
                let plain = match &mut self.inflate {
                    None => std::mem::take(&mut self.waiting),
                    Some(inflate) => inflate_step(inflate, &mut self.waiting)?,
                };
                self.n_bytes = counted(self.n_bytes, plain.len())?;
                decode.push(&plain, &mut text);
            }
            if !text.is_empty() {
                return Ok(Some(text));
            }
        }
    }

    /// The charset that was found and what could not be read in it; `None` before the end.
    pub fn decoded(&self) -> Option<&Decoded> {
        self.decoded.as_ref()
    }
}

fn unclear(why: String) -> Error {
    Error::Unclear { operation: Operation::GetReportDocument, why }
}

async fn fetch(body: &mut SdkBody, deadline: Option<Instant>) -> Result<Option<Bytes>, Error> {
    let end = Instant::now() + POST_TIMEOUT;
    let end = deadline.map_or(end, |deadline| end.min(deadline));
    match tokio::time::timeout_at(end, next_piece(body)).await {
        Err(_) => Err(unclear("the next piece of the document did not come in time".to_owned())),
        Ok(None) => Ok(None),
        Ok(Some(piece)) => piece.map(Some).map_err(unclear),
    }
}

fn inflate_step(inflate: &mut MultiGzDecoder<Vec<u8>>, waiting: &mut Bytes) -> Result<Bytes, Error> {
    let step = waiting.len().min(INFLATE_STEP);
    inflate
        .write_all(&waiting[..step])
        .map_err(|error| unclear(format!("the document is not whole gzip: {error}")))?;
    waiting.advance(step);
    Ok(std::mem::take(inflate.get_mut()).into())
}

fn end_of_inflation(mut inflate: MultiGzDecoder<Vec<u8>>) -> Result<Vec<u8>, Error> {
    inflate
        .try_finish()
        .map_err(|error| unclear(format!("the compressed document ends too early: {error}")))?;
    Ok(std::mem::take(inflate.get_mut()))
}

fn counted(so_far: u64, more: usize) -> Result<u64, Error> {
    let total = so_far.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
    if total > MAX_BYTES {
        let message = format!("the document is larger than {} GiB; ask for a shorter span", MAX_BYTES >> 30);
        return Err(Error::Invalid { operation: Operation::GetReportDocument, message });
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;
    use crate::spapi::fake::{Fake, Reply};
    use proptest::prelude::*;
    use std::time::Duration;

    fn document(gzip: bool) -> Document {
        Document { url: Secret::new("http://127.0.0.1:8480/documents/1?signature=CANARY"), gzip }
    }

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).expect("memory");
        writer.finish().expect("memory")
    }

    async fn read(reply: Reply, gzip: bool, fallback: Charset) -> Result<(String, Decoded, usize), Error> {
        let fake = Fake::new(move |_| reply.clone());
        let mut download = fake.api().download(&document(gzip), fallback).await?;
        let (mut text, mut largest) = (String::new(), 0);
        while let Some(piece) = download.next().await? {
            largest = largest.max(piece.len());
            text.push_str(&piece);
        }
        assert_eq!(download.next().await, Ok(None), "the end stays the end");
        let seen = &fake.calls()[0];
        assert_eq!(seen.header("x-amz-access-token"), "", "a signed address gets no token");
        Ok((text, download.decoded().expect("at the end").clone(), largest))
    }

    #[tokio::test(start_paused = true)]
    async fn the_charset_of_the_content_type_is_used() {
        let reply = Reply::pieces(200, vec![b"K\xF6l".to_vec(), b"n".to_vec()])
            .with("content-type", "text/plain;charset=Cp1252");
        let (text, decoded, _) = read(reply, false, Charset::SHIFT_JIS).await.expect("readable");
        assert_eq!((text.as_str(), decoded.charset), ("Köln", Some(Charset::WINDOWS_1252)));
        let chinese = Reply::pieces(200, vec![b"\xC4\xA3\xBE\xDF".to_vec()]);
        let (text, decoded, _) = read(chinese, false, Charset::GB18030).await.expect("readable");
        assert_eq!((text.as_str(), decoded.charset), ("模具", Some(Charset::GB18030)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_compressed_report_is_inflated_in_bounded_pieces() {
        let plain = "amazon-order-id\tKöln\n".repeat(1_000_000);
        let packed = gzipped(plain.as_bytes());
        assert!(packed.len() > 2 * INFLATE_STEP);
        let (text, _, largest) =
            read(Reply::pieces(200, vec![packed]), true, Charset::WINDOWS_1252).await.expect("readable");
        assert!(text == plain, "the text came through");
        assert!(largest <= 1040 * INFLATE_STEP, "{largest}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_report_that_ends_too_early_is_no_report() {
        let packed = gzipped("line\n".repeat(1000).as_bytes());
        for reply in [
            Reply::pieces(200, vec![packed[..packed.len() - 9].to_vec()]),
            Reply::pieces(200, vec![packed[..20].to_vec()]).cut(),
            Reply::pieces(200, vec![b"plain text".to_vec()]),
        ] {
            let error = read(reply, true, Charset::UTF_8).await.expect_err("not whole");
            assert!(matches!(error, Error::Unclear { .. }), "{error:?}");
        }
        let error = read(Reply::pieces(200, vec![b"half a li".to_vec()]).cut(), false, Charset::UTF_8)
            .await
            .expect_err("cut");
        assert!(matches!(error, Error::Unclear { .. }), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_ran_out_can_be_asked_for_again_and_is_never_shown() {
        for (status, expected) in [(403, "NotFound"), (404, "NotFound"), (503, "Unclear")] {
            let error = read(Reply::json(status, "<Error>CANARY</Error>"), false, Charset::UTF_8)
                .await
                .expect_err("none");
            let shown = format!("{error:?} {error}");
            assert!(shown.starts_with(expected) && !shown.contains("CANARY"), "{shown}");
        }
        let fake = Fake::new(|_| Reply::Stall);
        let elsewhere = Document { url: Secret::new("http://example.com/CANARY"), gzip: false };
        let error = fake.api().download(&elsewhere, Charset::UTF_8).await.expect_err("without TLS");
        assert!(matches!(&error, Error::Invalid { .. }) && !error.to_string().contains("CANARY"), "{error}");
        assert!(fake.calls().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_stalls_is_given_up() {
        let start = Instant::now();
        let error = read(Reply::Stall, false, Charset::UTF_8).await.expect_err("no answer");
        assert!(matches!(error, Error::Unclear { .. }), "{error:?}");
        assert_eq!(start.elapsed(), POST_TIMEOUT);
        assert!(start.elapsed() > Duration::ZERO);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_text_does_not_depend_on_how_the_connection_cuts_it(
            text in "[a-z\t\n\u{fc}\u{597d}]{0,200}",
            gzip in any::<bool>(),
            sizes in proptest::collection::vec(1_usize..60, 1..20),
        ) {
            let bytes = if gzip { gzipped(text.as_bytes()) } else { text.clone().into_bytes() };
            let (mut pieces, mut rest) = (Vec::new(), bytes.as_slice());
            for size in sizes.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, tail) = rest.split_at((*size).min(rest.len()));
                pieces.push(piece.to_vec());
                rest = tail;
            }
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
            let (got, decoded, _) = runtime.block_on(read(Reply::pieces(200, pieces), gzip, Charset::WINDOWS_1252)).expect("readable");
            prop_assert_eq!(got, text);
            prop_assert_eq!(decoded.malformed.count, 0);
        }
    }
}
