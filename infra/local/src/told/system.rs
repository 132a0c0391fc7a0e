//! What the operating system says, with what to do about it.

use std::io::{Error, ErrorKind};

use renown_core::say::Lang;

/// The system's reason in words.
pub(crate) fn words(error: &Error, lang: Lang) -> String {
    let said = match (error.kind(), lang) {
        (ErrorKind::PermissionDenied, Lang::En) => {
            "permission denied; run as the owner of the file or folder, or give yourself the right"
        }
        (ErrorKind::PermissionDenied, Lang::Zh) => "没有权限;请以文件或文件夹的所有者身份运行,或授予相应权限",
        (ErrorKind::NotFound, Lang::En) => "there is no such file or folder; check the name",
        (ErrorKind::NotFound, Lang::Zh) => "没有这个文件或文件夹;请检查名称",
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, Lang::En) => {
            "no space is left there; free some and run the same command again"
        }
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, Lang::Zh) => {
            "磁盘空间不足;请清理后再次运行同一命令"
        }
        (ErrorKind::ReadOnlyFilesystem, Lang::En) => {
            "the disk is read-only; name a folder on another one with --data"
        }
        (ErrorKind::ReadOnlyFilesystem, Lang::Zh) => "磁盘为只读;请用 --data 指定其他位置的文件夹",
        (ErrorKind::NotADirectory, Lang::En) => "a part of the path is a file; name a folder",
        (ErrorKind::NotADirectory, Lang::Zh) => "路径中有一段是文件;请指定文件夹",
        (ErrorKind::IsADirectory, Lang::En) => "it is a folder; name a file",
        (ErrorKind::IsADirectory, Lang::Zh) => "这是文件夹;请指定文件",
        (ErrorKind::AlreadyExists, Lang::En) => "something of that name is there already; name another",
        (ErrorKind::AlreadyExists, Lang::Zh) => "同名的文件或文件夹已存在;请换一个名称",
        (ErrorKind::InvalidData, Lang::En) => return format!("its content cannot be read ({error})"),
        (ErrorKind::InvalidData, Lang::Zh) => return format!("内容无法读取({error})"),
        (ErrorKind::ConnectionRefused, Lang::En) => "nobody listens at that address; check it",
        (ErrorKind::ConnectionRefused, Lang::Zh) => "该地址无人应答;请检查地址",
        _ => return error.to_string(),
    };
    said.to_owned()
}
