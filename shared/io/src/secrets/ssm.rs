//! Secrets in SSM Parameter Store, as `SecureString`.

use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_ssm::types::ParameterType;
use renown_core::text;

use super::Error;

pub(super) async fn read(client: &Client, path: &str) -> Result<String, Error> {
    let answer = client
        .get_parameter()
        .name(path)
        .with_decryption(true)
        .send()
        .await
        .map_err(|error| refused(path, &error))?;
    answer
        .parameter
        .and_then(|parameter| parameter.value)
        .ok_or_else(|| Error::Unreadable { path: path.to_owned() })
}

/// `key`: the ARN of the KMS key that it is encrypted with.
pub(super) async fn write(client: &Client, key: Option<&str>, path: &str, text: &str) -> Result<(), Error> {
    let put = client
        .put_parameter()
        .name(path)
        .value(text)
        .r#type(ParameterType::SecureString)
        .set_key_id(key.map(ToOwned::to_owned))
        .overwrite(true);
    put.send().await.map(drop).map_err(|error| refused(path, &error))
}

pub(super) async fn delete(client: &Client, path: &str) -> Result<(), Error> {
    client.delete_parameter().name(path).send().await.map(drop).map_err(|error| refused(path, &error))
}

fn refused<E>(path: &str, error: &SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let path = path.to_owned();
    match error.code() {
        Some("ParameterNotFound") => Error::NotFound { path },
        Some(code) if code.contains("AccessDenied") || code == "InvalidKeyId" => Error::Denied {
            path,
            remedy: text!(
                "the role of this function may read only the paths its template names (scheduled-solicit: /renown/live/ alone) and needs kms:Decrypt on their key",
                "该函数的角色只能读取模板中列出的路径(scheduled-solicit 仅限 /renown/live/),并且需要对其密钥的 kms:Decrypt 权限"
            ),
        },
        Some(code) => Error::Unavailable { path, why: code.to_owned() },
        // No answer of the service, so nothing of the secret can be in it.
        None => Error::Unavailable { path, why: DisplayErrorContext(error).to_string() },
    }
}
