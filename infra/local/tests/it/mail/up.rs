//! `renown up` with a shop: mails leave into the folder, and the pages they lead to are there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::world::{ANA, World};

/// What stands at an address of this machine, without its head.
fn call(port: u16, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("served");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    answer
}

/// The mails of a folder, once there are so many.
fn mails(world: &World, n: usize) -> Vec<String> {
    // Twenty seconds at most.
    for _ in 0..400 {
        let entries = std::fs::read_dir(world.data().join("mail")).into_iter().flatten().flatten();
        let all: Vec<_> =
            entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "eml")).collect();
        if all.len() >= n {
            return all.iter().map(|entry| std::fs::read_to_string(entry.path()).expect("a mail")).collect();
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    panic!("no mail");
}

#[tokio::test]
async fn mails_leave_and_their_way_out_works() {
    let world = World::with_orders(-1).await;
    world.live_since(3).await;
    let port = TcpListener::bind("127.0.0.1:0").expect("free").local_addr().expect("bound").port();
    world.file("renown.toml", &format!("web_port = {port}\n"));
    let lines = std::thread::scope(|scope| {
        let up = scope.spawn(|| world.run(&["up", "--for", "8s", "--verbose", "--plain"]).out);
        let mail = mails(&world, 1).remove(0);
        assert!(mail.contains(&format!("<{ANA}>")), "{mail}");
        let way_out: String = mail
            .split("List-Unsubscribe: <")
            .nth(1)
            .expect("a way out")
            .split('>')
            .next()
            .expect("an end")
            .split_whitespace()
            .collect();
        let path = way_out.strip_prefix(&format!("http://127.0.0.1:{port}")).expect("of this machine");
        assert!(call(port, "GET", path, "").contains("<form"), "a page with a button");
        assert!(call(port, "POST", path, "List-Unsubscribe=One-Click").starts_with("HTTP/1.1 200"));
        assert!(call(port, "POST", "/hooks/generic/tea", "{}").starts_with("HTTP/1.1 401"));
        assert!(call(port, "GET", "/", "").starts_with("HTTP/1.1 404"));
        up.join().expect("it ends")
    });
    assert!(lines.contains("tea 1001") && lines.contains("review invitation, sent"), "{lines}");
    assert!(lines.contains("nothing shows that the customer said yes"), "{lines}");
    assert!(!lines.contains("canary"), "{lines}");
    let listed = world.json(&["mail", "list", "--all"]);
    let sums = &listed["sums"]["tea"];
    assert_eq!((&sums["sent"], &sums["skipped"]["no_consent"]), (&1.into(), &1.into()), "{listed}");
    assert_eq!(sums["skipped"]["no_address"], 1);
    assert_eq!(world.json(&["suppress", "list"])["suppressed"][0]["reason"], "unsubscribed");

    // Nothing is sent twice, and a port that somebody has keeps nobody from sending.
    let _taken = TcpListener::bind(("127.0.0.1", port)).expect("free again");
    let lines = world.run(&["up", "--for", "2s", "--plain"]).out;
    assert!(lines.contains(&format!("port {port}")) && lines.contains("web_port"), "{lines}");
    assert_eq!(mails(&world, 1).len(), 1);
}
