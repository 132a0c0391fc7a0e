//! `web` on Lambda: the public routes of the HTTP API.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_runtime::{LambdaEvent, service_fn};
use renown_io::app::MailApp;
use renown_io::settings::Settings;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    renown_io::telemetry::init();
    let app = MailApp::on_aws(&Settings::from_env()?)?;
    app.warm_up().await;
    lambda_runtime::run(service_fn(|event: LambdaEvent<ApiGatewayV2httpRequest>| {
        let app = &app;
        // On the heap: nested in the runtime's own it is deeper than the compiler follows.
        Box::pin(async move {
            let answer: ApiGatewayV2httpResponse = match web::gateway::request(event.payload) {
                Ok(request) => web::gateway::response(web::handle(app, &request).await),
                Err(refusal) => web::gateway::response(refusal),
            };
            Ok::<_, lambda_runtime::Error>(answer)
        })
    }))
    .await
}
