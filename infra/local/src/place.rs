//! Where a shop lies: in a folder of this machine, or on AWS.

use renown_core::say::Text;
use renown_core::text;
use tempfile::TempDir;

use crate::aws::Aws;
use crate::dynamo::Dynamo;
use crate::folder::Folder;
use crate::told::Trouble;

/// Where a shop lies.
#[derive(Debug)]
pub enum Place {
    /// A folder of this machine.
    Folder(Box<Here>),
    /// A stack on AWS.
    Aws(Box<Aws>),
}

/// A folder that was opened.
#[derive(Debug)]
pub struct Here {
    /// The folder.
    pub folder: Folder,
    /// The table's engine.
    pub dynamo: Dynamo,
    /// Where a copy of the table lies that this user may not write.
    pub(crate) _copy: Option<TempDir>,
}

impl Place {
    /// The folder, if it is one.
    pub fn here(&self) -> Option<&Here> {
        match self {
            Self::Folder(here) => Some(here),
            Self::Aws(_) => None,
        }
    }

    /// The deployed system, if it is one.
    pub fn aws(&self) -> Option<&Aws> {
        match self {
            Self::Folder(_) => None,
            Self::Aws(aws) => Some(aws),
        }
    }

    /// Who works the shop, for sentences that go on with "keep" or "go on".
    pub fn worker(&self) -> Text {
        match self {
            Self::Folder(_) => text!("runs of `renown up`", "`renown up`"),
            Self::Aws(_) => text!("the deployed functions", "已部署的函数"),
        }
    }

    /// The folder, for what can be done with one alone.
    ///
    /// # Errors
    ///
    /// If the shop lies on AWS.
    pub fn only_here(&self) -> anyhow::Result<&Here> {
        self.here().ok_or_else(|| {
            Trouble::usage(text!(
                "this can be done with a shop in a folder alone, not with one on AWS: leave --aws out and name it with --data",
                "此操作仅适用于本机文件夹中的店铺,不适用于 AWS 上的店铺:请去掉 --aws 并用 --data 指定文件夹"
            ))
            .into()
        })
    }
}

impl std::fmt::Display for Place {
    /// As an operator is told: the folder, or the stack with its region.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(here) => here.folder.path().display().fmt(f),
            Self::Aws(aws) => write!(f, "{} ({})", aws.stack.stack, aws.region),
        }
    }
}
