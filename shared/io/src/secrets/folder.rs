//! Secrets in a folder of one machine: files that are their owner's alone, encrypted with a key that
//! lies elsewhere.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use renown_core::text;

use super::{Error, KeyFile};

fn file_of(folder: &Path, path: &str) -> PathBuf {
    folder.join(path.trim_start_matches('/')).with_extension("json")
}

fn failed_at(path: &str, error: &std::io::Error) -> Error {
    let path = path.to_owned();
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound { path },
        std::io::ErrorKind::PermissionDenied => Error::Denied {
            path,
            remedy: text!(
                "run Renown as the owner of its data folder",
                "请以数据文件夹所有者的身份运行 Renown"
            ),
        },
        _ => Error::Unavailable { path, why: error.to_string() },
    }
}

pub(super) fn read(folder: &Path, key: Option<&KeyFile>, path: &str) -> Result<String, Error> {
    let file = file_of(folder, path);
    let failed = |error: std::io::Error| failed_at(path, &error);
    let metadata = std::fs::metadata(&file).map_err(failed)?;
    if is_open_to_others(&metadata) {
        return Err(Error::Denied {
            path: path.to_owned(),
            remedy: text!(
                "other users of this machine can read it: chmod 600 the file, and rotate the secret if they are not trusted",
                "本机其他用户可以读取它:请对该文件执行 chmod 600;若不信任这些用户,请轮换密钥"
            ),
        });
    }
    let Some(key) = key else { return std::fs::read_to_string(&file).map_err(failed) };
    let sealed = std::fs::read(&file).map_err(failed)?;
    let seal = key.to_open().map_err(|error| key_error(path, key, &error))?;
    seal.open(path, &sealed).ok_or_else(|| Error::Denied {
        path: path.to_owned(),
        remedy: text!(
            "it was encrypted with another key, or is damaged: name the right key file, or connect the seller again",
            "它是用另一个密钥文件加密的,或已损坏:请指定正确的密钥文件,或重新连接该卖家"
        ),
    })
}

/// Why the key of a folder is not at hand.
fn key_error(path: &str, key: &KeyFile, error: &std::io::Error) -> Error {
    let (path, key_file) = (path.to_owned(), key.path());
    if error.kind() == std::io::ErrorKind::NotFound {
        return Error::NoKey { path, key_file: key_file.to_owned() };
    }
    let shown = key_file.display();
    Error::Denied {
        path,
        remedy: text!(
            "the key file {shown} cannot be used ({error}); it must be readable and writable by its owner alone (chmod 600)",
            "密钥文件 {shown} 无法使用({error});它只能由其所有者读写(chmod 600)"
        ),
    }
}

#[cfg(unix)]
pub(super) fn is_open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
pub(super) fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Makes a folder that is its owner's alone, if it is not there.
pub(super) fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Written beside and renamed, so that a crash leaves the old secret or the new one.
pub(super) fn write(folder: &Path, key: Option<&KeyFile>, path: &str, json: &str) -> Result<(), Error> {
    let no_key = || Error::Unavailable { path: path.to_owned(), why: "no random numbers".to_owned() };
    let bytes = match key {
        Some(key) => {
            let seal = key.to_store().map_err(|error| key_error(path, key, &error))?;
            seal.seal(path, json).ok_or_else(no_key)?
        }
        None => json.as_bytes().to_vec(),
    };
    let file = file_of(folder, path);
    let beside = file.with_extension("new");
    let parent = file.parent().unwrap_or(folder);
    let written = private_folder(parent).and_then(|()| {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut open = options.open(&beside)?;
        open.write_all(&bytes)?;
        open.sync_all()?;
        std::fs::rename(&beside, &file)
    });
    written.map_err(|error| failed_at(path, &error))
}

pub(super) fn delete(folder: &Path, path: &str) -> Result<(), Error> {
    std::fs::remove_file(file_of(folder, path)).map_err(|error| failed_at(path, &error))
}
