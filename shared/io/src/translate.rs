//! Buyers' words in the team's language, by Amazon Translate, where the team's settings ask for it.
//!
//! What is sent has no way to reach anybody in it. A translation is an aid: without one the words stand
//! as they are, and nothing waits for it longer than one attempt takes.

use aws_sdk_translate::Client;
use aws_sdk_translate::error::DisplayErrorContext;
use renown_core::lint::without_contacts;
use renown_core::text::Language;

/// Who translates.
#[derive(Debug, Clone)]
pub enum Translator {
    /// Amazon Translate. Its client makes one attempt, within a short time.
    Amazon(Client),
    /// Nobody.
    Nobody,
}

impl Translator {
    /// Words in another language; `None`: nobody translates, or it came to nothing, which is logged.
    pub async fn translate(&self, words: &str, from: Language, to: Language) -> Option<String> {
        let Self::Amazon(client) = self else { return None };
        let scrubbed = without_contacts(words);
        if from == to || scrubbed.trim().is_empty() {
            return None;
        }
        let call = client
            .translate_text()
            .source_language_code(from.code())
            .target_language_code(to.code())
            .text(scrubbed);
        match call.send().await {
            Ok(reply) => Some(reply.translated_text).filter(|text| !text.trim().is_empty()),
            Err(error) => {
                let error = DisplayErrorContext(&error);
                tracing::warn!(error = %error, "words are not translated; the function needs the right translate:TranslateText, and a region where Amazon Translate is");
                None
            }
        }
    }
}
