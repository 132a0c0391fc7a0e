//! The README's examples are run, in order, as a newcomer would.

use bytes::Bytes;
use http::Request;
use renown_simulator::{Simulator, load_demo};
use serde_json::Value;

use crate::support::at;

/// Splits a command as a shell does, as far as the README needs it: words, single quotes, double
/// quotes, and lines continued with a backslash.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut begun = false;
    for letter in command.replace("\\\n", " ").chars() {
        match (quote, letter) {
            (Some(mark), _) if letter == mark => quote = None,
            (None, '\'' | '"') => (quote, begun) = (Some(letter), true),
            (None, _) if letter.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                    begun = false;
                }
            }
            _ => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// A curl command as a request.
fn request_of(command: &str, token: &str) -> Request<Bytes> {
    let mut words = words(&command.replace("$TOKEN", token)).into_iter().skip(1);
    let (mut method, mut body, mut headers, mut url) = (None, Vec::new(), vec![], String::new());
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value");
        match word.as_str() {
            "-s" => {}
            "-o" => drop(value()),
            "-X" => method = Some(value()),
            "-d" => body.push(value()),
            "--data-urlencode" => {
                let pair = value();
                let (name, text) = pair.split_once('=').expect("name=value");
                body.push(format!(
                    "{name}={}",
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                ));
            }
            "-H" | "-A" => {
                headers.push(if word == "-A" { format!("user-agent: {}", value()) } else { value() });
            }
            _ => url = word,
        }
    }
    let method = method.unwrap_or_else(|| if body.is_empty() { "GET" } else { "POST" }.to_owned());
    let path = url.strip_prefix("http://127.0.0.1:8480").expect("the default address");
    let mut request = Request::builder().method(method.as_str()).uri(path);
    for header in headers {
        let (name, value) = header.split_once(": ").expect("name: value");
        request = request.header(name, value);
    }
    request.body(Bytes::from(body.join("&"))).expect("a request")
}

#[tokio::test(start_paused = true)]
async fn every_example_works_on_the_demo_data() {
    let readme = include_str!("../../README.md");
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    load_demo(&simulator);
    let mut token = String::new();
    let mut last = Value::Null;
    let mut n_examples = 0;
    for block in readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()) {
        for command in block.replace("\\\n", "\\\u{0}").lines().map(|line| line.replace('\u{0}', "\n")) {
            if !command.starts_with("curl") {
                continue;
            }
            // The example of restoring takes what the example of saving gave.
            let mut request = request_of(&command, &token);
            if request.body().starts_with(b"@") {
                *request.body_mut() = Bytes::from(last.to_string());
            }
            let reply = simulator.call(request).await.expect("no reset");
            assert!(reply.status().is_success(), "{command}\n{:?}", reply.body());
            last = serde_json::from_slice(reply.body()).unwrap_or_default();
            assert!(
                last.get("rejected").is_none_or(|rejected| rejected == &Value::Array(vec![])),
                "{command}\n{last}"
            );
            if let Some(found) = last["access_token"].as_str() {
                found.clone_into(&mut token);
            }
            n_examples += 1;
        }
    }
    assert!(n_examples >= 20, "{n_examples} examples");
}

#[test]
fn every_control_endpoint_has_an_example() {
    let readme = include_str!("../../README.md");
    let routes = include_str!("../../src/control.rs");
    let named = routes.lines().filter_map(|line| line.trim().strip_prefix("(Method::")?.split('"').nth(1));
    let mut n_endpoints = 0;
    for endpoint in named {
        assert!(
            readme.contains(&format!("http://127.0.0.1:8480/_sim/{endpoint}")),
            "no example of {endpoint}"
        );
        n_endpoints += 1;
    }
    assert!(n_endpoints > 15);
}
