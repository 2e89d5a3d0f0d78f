//! The answers that tell what was renamed on the way from one schema to the other.

use kit::rename::Answer;
use schema::Enum;

use super::Built;
use super::objects::Places;

pub(crate) fn answers(previous: &Built, next: &Built) -> Vec<Answer> {
    let mut renames = Vec::new();
    let in_next = |schema: &str| if schema == previous.namespace { next.namespace.clone() } else { schema.to_owned() };
    renames.push(format!("schema:{}={}", previous.namespace, next.namespace));
    for pair in previous.types.enums.iter().zip(&next.types.enums) {
        if let (Some(was), Some(is)) = pair {
            renames.push(format!("enum:{}.{}={}.{}", in_next(&was.schema), was.name, is.schema, is.name));
            renames.extend(values(was, is));
        }
    }
    for pair in previous.sequences.iter().zip(&next.sequences) {
        if let (Some((was_in, was)), Some((is_in, is))) = pair {
            renames.push(format!("sequence:{}.{was}={is_in}.{is}", in_next(was_in)));
        }
    }
    for pair in previous.roles.iter().zip(&next.roles) {
        if let (Some(was), Some(is)) = pair {
            renames.push(format!("role:{was}={is}"));
        }
    }
    for pair in previous.tables.iter().zip(&next.tables) {
        if let (Some(was), Some(is)) = pair {
            let path = format!("{}.{}", is.schema, is.name);
            renames.push(format!("table:{}.{}={path}", in_next(&was.schema), was.name));
            for pair in was.columns.iter().zip(&is.columns) {
                if let (Some(was), Some(is)) = pair {
                    renames.push(format!("column:{path}.{}={path}.{}", was.name, is.name));
                }
            }
            for pair in was.policies.iter().zip(&is.policies) {
                if let (Some(was), Some(is)) = pair {
                    renames.push(format!("policy:{path}.{was}={path}.{is}"));
                }
            }
            for pair in was.triggers.iter().zip(&is.triggers) {
                if let (Some(was), Some(is)) = pair {
                    renames.push(format!("trigger:{path}.{was}={path}.{is}"));
                }
            }
        }
    }
    for pair in previous.views.iter().zip(&next.views) {
        if let (Some(was), Some(is)) = pair {
            renames.push(format!("view:{}.{}={}.{}", in_next(&was.schema), was.name, is.schema, is.name));
        }
    }
    let objects = |built: &Built| {
        let types = [&built.types.places.collations, &built.types.places.domains, &built.types.places.composites];
        let types =
            types.into_iter().chain([&built.types.places.ranges]).zip(["collation", "domain", "composite", "range"]);
        let types: Vec<(&str, Places)> = types.map(|(places, kind)| (kind, places.clone())).collect();
        types.into_iter().chain([("function", built.functions.clone()), ("procedure", built.procedures.clone())])
    };
    for ((kind, was), (_, is)) in objects(previous).zip(objects(next)) {
        for pair in was.iter().zip(&is) {
            if let (Some((was_in, was)), Some((is_in, is))) = pair {
                renames.push(format!("{kind}:{}.{was}={is_in}.{is}", in_next(was_in)));
            }
        }
    }
    let changed = renames.iter().map(|rename| Answer::rename(rename).unwrap());
    changed.filter(|answer| !matches!(answer, Answer::Rename { from, to, .. } if from == to)).collect()
}

/// About half of the values whose place another one takes are renamed; of the others, the one goes and the other comes.
fn values(previous: &Enum, next: &Enum) -> Vec<String> {
    let path = format!("{}.{}", next.schema, next.name);
    let pairs = previous.values.iter().zip(&next.values);
    let renamed = pairs.filter(|(was, is)| {
        let is_likely = (was.len() + is.len()) % 2 == 0;
        is_likely && !next.values.contains(was) && !previous.values.contains(is)
    });
    renamed.map(|(was, is)| format!("value:{path}.{was}={path}.{is}")).collect()
}
