//! The samples under `events/`.

use aws_lambda_events::sqs::SqsEvent;
use serde_json::Value;

/// The files of a folder with their names, sorted.
pub(crate) fn files(source: &str) -> Vec<(String, Value)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(source);
    let entries = std::fs::read_dir(folder).expect("the folder is there").flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("readable");
            (name, serde_json::from_str(&text).expect("JSON"))
        })
        .collect();
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(!files.is_empty());
    files
}

/// Every message of SES, as it lies in the queue.
pub(crate) fn messages() -> Vec<String> {
    let events =
        files("ses").into_iter().map(|(name, file)| (serde_json::from_value::<SqsEvent>(file), name));
    events.flat_map(|(event, name)| event.expect(&name).records).filter_map(|record| record.body).collect()
}
