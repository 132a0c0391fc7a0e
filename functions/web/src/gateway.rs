//! The form that API Gateway gives a request (HTTP API, payload version 2.0), and its answer.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};

use crate::page;

/// The request as it was before the gateway: its body's bytes are those the client sent.
///
/// # Errors
///
/// The answer to what is no request.
#[expect(clippy::result_large_err, reason = "the answer is what the caller sends")]
pub fn request(event: ApiGatewayV2httpRequest) -> Result<Request<Bytes>, Response<String>> {
    let refuse = || page::plain(StatusCode::BAD_REQUEST, "this is no request that can be read");
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        data_encoding::BASE64.decode(body.as_bytes()).map_err(|_| refuse())?
    } else {
        body.into_bytes()
    };
    let path = event.raw_path.as_deref().filter(|path| !path.is_empty()).unwrap_or("/");
    let stage = event.request_context.stage.as_deref().unwrap_or("$default");
    // A named stage stands before the path.
    let path = path.strip_prefix(&format!("/{stage}")).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let mut request = Request::builder().method(event.request_context.http.method).uri(path);
    if let Some(headers) = request.headers_mut() {
        *headers = event.headers;
    }
    request.body(Bytes::from(body)).map_err(|_| refuse())
}

/// The answer as the gateway takes it.
pub fn response(response: Response<String>) -> ApiGatewayV2httpResponse {
    let (head, body) = response.into_parts();
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = head.status.as_u16().into();
    answer.headers = head.headers;
    answer.body = Some(Body::Text(body));
    answer
}
