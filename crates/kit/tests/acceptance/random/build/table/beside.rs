//! What no snapshot holds of a table.

use schema::build::{Column, Exclusion, ExclusionElement, Table};
use schema::quote::ident;
use schema::{Deferral, Storage};

use super::{Builder, BuiltColumn, Kind, partition_key};
use crate::random::spec::ExclusionSpec;

impl Builder<'_> {
    pub(super) fn beside(&mut self, mut table: Table) -> Table {
        let beside = &self.spec.beside;
        if beside.is_rls_forced {
            table = table.force_rls();
        }
        if let Some(by) = self.built.partition_by {
            return table.partition_by(partition_key(by, self.built));
        }
        if let Some(fillfactor) = beside.fillfactor {
            table = table.storage_parameter("fillfactor", (60 + u32::from(fillfactor)).to_string());
        }
        if beside.no_autovacuum {
            table = table.storage_parameter("autovacuum_enabled", "false");
        }
        if beside.is_unlogged {
            self.built.is_unlogged = true;
            table = table.unlogged();
        }
        for exclusion in &beside.exclusions {
            if let Some(exclusion) = self.exclusion(exclusion) {
                table = table.exclude(exclusion);
            }
        }
        table
    }

    pub(super) fn column_beside(&self, at: usize, mut column: Column, built: &BuiltColumn) -> Column {
        let beside = &self.spec.columns[at].beside;
        if let Some(collation) = &built.collation {
            column = column.collate(collation.clone());
        }
        if built.is_array || matches!(built.kind, Kind::Text | Kind::Document) {
            if let Some(choice) = beside.storage {
                let storages = [Storage::External, Storage::Main, Storage::Plain, Storage::Extended];
                column = column.storage(storages[usize::from(choice) % storages.len()]);
            }
            if beside.compression.is_some() {
                // Not every server is built with lz4.
                column = column.compression("pglz");
            }
        }
        column
    }

    fn exclusion(&mut self, spec: &ExclusionSpec) -> Option<Exclusion> {
        let count = self.built.columns.len();
        let column = self.built.columns[usize::from(spec.column) % count].as_ref()?;
        let plain = |operator| ExclusionElement::column(&column.name, operator);
        let (method, element) = match spec.how % 5 {
            0 if column.is(Kind::Range) => ("gist", plain("&&")),
            1 if column.is_integer() || column.is(Kind::Text) => ("hash", plain("=")),
            2 if column.is_integer() && self.has_btree_gist => ("gist", plain("=")),
            3 => ("btree", ExclusionElement::expression(format!("{} IS NULL", ident(&column.name)), "=")),
            _ if column.kind.is_ordered() && !column.is_domain => ("btree", plain("=")),
            _ => return None,
        };
        let name = format!("excluded_{}", spec.name % 4);
        let mut exclusion = Exclusion::new(&name).using(method);
        exclusion = exclusion.element(element).deferral(match spec.deferral % 3 {
            0 => Deferral::NotDeferrable,
            1 => Deferral::InitiallyImmediate,
            _ => Deferral::InitiallyDeferred,
        });
        if let Some(filter) = spec.filter.and_then(|choice| self.built.columns[usize::from(choice) % count].as_ref()) {
            exclusion = exclusion.filter(format!("{} IS NOT NULL", ident(&filter.name)));
        }
        self.take(&name).then_some(exclusion)
    }
}
