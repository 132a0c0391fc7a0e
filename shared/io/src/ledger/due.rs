//! The index of the work that is owed.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use super::item::{schema, seconds};
use super::{Error, Ledger};

impl Ledger {
    /// At most `limit` rows of one kind of work that were due at `now`, the longest due first, each
    /// with since when and what follows the time. The index follows the table with a delay.
    pub(super) async fn due_rows(
        &self,
        doing: &'static str,
        pk: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, String)>, Error> {
        let row = |text: &str| {
            let (at, rest) = text.split_once('#')?;
            Some((at.parse().ok()?, rest.to_owned()))
        };
        let mut rows = Vec::new();
        let mut start = None;
        while rows.len() < limit {
            let answer = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(schema::DUE_INDEX)
                .key_condition_expression("due_pk = :pk AND due_sk <= :now")
                .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
                // '~' sorts after every character of a row's text.
                .expression_attribute_values(":now", AttributeValue::S(format!("{}#~", seconds(now))))
                .limit(i32::try_from(limit - rows.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(Error::table(doing))?;
            for item in answer.items() {
                let text = item.get(schema::DUE_SK).and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
                rows.push(row(text).ok_or_else(|| not_a_row(pk, text))?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(rows)
    }
}

/// What stands in the index under another form than its own.
pub(super) fn not_a_row(pk: &str, text: &str) -> Error {
    Error::Unreadable { key: format!("{pk}/{text}"), problem: "it is not a row of the due index".to_owned() }
}
