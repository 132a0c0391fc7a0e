//! The deployed table page by page, for copies of it and for putting one back.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynoxide::AttributeValue as Wire;
use futures_util::future::try_join_all;
use serde_json::Value;

use super::{Aws, call};
use crate::dynamo::Page;

impl Aws {
    /// A page of the whole table, from its beginning or after the key where the last one ended.
    ///
    /// # Errors
    ///
    /// If AWS refuses or does not answer. Only an operator may read a whole table: the functions'
    /// roles may not.
    pub async fn scan(&self, after: Option<&Value>) -> anyhow::Result<Page> {
        let table = &self.stack.table;
        let start = after.map(item_of).transpose()?;
        let answer = self.dynamodb().scan().table_name(table).set_exclusive_start_key(start).send().await;
        let answer = answer.map_err(|error| call::trouble("dynamodb:Scan", table, &error))?;
        let next = answer.last_evaluated_key.map(json_of).transpose()?;
        let items = answer.items.unwrap_or_default().into_iter().map(json_of);
        Ok(Page { items: items.collect::<anyhow::Result<_>>()?, next })
    }

    /// Puts items, all at the same time, in place of any that were there.
    ///
    /// # Errors
    ///
    /// As [`Aws::scan`]; any number of them may be there then.
    pub async fn put_all(&self, items: &[Value]) -> anyhow::Result<()> {
        let (client, table) = (self.dynamodb(), &self.stack.table);
        let puts = items.iter().map(async |item| -> anyhow::Result<()> {
            let put = client.put_item().table_name(table).set_item(Some(item_of(item)?)).send().await;
            put.map(drop).map_err(|error| call::trouble("dynamodb:PutItem", table, &error))
        });
        try_join_all(puts).await.map(drop)
    }
}

/// An item of the SDK's in DynamoDB's JSON.
fn json_of(item: HashMap<String, AttributeValue>) -> anyhow::Result<Value> {
    Ok(serde_json::to_value(wires_of(item)?)?)
}

/// The other way.
fn item_of(json: &Value) -> anyhow::Result<HashMap<String, AttributeValue>> {
    let wire: HashMap<String, Wire> = serde_json::from_value(json.clone())?;
    Ok(wire.into_iter().map(|(name, value)| (name, sdk_of(value))).collect())
}

fn wire_of(value: AttributeValue) -> anyhow::Result<Wire> {
    Ok(match value {
        AttributeValue::S(text) => Wire::S(text),
        AttributeValue::N(number) => Wire::N(number),
        AttributeValue::B(bytes) => Wire::B(bytes.into_inner()),
        AttributeValue::Bool(truth) => Wire::BOOL(truth),
        AttributeValue::Null(null) => Wire::NULL(null),
        AttributeValue::Ss(texts) => Wire::SS(texts),
        AttributeValue::Ns(numbers) => Wire::NS(numbers),
        AttributeValue::Bs(list) => Wire::BS(list.into_iter().map(Blob::into_inner).collect()),
        AttributeValue::L(list) => Wire::L(list.into_iter().map(wire_of).collect::<anyhow::Result<_>>()?),
        AttributeValue::M(map) => Wire::M(wires_of(map)?),
        _ => anyhow::bail!("an attribute is of a type that DynamoDB did not have when this was written"),
    })
}

fn wires_of(map: HashMap<String, AttributeValue>) -> anyhow::Result<HashMap<String, Wire>> {
    map.into_iter().map(|(name, value)| Ok((name, wire_of(value)?))).collect()
}

fn sdk_of(value: Wire) -> AttributeValue {
    match value {
        Wire::S(text) => AttributeValue::S(text),
        Wire::N(number) => AttributeValue::N(number),
        Wire::B(bytes) => AttributeValue::B(Blob::new(bytes)),
        Wire::BOOL(truth) => AttributeValue::Bool(truth),
        Wire::NULL(null) => AttributeValue::Null(null),
        Wire::SS(texts) => AttributeValue::Ss(texts),
        Wire::NS(numbers) => AttributeValue::Ns(numbers),
        Wire::BS(list) => AttributeValue::Bs(list.into_iter().map(Blob::new).collect()),
        Wire::L(list) => AttributeValue::L(list.into_iter().map(sdk_of).collect()),
        Wire::M(map) => {
            AttributeValue::M(map.into_iter().map(|(name, value)| (name, sdk_of(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_comes_back_from_the_sdk_as_it_went_in() {
        let item = json!({"pk": {"S": "ORDERS#A1#3"}, "n": {"N": "1.50"}, "yes": {"BOOL": true}, "none": {"NULL": true},
            "b": {"B": "AAE="}, "list": {"L": [{"S": "a"}, {"M": {"x": {"N": "1"}}}]}, "set": {"SS": ["a", "b"]},
            "numbers": {"NS": ["1", "2"]}, "blobs": {"BS": ["AA=="]}});
        assert_eq!(json_of(item_of(&item).expect("an item")).expect("JSON"), item);
    }
}
