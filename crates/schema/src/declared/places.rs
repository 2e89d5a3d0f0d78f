//! Where a problem's objects are declared.

use std::collections::HashMap;

use super::Problem;
use super::registry::ObjectsDeclaration;
use crate::build::{self, Object};
use crate::validate;

/// Where each derived object is declared, by its key.
#[derive(Default)]
pub(super) struct Places(HashMap<String, Vec<&'static str>>);

impl Places {
    pub(super) fn add(&mut self, key: String, place: &'static str) {
        let places = self.0.entry(key).or_default();
        places.push(place);
        // The linker's order means nothing, and a message must not depend on it.
        places.sort_unstable();
    }

    /// A problem names its object with the key in quotes: `table "public.users"`.
    pub(super) fn locate(&self, problem: validate::Problem) -> Problem {
        let quoted = problem.object.split('"').skip(1).step_by(2);
        let places = quoted.filter_map(|key| self.0.get(key)).next();
        let locations = places.into_iter().flatten().map(|place| (*place).to_owned()).collect();
        Problem { problem, locations }
    }
}

/// What a function gives.
pub(super) struct Given {
    place: &'static str,
    objects: Vec<Object>,
}

impl Given {
    /// Calls each function, in the order of their places.
    pub(super) fn by(functions: &[ObjectsDeclaration]) -> Vec<Self> {
        let call = |function: &ObjectsDeclaration| Given { place: function.place, objects: (function.objects)() };
        let mut given: Vec<Given> = functions.iter().map(call).collect();
        given.sort_by_key(|given| given.place);
        given
    }
}

/// The derived objects, and after them what the functions give.
pub(super) fn all(derived: &[Object], given: &[Given]) -> Vec<Object> {
    derived.iter().chain(given.iter().flat_map(|given| &given.objects)).cloned().collect()
}

/// Adds the places of the functions that have a part in a problem: those without whose objects it is gone. So no kind
/// of object must be known here.
pub(super) fn blame(problems: &mut [Problem], derived: &[Object], given: &[Given]) {
    let times = |problem: &validate::Problem, among: &[validate::Problem]| {
        among.iter().filter(|other| *other == problem).count()
    };
    let reported: Vec<_> = problems.iter().map(|problem| problem.problem.clone()).collect();
    for function in given {
        let others = given.iter().filter(|other| !std::ptr::eq(*other, function)).flat_map(|other| &other.objects);
        let without = build::schema(derived.iter().chain(others).cloned()).err().unwrap_or_default();
        for problem in problems.iter_mut() {
            if times(&problem.problem, &without) < times(&problem.problem, &reported) {
                problem.locations.push(function.place.to_owned());
                problem.locations.sort_unstable();
            }
        }
    }
}
