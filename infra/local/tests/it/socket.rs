//! Amazon behind a real socket.

use renown_simulator::Simulator;

/// A simulator with its demo, on the machine's own time, at an address of this machine.
pub(crate) fn simulator() -> (Simulator, String) {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let simulator = Simulator::following_system_time();
            renown_simulator::load_demo(&simulator);
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = format!("http://{}", listener.local_addr().expect("bound"));
            tell.send((simulator.clone(), address)).expect("the test waits");
            renown_simulator::serve(listener, simulator).await;
        });
    });
    told.recv().expect("it listens")
}
