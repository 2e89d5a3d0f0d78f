//! The hazards of what drizzle-kit has no word for.

use super::Finder;
use super::HazardKind::{Breaks, DataLoss, Lock, MayFail};
use crate::step::{
    CompositeChange, DomainChange, ExtensionStep, FunctionStep, Name, PartitionStep, TriggerStep, TypeDefinition,
    TypeKind, TypeStep,
};

impl Finder<'_> {
    pub(super) fn extension(&mut self, step: &ExtensionStep) {
        match step {
            ExtensionStep::Create(extension) => {
                let name = &extension.name;
                let who = "who runs the migration may not be allowed to make it, and the server must have its files";
                self.add(MayFail, format!("extension \"{name}\" is made unless it is there; {who}"));
            }
            ExtensionStep::Update { name, version } => {
                self.add(MayFail, format!("extension \"{name}\" fails where no way leads to version {version}"));
            }
            ExtensionStep::SetSchema { name, from: _, to } => {
                self.add(MayFail, format!("extension \"{name}\" fails where it cannot be moved"));
                self.add(Breaks, format!("what extension \"{name}\" brings is in schema \"{to}\" from here on"));
            }
            ExtensionStep::Drop(extension) => {
                let name = &extension.name;
                self.add(
                    MayFail,
                    format!("extension \"{name}\" stays where something still uses it, and the step fails"),
                );
            }
        }
    }

    pub(super) fn data_type(&mut self, step: &TypeStep) {
        match step {
            TypeStep::Domain { name, change } => self.domain(name, change),
            TypeStep::Composite { name, change } => match change {
                CompositeChange::Drop(attribute) => {
                    let attribute = &attribute.name;
                    self.add(DataLoss, format!("attribute {name}.\"{attribute}\" is dropped with its values"));
                }
                CompositeChange::SetType { previous: _, next } => {
                    let (attribute, sql_type) = (&next.name, &next.sql_type);
                    self.add(
                        MayFail,
                        format!("{name}.\"{attribute}\" becomes {sql_type}; it fails if a value does not read as one"),
                    );
                }
                CompositeChange::Add(_) => {}
            },
            TypeStep::Drop { definition, recreated: true } => {
                let (kind, name) = (kind(definition), definition.name());
                self.add(MayFail, format!("{kind} {name} is made anew; it fails if a value does not fit the new one"));
            }
            TypeStep::Drop { definition, recreated: false } => {
                self.add(Breaks, format!("{} {} is dropped", kind(definition), definition.name()));
            }
            TypeStep::SetSchema { kind, name, .. } | TypeStep::Rename { kind, name, .. } => {
                let kind = match kind {
                    TypeKind::Domain => "domain",
                    TypeKind::Composite | TypeKind::Range(_) => "type",
                    TypeKind::Collation => "collation",
                };
                self.add(Breaks, format!("{kind} {name} has another name from here on"));
            }
            TypeStep::Create { .. } => {}
        }
    }

    fn domain(&mut self, name: &Name, change: &DomainChange) {
        let what = match change {
            DomainChange::AddCheck(check) => format!("check \"{}\" of domain {name}", check.name),
            DomainChange::SetNotNull => format!("NOT NULL of domain {name}"),
            DomainChange::SetDefault(_)
            | DomainChange::DropDefault(_)
            | DomainChange::DropNotNull
            | DomainChange::DropCheck(_) => return,
        };
        self.add(MayFail, format!("{what} fails if a value somewhere does not satisfy it"));
        self.add(Lock, format!("every table with a column of domain {name} is scanned and blocked for writes"));
    }

    pub(super) fn function(&mut self, step: &FunctionStep) {
        match step {
            FunctionStep::Drop { function, recreated: true } => {
                let name = Name::of_function(function);
                self.add(
                    Breaks,
                    format!("function {name} is made anew; the privileges on it are gone with the old one"),
                );
            }
            FunctionStep::Drop { function, recreated: false } => {
                let name = Name::of_function(function);
                self.add(Breaks, format!("function {name} is dropped; whatever calls it fails from here on"));
            }
            FunctionStep::SetSchema { function, .. } | FunctionStep::Rename { function, .. } => {
                let name = Name::of_function(function);
                self.add(
                    Breaks,
                    format!("function {name} has another name from here on; whatever calls it by a text fails"),
                );
            }
            FunctionStep::Create { .. } | FunctionStep::Replace(_) => {}
        }
    }

    pub(super) fn trigger(&mut self, step: &TriggerStep) {
        if let TriggerStep::Drop { trigger, recreated: false } = step {
            let (name, table) = (&trigger.name, Name::new(&trigger.schema, &trigger.table));
            self.add(Breaks, format!("trigger \"{name}\" on {table} does not fire from here on"));
        }
    }

    pub(super) fn partition(&mut self, step: &PartitionStep) {
        match step {
            PartitionStep::Drop(partition) => {
                let name = Name::of_partition(partition);
                self.add(DataLoss, format!("partition {name} is dropped with all its rows"));
            }
            PartitionStep::Attach(partition) => {
                let name = Name::of_partition(partition);
                self.add(MayFail, format!("partition {name} fails if a row of it is outside of its bounds"));
                self.add(Lock, format!("partition {name} is scanned under an exclusive lock"));
            }
            PartitionStep::Rename { from, to } => {
                self.add(Breaks, format!("partition {from} is called {to} from here on"));
            }
            PartitionStep::Create(_) | PartitionStep::Detach(_) => {}
        }
    }
}

fn kind(definition: &TypeDefinition) -> &'static str {
    match definition {
        TypeDefinition::Domain(_) => "domain",
        TypeDefinition::Composite(_) | TypeDefinition::Range(_) => "type",
        TypeDefinition::Collation(_) => "collation",
    }
}
