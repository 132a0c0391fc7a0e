//! The form of items: keys, version, and the conditional write under every verb.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put as TransactPut, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Ledger};

/// The version of the items that this code writes and reads, their attribute `v`. Counters and
/// leases have none.
pub const ITEM_VERSION: u32 = 1;

pub(super) type Item = HashMap<String, AttributeValue>;

/// Names of the table's attributes, for whoever creates it.
pub mod schema {
    /// Partition key, a string.
    pub const PK: &str = "pk";
    /// Sort key, a string.
    pub const SK: &str = "sk";
    /// Index of the work that is owed; keys only, sparse.
    pub const DUE_INDEX: &str = "due";
    /// Its partition key, a string.
    pub const DUE_PK: &str = "due_pk";
    /// Its sort key, a string.
    pub const DUE_SK: &str = "due_sk";
    /// Time to live, seconds since 1970.
    pub const EXPIRES_AT: &str = "expires_at";
}

/// Where an item lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl Key {
    pub(super) fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    pub(super) fn attributes(&self) -> Item {
        HashMap::from([
            (schema::PK.to_owned(), AttributeValue::S(self.pk.clone())),
            (schema::SK.to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.pk, self.sk)
    }
}

/// Whole seconds, so that a row of the due index sorts as the time does.
pub(super) fn seconds(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// How fresh a read must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Every write that was answered before is seen. Costs twice as much.
    Latest,
    /// The last writes may be missing; a conditional write finds out.
    Eventual,
}

/// What an item holds, with its revision.
#[derive(Debug, Clone)]
pub(super) struct Versioned<T> {
    pub(super) body: T,
    /// Counts the writes of the item.
    pub(super) revision: u64,
    /// Who wrote it last.
    write_id: String,
}

/// What became of a conditional write.
#[derive(Debug)]
pub(super) enum Put<T> {
    /// Written; with the new revision.
    Done(u64),
    /// Somebody else wrote before: this is there now.
    Lost(Option<Versioned<T>>),
}

/// What goes beside the body.
#[derive(Debug, Default)]
pub(super) struct Extra {
    pub(super) due: Option<(String, String)>,
    pub(super) expires_at: Option<Timestamp>,
}

/// Reads an item.
///
/// # Errors
///
/// [`Error::Unreadable`] for another version, or a body that does not fit.
pub(super) fn read<T: DeserializeOwned>(item: &Item) -> Result<Versioned<T>, Error> {
    let text = |name| item.get(name).and_then(|v| v.as_s().ok()).cloned().unwrap_or_default();
    let number = |name| item.get(name).and_then(|v| v.as_n().ok()).and_then(|n| n.parse::<u64>().ok());
    let unreadable = |problem: String| Error::Unreadable {
        key: Key::new(text(schema::PK), text(schema::SK)).to_string(),
        problem,
    };
    if number("v") != Some(u64::from(ITEM_VERSION)) {
        return Err(unreadable(format!("its version is not {ITEM_VERSION}: a newer Renown wrote it")));
    }
    let revision = number("rev").ok_or_else(|| unreadable("it has no revision".to_owned()))?;
    let body = item.get("body").cloned().ok_or_else(|| unreadable("it has no body".to_owned()))?;
    let body = serde_dynamo::from_attribute_value(body).map_err(|e| unreadable(e.to_string()))?;
    Ok(Versioned { body, revision, write_id: text("w") })
}

impl Ledger {
    /// Deletes an item, whatever is in it; that it is gone already is no error.
    pub(super) async fn delete(&self, doing: &'static str, key: &Key) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).set_key(Some(key.attributes()));
        delete.send().await.map_err(Error::table(doing))?;
        Ok(())
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        key: &Key,
        freshness: Freshness,
    ) -> Result<Option<Versioned<T>>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(freshness == Freshness::Latest)
            .send()
            .await
            .map_err(Error::table("reading an item"))?;
        answer.item.as_ref().map(read).transpose()
    }

    /// The items of a partition, or of a range of its sort keys, in their order.
    pub(super) async fn partition(
        &self,
        operation: &'static str,
        pk: &str,
        range: Option<(String, String)>,
        freshness: Freshness,
    ) -> Result<Vec<Item>, Error> {
        let query = self.partition_query(pk, range, freshness);
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let page =
                query.clone().set_exclusive_start_key(start).send().await.map_err(Error::table(operation))?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }

    /// The query of a partition, to be sent page by page.
    pub(super) fn partition_query(
        &self,
        pk: &str,
        range: Option<(String, String)>,
        freshness: Freshness,
    ) -> QueryFluentBuilder {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(freshness == Freshness::Latest)
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        match range {
            None => query.key_condition_expression("pk = :pk"),
            Some((from, to)) => query
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":from", AttributeValue::S(from))
                .expression_attribute_values(":to", AttributeValue::S(to)),
        }
    }

    /// An item as it is written: whole, with its version, revision and writer.
    fn whole<T: Serialize>(
        &self,
        key: &Key,
        body: &T,
        revision: u64,
        extra: Extra,
    ) -> Result<(Item, String), Error> {
        let body = serde_dynamo::to_attribute_value(body)
            .map_err(|e| Error::Unreadable { key: key.to_string(), problem: e.to_string() })?;
        let write_id = self.write_id();
        let mut item = key.attributes();
        let mut set = |name: &str, value| item.insert(name.to_owned(), value);
        set("v", AttributeValue::N(ITEM_VERSION.to_string()));
        set("rev", AttributeValue::N(revision.to_string()));
        set("w", AttributeValue::S(write_id.clone()));
        set("body", body);
        if let Some((pk, sk)) = extra.due {
            set(schema::DUE_PK, AttributeValue::S(pk));
            set(schema::DUE_SK, AttributeValue::S(sk));
        }
        if let Some(at) = extra.expires_at {
            set(schema::EXPIRES_AT, AttributeValue::N(at.as_second().to_string()));
        }
        Ok((item, write_id))
    }

    /// Writes an item whole, if it is still at `expected` (`None`: if there is none yet).
    pub(super) async fn put<T: Serialize + DeserializeOwned>(
        &self,
        key: &Key,
        body: &T,
        expected: Option<u64>,
        extra: Extra,
    ) -> Result<Put<T>, Error> {
        let revision = expected.unwrap_or(0) + 1;
        let (item, write_id) = self.whole(key, body, revision, extra)?;
        let mut put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        put = match expected {
            None => put.condition_expression(NOT_THERE),
            Some(expected) => put
                .condition_expression(UNCHANGED)
                .expression_attribute_values(":rev", AttributeValue::N(expected.to_string())),
        };
        let Err(error) = put.send().await else { return Ok(Put::Done(revision)) };
        let Some(PutItemError::ConditionalCheckFailedException(lost)) = error.as_service_error() else {
            return Err(Error::table("writing an item")(error));
        };
        match lost.item().map(read::<T>).transpose()? {
            // Our own write, repeated by the network after its reply was lost.
            Some(there) if there.write_id == write_id => Ok(Put::Done(revision)),
            there => Ok(Put::Lost(there)),
        }
    }

    /// Writes several items whole, all of them or none: each if it is still at its revision.
    /// `false`: somebody else wrote one of them. A repeat by the network is known by the token
    /// that the SDK sends with the request.
    pub(super) async fn put_all(&self, writes: Vec<Write>) -> Result<bool, Error> {
        let mut all = Vec::with_capacity(writes.len());
        for Write { item, expected } in writes {
            let put = TransactPut::builder().table_name(&self.table).set_item(Some(item));
            let put = match expected {
                None => put.condition_expression(NOT_THERE),
                Some(expected) => put
                    .condition_expression(UNCHANGED)
                    .expression_attribute_values(":rev", AttributeValue::N(expected.to_string())),
            };
            let put = put.build().expect("table and item are set: the lines above");
            all.push(TransactWriteItem::builder().put(put).build());
        }
        let Err(error) = self.client.transact_write_items().set_transact_items(Some(all)).send().await else {
            return Ok(true);
        };
        match error.as_service_error() {
            // Cancelled by a condition, or because another transaction was under way on one of
            // the items: either way it is to be read and decided again.
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
                if cancelled.cancellation_reasons().iter().any(|reason| {
                    matches!(reason.code(), Some("ConditionalCheckFailed" | "TransactionConflict"))
                }) =>
            {
                Ok(false)
            }
            _ => Err(Error::table("writing items together")(error)),
        }
    }

    /// One item of [`Ledger::put_all`].
    pub(super) fn write<T: Serialize>(
        &self,
        key: &Key,
        body: &T,
        expected: Option<u64>,
        extra: Extra,
    ) -> Result<Write, Error> {
        let (item, _) = self.whole(key, body, expected.unwrap_or(0) + 1, extra)?;
        Ok(Write { item, expected })
    }
}

/// An item to be written with others.
#[derive(Debug)]
pub(super) struct Write {
    item: Item,
    expected: Option<u64>,
}

/// There is no such item yet.
const NOT_THERE: &str = "attribute_not_exists(pk)";
/// Nobody wrote the item since it was read.
const UNCHANGED: &str = "rev = :rev";
