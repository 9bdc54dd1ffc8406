//! How much of the SDK's operations the catalog is sure of.

use super::{Authorization, Catalog, Operation, Service};

/// How many operations there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The rules say which actions.
    pub mapped: u32,
    /// IAM does not authorize them.
    pub not_authorized: u32,
    /// Newer than the authorization data.
    pub unverified: u32,
    /// Of a service that the authorization data does not know.
    pub unmapped: u32,
}

impl Tally {
    /// All operations.
    pub const fn total(self) -> u32 {
        self.mapped + self.not_authorized + self.unverified + self.unmapped
    }

    /// Those of which the catalog knows what IAM checks.
    pub const fn known(self) -> u32 {
        self.mapped + self.not_authorized
    }

    /// The share of the known among those that are not newer than the authorization data, in hundredths of a percent,
    /// rounded down.
    pub fn share(self) -> u32 {
        let asked = u64::from(self.total() - self.unverified);
        let share = (u64::from(self.known()) * 10_000).checked_div(asked).unwrap_or(10_000);
        u32::try_from(share).unwrap_or(10_000)
    }

    fn count(&mut self, authorization: Authorization) {
        *match authorization {
            Authorization::Actions => &mut self.mapped,
            Authorization::NotAuthorized => &mut self.not_authorized,
            Authorization::Unverified => &mut self.unverified,
            Authorization::Unmapped => &mut self.unmapped,
        } += 1;
    }

    fn add(&mut self, other: Self) {
        self.mapped += other.mapped;
        self.not_authorized += other.not_authorized;
        self.unverified += other.unverified;
        self.unmapped += other.unmapped;
    }
}

/// How much the catalog is sure of.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// All services together.
    pub all: Tally,
    /// Each service, by name.
    pub services: Vec<(Service, Tally)>,
}

impl Coverage {
    /// Counts the operations of a catalog.
    pub fn of(catalog: Catalog) -> Self {
        let tally = |service: Service| {
            let mut tally = Tally::default();
            service.operations().for_each(|operation| tally.count(operation.authorization()));
            (service, tally)
        };
        let services: Vec<(Service, Tally)> = catalog.services().map(tally).collect();
        let mut all = Tally::default();
        for (_, tally) in &services {
            all.add(*tally);
        }
        Self { all, services }
    }

    /// The operations of a service that the catalog only guesses at.
    pub fn open(service: Service) -> impl Iterator<Item = Operation> {
        service.operations().filter(|operation| {
            matches!(operation.authorization(), Authorization::Unverified | Authorization::Unmapped)
        })
    }
}
