//! `report-sync` on Lambda: by EventBridge Scheduler, and by the queue of finished reports.

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use renown_io::app::App;
use renown_io::settings::Settings;
use report_sync::Wake;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    renown_io::telemetry::init();
    let app = App::on_aws(&Settings::from_env()?)?;
    app.warm_up().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Wake>| {
        let app = &app;
        async move {
            let deadline = Timestamp::try_from(event.context.deadline())?;
            // On the heap: nested in the runtime's own it is deeper than the compiler follows.
            Box::pin(report_sync::handle(app, event.payload, deadline))
                .await
                .map_err(lambda_runtime::Error::from)
        }
    }))
    .await
}
