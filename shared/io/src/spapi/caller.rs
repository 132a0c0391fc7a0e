//! For whom a call is made: whose token it carries, and whose limits it counts against.

use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::Region;

use crate::secrets::{Credentials, Secret};

/// For whom a call is made.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The seller, whose limits the call counts against.
    pub seller: SellerId,
    /// The region of the host that is called and that the credentials are for.
    pub region: Region,
    /// The app and the seller's grant.
    pub credentials: Credentials,
}

impl Caller {
    /// The caller's app, for the calls that concern no seller.
    pub fn app(&self) -> AppCaller {
        AppCaller {
            region: self.region,
            client_id: self.credentials.client_id.clone(),
            client_secret: self.credentials.client_secret.clone(),
        }
    }
}

/// An app that calls in its own name and needs no seller for it; Amazon calls that grantless.
#[derive(Debug, Clone)]
pub struct AppCaller {
    /// The region of the host that is called. What an app sets up in one is not there in another.
    pub region: Region,
    /// The app, whose limits the call counts against.
    pub client_id: AppId,
    /// The app's secret.
    pub client_secret: Secret,
}

/// Either kind of caller.
#[derive(Debug, Clone, Copy)]
pub(super) enum Party<'a> {
    /// With the seller's grant.
    Seller(&'a Caller),
    /// With the app's own secret alone.
    App(&'a AppCaller),
}

impl<'a> From<&'a Caller> for Party<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self::Seller(caller)
    }
}

impl<'a> From<&'a AppCaller> for Party<'a> {
    fn from(caller: &'a AppCaller) -> Self {
        Self::App(caller)
    }
}

impl Party<'_> {
    /// The region of the host that is called.
    pub(super) fn region(self) -> Region {
        match self {
            Self::Seller(caller) => caller.region,
            Self::App(caller) => caller.region,
        }
    }

    /// The app that calls.
    pub(super) fn app_id(&self) -> &AppId {
        match self {
            Self::Seller(caller) => &caller.credentials.client_id,
            Self::App(caller) => &caller.client_id,
        }
    }

    /// Whose limits the call counts against.
    pub(super) fn account(self) -> Account {
        match self {
            Self::Seller(caller) => Account::Seller(caller.seller.clone()),
            Self::App(caller) => Account::App(caller.client_id.clone()),
        }
    }
}

/// Who has limits and tokens of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Account {
    Seller(SellerId),
    /// An app, in the calls that concern no seller.
    App(AppId),
}

impl Account {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Seller(seller) => seller.as_str(),
            Self::App(app) => app.as_str(),
        }
    }
}
