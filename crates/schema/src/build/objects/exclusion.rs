use crate::model::{self, Deferral};

/// An exclusion constraint.
///
/// ```
/// use schema::build::{Exclusion, ExclusionElement};
///
/// let no_overlap = Exclusion::new("no_overlap")
///     .element(ExclusionElement::column("room", "="))
///     .element(ExclusionElement::column("during", "&&"));
/// ```
#[derive(Clone, Debug)]
pub struct Exclusion(model::Exclusion);

impl Exclusion {
    /// A constraint by a `gist` index that compares nothing yet.
    pub fn new(name: impl Into<String>) -> Self {
        Exclusion(model::Exclusion {
            name: name.into(),
            method: "gist".to_owned(),
            elements: Vec::new(),
            predicate: None,
            deferral: Deferral::NotDeferrable,
        })
    }

    /// The access method of its index.
    #[must_use]
    pub fn using(mut self, method: impl Into<String>) -> Self {
        self.0.method = method.into();
        self
    }

    /// Adds something to compare.
    #[must_use]
    pub fn element(mut self, element: ExclusionElement) -> Self {
        self.0.elements.push(element.0);
        self
    }

    /// The condition on the rows that it holds for.
    #[must_use]
    pub fn filter(mut self, predicate: impl Into<String>) -> Self {
        self.0.predicate = Some(predicate.into());
        self
    }

    /// When it is checked.
    #[must_use]
    pub fn deferral(mut self, deferral: Deferral) -> Self {
        self.0.deferral = deferral;
        self
    }

    pub(in crate::build) fn build(self) -> model::Exclusion {
        self.0
    }
}

/// A column or expression of an exclusion constraint, and how it is compared.
#[derive(Clone, Debug)]
pub struct ExclusionElement(model::ExclusionElement);

impl ExclusionElement {
    /// A column, compared by an operator.
    pub fn column(name: impl Into<String>, operator: impl Into<String>) -> Self {
        Self::new(name.into(), false, operator.into())
    }

    /// An SQL expression, compared by an operator.
    pub fn expression(sql: impl Into<String>, operator: impl Into<String>) -> Self {
        Self::new(sql.into(), true, operator.into())
    }

    fn new(expression: String, is_expression: bool, operator: String) -> Self {
        ExclusionElement(model::ExclusionElement { expression, is_expression, opclass: None, operator })
    }

    /// An operator class.
    #[must_use]
    pub fn operator_class(mut self, name: impl Into<String>) -> Self {
        self.0.opclass = Some(name.into());
        self
    }
}
