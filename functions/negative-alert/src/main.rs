//! `negative-alert` on Lambda: by events of the bus, and each minute by EventBridge Scheduler.

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use negative_alert::Wake;
use renown_io::app::{Desk, MailApp};
use renown_io::settings::{AlertSettings, Settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    renown_io::telemetry::init();
    let settings = Settings::from_env()?;
    let app = MailApp::on_aws(&settings)?;
    let desk = Desk::on_aws(&settings, AlertSettings::from_env()?)?;
    app.warm_up().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<Wake>| {
        let (app, post) = (&app, desk.post());
        Box::pin(async move {
            let deadline = Timestamp::try_from(event.context.deadline())?;
            let (wake, _) = event.into_parts();
            negative_alert::handle(app, post, wake, deadline).await.map_err(lambda_runtime::Error::from)
        })
    }))
    .await
}
