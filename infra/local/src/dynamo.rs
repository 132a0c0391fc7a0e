//! DynamoDB inside the process: the ordinary SDK client over an embedded engine (`SQLite`).
//!
//! Requests go from the SDK's own HTTP port straight to the engine. There is no socket, so
//! nothing else on the machine can reach the table, and under a paused runtime time may jump
//! whenever nothing is in flight.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use dynoxide::actions::put_item::{PutItemRequest, PutItemResponse};
use dynoxide::{AttributeValue, Database, DynoxideError};
use renown_io::ledger::schema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The name of the table.
pub const TABLE: &str = "renown";

/// An embedded DynamoDB.
#[derive(Clone)]
pub struct Dynamo {
    database: Database,
    units: Arc<Mutex<Option<Units>>>,
    written: Arc<Mutex<Option<Vec<Written>>>>,
}

impl std::fmt::Debug for Dynamo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dynamo").finish_non_exhaustive()
    }
}

/// Items of one page of the whole table.
const PAGE: u32 = 500;

/// A page of the whole table.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// The items, as DynamoDB's JSON writes them.
    #[serde(rename = "Items")]
    pub items: Vec<Value>,
    /// Where the next page begins; `None`: this was the last one.
    #[serde(rename = "LastEvaluatedKey")]
    pub next: Option<Value>,
}

/// The key of an item that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

/// Request units consumed, as the engine answers them (table and index).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Units {
    /// Read request units.
    pub read: f64,
    /// Write request units.
    pub write: f64,
    /// Those among `read` that no single order causes: permissions, settings, counters.
    pub shared_read: f64,
    /// Those among `write` that no single order causes: leases, counters.
    pub shared_write: f64,
}

impl Dynamo {
    /// One that lives as long as the process.
    ///
    /// # Errors
    ///
    /// If `SQLite` cannot give memory.
    pub fn in_memory() -> Result<Self, DynoxideError> {
        Ok(Self::over(Database::memory()?))
    }

    /// One that lives in a file.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or is no database.
    pub fn in_file(path: &Path) -> Result<Self, DynoxideError> {
        Ok(Self::over(Database::new(&path.to_string_lossy())?))
    }

    fn over(database: Database) -> Self {
        Self { database, units: Arc::default(), written: Arc::default() }
    }

    /// From now on a write through this handle is answered before it has reached the disk, which
    /// saves nearly all of its time: for work that is simply done again if the power fails, such
    /// as an import. The table stays whole in any case, and a process that is killed loses
    /// nothing. Never where claims are written: a claim that is forgotten is a second call.
    ///
    /// # Errors
    ///
    /// If `SQLite` does not take the setting.
    pub fn answer_before_the_disk(&self) -> Result<(), DynoxideError> {
        // Named for its usual place, behind a bulk load; it sets `synchronous = NORMAL`, while a
        // file is opened with FULL. The bulk load's own OFF would risk the whole file.
        self.database.disable_bulk_loading()
    }

    /// Begins to count request units from zero.
    pub fn count_units(&self) {
        *self.units.lock().unwrap_or_else(PoisonError::into_inner) = Some(Units::default());
    }

    /// What was consumed since counting began; `None` if it never did.
    pub fn units(&self) -> Option<Units> {
        *self.units.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to note which items are put through this handle, as DynamoDB's streams would.
    pub fn note_writes(&self) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    /// Hands out the keys of the items put since the last call, in order, repeats included.
    pub fn take_writes(&self) -> Vec<Written> {
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// Puts an item, and notes its key once it is there.
    fn put(&self, request: PutItemRequest) -> dynoxide::Result<PutItemResponse> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |name: &str| match request.item.get(name) {
            Some(AttributeValue::S(text)) => text.clone(),
            _ => String::new(),
        };
        let note = written.as_mut().map(|list| (list, Written { pk: key(schema::PK), sk: key(schema::SK) }));
        let answer = self.database.put_item(request)?;
        if let Some((list, key)) = note {
            list.push(key);
        }
        Ok(answer)
    }

    /// A page of the whole table, from its beginning or after the key where the last one ended.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn scan(&self, after: Option<&Value>) -> Result<Page, DynoxideError> {
        let mut request = json!({"TableName": TABLE, "Limit": PAGE});
        if let Some(after) = after {
            request["ExclusiveStartKey"] = after.clone();
        }
        let answer = self.run("Scan", &request.to_string())?;
        serde_json::from_str(&answer).map_err(|e| DynoxideError::InternalServerError(e.to_string()))
    }

    /// Puts an item that is not there yet, as DynamoDB's JSON writes it.
    ///
    /// # Errors
    ///
    /// What the engine says; so if there is one of that key.
    pub fn put_new(&self, item: &Value) -> Result<(), DynoxideError> {
        let condition = format!("attribute_not_exists({})", schema::PK);
        let request = json!({"TableName": TABLE, "Item": item, "ConditionExpression": condition});
        self.run("PutItem", &request.to_string()).map(drop)
    }

    /// Writes without waiting for the disk, for a table that is thrown away if this process dies.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn hurry(&self) -> Result<(), DynoxideError> {
        self.database.enable_bulk_loading()
    }

    /// Writes the file anew, so that nothing that was deleted can still be read out of it.
    ///
    /// # Errors
    ///
    /// What the engine says; so if another process writes all the while.
    pub fn tidy(&self) -> Result<(), DynoxideError> {
        self.database.vacuum()
    }

    /// Runs one operation: its name, the JSON of its request → status and JSON of its answer.
    pub fn call(&self, operation: &str, body: &str) -> (u16, String) {
        let counting = self.units.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        let answer = if counting { self.counted(operation, body) } else { self.run(operation, body) };
        match answer {
            Ok(json) => (200, json),
            Err(error) => (error.status_code(), error.to_json()),
        }
    }

    fn counted(&self, operation: &str, body: &str) -> Result<String, DynoxideError> {
        let Ok(mut request) = serde_json::from_str::<Value>(body) else { return self.run(operation, body) };
        request["ReturnConsumedCapacity"] = Value::from("INDEXES");
        let is_write = matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem");
        let answer = self.run(operation, &request.to_string());
        let consumed = match &answer {
            Ok(json) => serde_json::from_str::<Value>(json)
                .map_or(0.0, |answer| capacity(&answer["ConsumedCapacity"])),
            // A write whose condition fails costs one unit; the engine's error does not say so.
            Err(_) if is_write => 1.0,
            Err(_) => 0.0,
        };
        if let Some(units) = self.units.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            *(if is_write { &mut units.write } else { &mut units.read }) += consumed;
            // Leases, settings, counters and permissions are paid once for all orders of a tick.
            if !(body.contains("ORDERS#") || body.contains("SOLICIT#")) || body.contains("\"LEASE\"") {
                *(if is_write { &mut units.shared_write } else { &mut units.shared_read }) += consumed;
            }
        }
        answer
    }

    fn run(&self, operation: &str, body: &str) -> Result<String, DynoxideError> {
        let db = &self.database;
        match operation {
            "GetItem" => run(body, |request| db.get_item(request)),
            "PutItem" => run(body, |request| self.put(request)),
            "UpdateItem" => run(body, |request| db.update_item(request)),
            "DeleteItem" => run(body, |request| db.delete_item(request)),
            "Query" => run(body, |request| db.query(request)),
            "Scan" => run(body, |request| db.scan(request)),
            "BatchGetItem" => run(body, |request| db.batch_get_item(request)),
            "TransactWriteItems" => run(body, |request| db.transact_write_items(request)),
            "CreateTable" => run(body, |request| db.create_table(request)),
            "DescribeTable" => run(body, |request| db.describe_table(request)),
            "UpdateTimeToLive" => run(body, |request| db.update_time_to_live(request)),
            other => Err(DynoxideError::ValidationException(format!("{other} is not used by Renown"))),
        }
    }

    /// The ordinary SDK client over this engine.
    pub fn client(&self) -> Client {
        client_over(http_client(self.clone()))
    }

    /// Creates Renown's table, if it is not there yet.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub async fn create_table(&self) -> anyhow::Result<()> {
        let string = |name: &str| {
            AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
        };
        let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
        let due = GlobalSecondaryIndex::builder()
            .index_name(schema::DUE_INDEX)
            .key_schema(key(schema::DUE_PK, KeyType::Hash)?)
            .key_schema(key(schema::DUE_SK, KeyType::Range)?)
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
            .build()?;
        let created = self
            .client()
            .create_table()
            .table_name(TABLE)
            .billing_mode(BillingMode::PayPerRequest)
            .attribute_definitions(string(schema::PK)?)
            .attribute_definitions(string(schema::SK)?)
            .attribute_definitions(string(schema::DUE_PK)?)
            .attribute_definitions(string(schema::DUE_SK)?)
            .key_schema(key(schema::PK, KeyType::Hash)?)
            .key_schema(key(schema::SK, KeyType::Range)?)
            .global_secondary_indexes(due)
            .send()
            .await;
        match created {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    body: &str,
    operation: impl FnOnce(Q) -> Result<A, DynoxideError>,
) -> Result<String, DynoxideError> {
    let request =
        serde_json::from_str(body).map_err(|e| DynoxideError::SerializationException(e.to_string()))?;
    let answer = operation(request)?;
    serde_json::to_string(&answer).map_err(|e| DynoxideError::InternalServerError(e.to_string()))
}

/// The units of one answer; a batch has one entry for each table.
fn capacity(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(capacity).sum(),
        one => one["CapacityUnits"].as_f64().unwrap_or(0.0),
    }
}

/// The SDK client over an HTTP client that answers for DynamoDB.
pub fn client_over(http: SharedHttpClient) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url("http://dynamodb.local")
        // Without jitter, so that a run with a seed repeats itself.
        .retry_config(RetryConfig::standard().with_use_static_exponential_base(true))
        .http_client(http)
        .build();
    Client::from_conf(config)
}

fn http_client(dynamo: Dynamo) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector(dynamo));
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct Connector(Dynamo);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let dynamo = self.0.clone();
        HttpConnectorFuture::new(async move {
            let (operation, body) = parts(&request)?;
            // The engine answers at once; whoever waits for a network gives way here.
            tokio::task::yield_now().await;
            let (status, body) = dynamo.call(&operation, body);
            tokio::task::yield_now().await;
            response(status, body)
        })
    }
}

/// The operation and the body of a request to DynamoDB.
///
/// # Errors
///
/// If it is none.
pub fn parts(request: &HttpRequest) -> Result<(String, &str), ConnectorError> {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let body = request.body().bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
    let body = body.ok_or_else(|| ConnectorError::user("a request to DynamoDB has a body of text".into()))?;
    Ok((operation, body))
}

/// The HTTP response for a status and a JSON body.
///
/// # Errors
///
/// If the status is none.
pub fn response(status: u16, body: String) -> Result<HttpResponse, ConnectorError> {
    let status = status.try_into().map_err(|_| ConnectorError::other("not a status".into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::{Dynamo, TABLE, Units, Written};

    #[tokio::test]
    async fn the_sdk_client_writes_reads_and_counts_units() {
        let dynamo = Dynamo::in_memory().expect("memory");
        dynamo.create_table().await.expect("created");
        dynamo.create_table().await.expect("is there already");
        dynamo.count_units();
        let s = |text: &str| AttributeValue::S(text.to_owned());
        let client = dynamo.client();
        client
            .put_item()
            .table_name(TABLE)
            .item("pk", s("a"))
            .item("sk", s("b"))
            .send()
            .await
            .expect("written");
        let read = client
            .get_item()
            .table_name(TABLE)
            .key("pk", s("a"))
            .key("sk", s("b"))
            .send()
            .await
            .expect("read");
        assert!(read.item.is_some());
        assert_eq!(
            dynamo.units(),
            Some(Units { read: 0.5, write: 1.0, shared_read: 0.5, shared_write: 1.0 })
        );
    }

    #[tokio::test]
    async fn what_was_answered_before_the_disk_is_there_when_the_file_is_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("table.sqlite");
        let key = r#"{"pk":{"S":"a"},"sk":{"S":"b"}}"#;
        let dynamo = Dynamo::in_file(&file).expect("a file");
        dynamo.create_table().await.expect("created");
        dynamo.answer_before_the_disk().expect("taken");
        let put = dynamo.call("PutItem", &format!(r#"{{"TableName":"{TABLE}","Item":{key}}}"#));
        assert_eq!(put.0, 200, "{put:?}");
        drop(dynamo);
        let again = Dynamo::in_file(&file).expect("opened again");
        let (_, read) = again.call("GetItem", &format!(r#"{{"TableName":"{TABLE}","Key":{key}}}"#));
        assert!(read.contains(r#""Item""#), "{read}");
    }

    #[tokio::test]
    async fn only_items_that_were_put_are_noted() {
        let dynamo = Dynamo::in_memory().expect("memory");
        dynamo.create_table().await.expect("created");
        dynamo.note_writes();
        let put = |condition: Option<&str>| {
            let s = |text: &str| AttributeValue::S(text.to_owned());
            let put = dynamo.client().put_item().table_name(TABLE).item("pk", s("a")).item("sk", s("b"));
            put.set_condition_expression(condition.map(ToOwned::to_owned)).send()
        };
        put(None).await.expect("written");
        put(Some("attribute_not_exists(pk)")).await.expect_err("it is there");
        assert_eq!(dynamo.take_writes(), [Written { pk: "a".to_owned(), sk: "b".to_owned() }]);
        assert_eq!(dynamo.take_writes(), []);
    }
}
