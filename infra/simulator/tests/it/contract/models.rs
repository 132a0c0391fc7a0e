//! Reads Amazon's models and makes validators of them.

use std::path::PathBuf;

use serde_json::{Value, json};

/// The folder of models.
pub(super) struct Models {
    folder: PathBuf,
}

/// One operation of a model.
pub(super) struct OperationModel {
    pub(super) method: String,
    pub(super) path: String,
    operation: Value,
    definitions: Value,
}

/// One static sandbox case.
pub(super) struct SandboxCase {
    pub(super) status: u16,
    pub(super) parameters: Value,
    pub(super) response: Option<Value>,
}

impl Models {
    /// The folder from the environment; says so when there is none.
    #[expect(clippy::disallowed_methods, reason = "the switch of these tests is an environment variable")]
    #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
    pub(super) fn given() -> Option<Self> {
        if let Ok(folder) = std::env::var("RENOWN_SP_API_MODELS") {
            let folder = PathBuf::from(folder);
            assert!(
                folder.join("models").is_dir(),
                "RENOWN_SP_API_MODELS names {}, which has no folder `models`; name a checkout of Amazon's selling-partner-api-models",
                folder.display()
            );
            return Some(Self { folder });
        }
        assert!(
            std::env::var("RENOWN_REQUIRE_MODELS").is_err(),
            "RENOWN_REQUIRE_MODELS is set but RENOWN_SP_API_MODELS is not: name the folder with Amazon's models there"
        );
        eprintln!(
            "SKIPPED: the contract with Amazon's models is not checked, because RENOWN_SP_API_MODELS is not set"
        );
        None
    }

    fn read(&self, path: &str) -> Value {
        let path = self.folder.join(path);
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(super) fn operation(&self, file: &str, operation_id: &str) -> OperationModel {
        let model = self.read(&format!("models/{file}"));
        let paths = model["paths"].as_object().expect("paths");
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().expect("methods") {
                if operation["operationId"] == operation_id {
                    return OperationModel {
                        method: method.to_uppercase(),
                        path: path.clone(),
                        operation: operation.clone(),
                        definitions: model["definitions"].clone(),
                    };
                }
            }
        }
        panic!("{file} has no operation {operation_id}")
    }

    /// The validator of a notification's schema.
    pub(super) fn notification(&self, file: &str) -> jsonschema::Validator {
        let mut schema = self.read(&format!("schemas/notifications/{file}"));
        tidy(&mut schema);
        jsonschema::draft7::new(&schema).expect("a schema")
    }

    /// The validator of a report's schema, as it is: it demands members that it does not name.
    pub(super) fn report(&self, file: &str) -> jsonschema::Validator {
        let schema = self.read(&format!("schemas/reports/{file}"));
        jsonschema::draft7::new(&schema).expect("a schema")
    }
}

impl OperationModel {
    /// Rate and burst from the table in the description.
    pub(super) fn usage_plan(&self) -> (f64, f64) {
        let description = self.operation["description"].as_str().expect("a description");
        let numbers = description.lines().find_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect();
            match cells.as_slice() {
                [rate, burst] => Some((rate.parse().ok()?, burst.parse().ok()?)),
                _ => None,
            }
        });
        numbers.expect("a table of rate and burst")
    }

    /// Whether it takes a token of the application alone.
    pub(super) fn is_grantless(&self) -> bool {
        self.operation["description"].as_str().expect("a description").contains("is grantless")
    }

    /// The validator of a reply with this status. Members that the model does not name are refused:
    /// the simulator has no business inventing any.
    pub(super) fn reply(&self, status: u16) -> jsonschema::Validator {
        let response = &self.operation["responses"][status.to_string()];
        assert!(!response.is_null(), "{} {} has no status {status}", self.method, self.path);
        let mut schema = json!({"definitions": self.definitions, "allOf": [response["schema"]]});
        tidy(&mut schema);
        open_parts(&mut schema);
        jsonschema::draft7::options().should_validate_formats(true).build(&schema).expect("a schema")
    }

    pub(super) fn sandbox_cases(&self) -> Vec<SandboxCase> {
        let mut cases = Vec::new();
        for (status, response) in self.operation["responses"].as_object().expect("responses") {
            for case in response["x-amzn-api-sandbox"]["static"].as_array().into_iter().flatten() {
                cases.push(SandboxCase {
                    status: status.parse().expect("a status"),
                    parameters: case["request"]["parameters"].clone(),
                    response: case.get("response").cloned(),
                });
            }
        }
        cases
    }
}

/// Lets the parts of an `allOf` pass each other's members again.
fn open_parts(schema: &mut Value) {
    let mut parts = Vec::new();
    for definition in schema["definitions"].as_object_mut().expect("definitions").values_mut() {
        let all_of = definition.get_mut("allOf").and_then(Value::as_array_mut);
        for part in all_of.into_iter().flatten() {
            match part.get("$ref").and_then(Value::as_str) {
                Some(reference) => parts.push(reference.trim_start_matches("#/definitions/").to_owned()),
                None => part["additionalProperties"] = json!(true),
            }
        }
    }
    for part in parts {
        schema["definitions"][part]["additionalProperties"] = json!(true);
    }
}

/// Makes plain JSON Schema of Amazon's dialect: relative `$id`s, which name no resource, and `null`
/// schemas (replies without a body) go; objects with named members allow no others.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.remove("$id");
            members.remove("examples");
            for (name, member) in members.iter_mut() {
                if name == "allOf" && member == &json!([null]) {
                    *member = json!([{}]);
                }
                tidy(member);
            }
            let named = members.get("properties").is_some_and(Value::is_object);
            if named
                && members.get("type") == Some(&json!("object"))
                && !members.contains_key("additionalProperties")
            {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(members) => members.iter_mut().for_each(tidy),
        _ => {}
    }
}
