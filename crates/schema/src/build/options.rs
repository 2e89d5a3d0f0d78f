//! Options that two builders have in the same words, as methods of both.

/// The options of a sequence, be it one by itself or that of an identity column.
macro_rules! sequence_options {
    () => {
        /// `INCREMENT BY`.
        #[must_use]
        pub fn increment(mut self, by: i64) -> Self {
            self.increment = Some(by);
            self
        }

        /// `START WITH`.
        #[must_use]
        pub fn start_with(mut self, start: i64) -> Self {
            self.start_with = Some(start);
            self
        }

        /// `MINVALUE`.
        #[must_use]
        pub fn min_value(mut self, min: i64) -> Self {
            self.min_value = Some(min);
            self
        }

        /// `MAXVALUE`.
        #[must_use]
        pub fn max_value(mut self, max: i64) -> Self {
            self.max_value = Some(max);
            self
        }

        /// `CACHE`.
        #[must_use]
        pub fn cache(mut self, values: i64) -> Self {
            self.cache = Some(values);
            self
        }

        /// `CYCLE`.
        #[must_use]
        pub fn cycle(mut self) -> Self {
            self.cycle = true;
            self
        }
    };
}

/// What a primary key and a unique constraint have that no snapshot holds.
macro_rules! key_options {
    () => {
        /// `INCLUDE`: columns that its index holds beside its own.
        #[must_use]
        pub fn include<S: Into<String>>(mut self, columns: impl IntoIterator<Item = S>) -> Self {
            self.objects.include = columns.into_iter().map(Into::into).collect();
            self
        }

        deferral_options! {
            /// No foreign key can reference one that waits, and no `ON CONFLICT` name it.
        }
    };
}

/// When a constraint is checked, with what more is to be said of one that can wait.
macro_rules! deferral_options {
    ($(#[$more:meta])*) => {
        /// `DEFERRABLE`: it is checked at the end of each statement, and of the transaction where that asks for it.
        $(#[$more])*
        #[must_use]
        pub fn deferrable(mut self) -> Self {
            self.objects.deferral = Deferral::InitiallyImmediate;
            self
        }

        /// `DEFERRABLE INITIALLY DEFERRED`: it is checked at the end of the transaction.
        #[must_use]
        pub fn initially_deferred(mut self) -> Self {
            self.objects.deferral = Deferral::InitiallyDeferred;
            self
        }

        #[cfg(feature = "derive")]
        pub(crate) fn deferral(mut self, deferral: Deferral) -> Self {
            self.objects.deferral = deferral;
            self
        }
    };
}
