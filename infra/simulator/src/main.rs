//! The simulator as a program: a simulated Amazon on a local port.

use std::net::SocketAddr;

use anyhow::Context as _;
use clap::Parser;
use jiff::Timestamp;
use renown_simulator::{Settings, Simulator, load_demo, serve};
use tokio::net::TcpListener;

/// A stateful stand-in for Amazon's Selling Partner API and Login with Amazon.
#[derive(Parser)]
#[command(
    version,
    after_help = "Example:\n  renown-simulator --demo &\n  curl http://127.0.0.1:8480/_sim/orders\n\nThe README of the simulator shows every endpoint with an example."
)]
struct Options {
    /// Address and port to listen on; port 0 takes a free one and prints it.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// Load an application, two sellers and some orders to try things with.
    #[arg(long)]
    demo: bool,
    /// Answer every operation from Amazon's static sandbox cases.
    #[arg(long)]
    sandbox: bool,
    /// What the clock shows at the start, for example 2026-03-01T00:00:00Z [default: the system's time]
    #[arg(long, value_name = "TIME")]
    start: Option<Timestamp>,
    /// Base of report document URLs, for a client that sends another Host or comes through a proxy.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "the address is the program's output: scripts read it")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let simulator = options.start.map_or_else(Simulator::following_system_time, Simulator::new);
    simulator.set_settings(Settings {
        sandbox: options.sandbox,
        public_url: options.public_url,
        ..Settings::default()
    });
    if options.demo {
        load_demo(&simulator);
    }
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!(
            "can't listen on {}; is another simulator running? choose another port with --listen",
            options.listen
        )
    })?;
    println!("listening on http://{}", listener.local_addr()?);
    serve(listener, simulator).await;
    Ok(())
}
