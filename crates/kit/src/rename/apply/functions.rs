//! Renames of functions, procedures and triggers.

use schema::{CommentKind, Objects, PUBLIC, Schema, type_text};

use super::{objects, rekey, texts};
use crate::step::Name;

/// Renames or moves a function or procedure, in everything that calls it.
pub(in crate::rename) fn function(schema: &mut Schema, from: &Name, to: &Name, arguments: &[String]) {
    let key = |name: &Name| format!("{}({})", name.key(), arguments.join(", "));
    let (was, is) = (key(from), key(to));
    let objects = &mut schema.objects;
    rekey(&mut objects.functions, |key, _| if *key == was { is.clone() } else { key.to_owned() });
    if let Some(function) = objects.functions.get_mut(&is) {
        to.schema.clone_into(&mut function.schema);
        to.name.clone_into(&mut function.name);
    }
    for trigger in objects.triggers.values_mut().filter(|trigger| trigger.function_key() == was) {
        let is_said = to.schema != PUBLIC || trigger.function_schema.as_deref() == Some(PUBLIC);
        trigger.function_schema = is_said.then(|| to.schema.clone());
        to.name.clone_into(&mut trigger.function);
    }
    for comment in objects.comments.values_mut() {
        let on = &mut comment.on;
        let is_of_function = matches!(on.kind, CommentKind::Function | CommentKind::Procedure);
        if is_of_function
            && on.schema.as_deref() == Some(&from.schema)
            && on.name == from.name
            && on.arguments.as_deref() == Some(arguments)
        {
            (on.schema, on.name) = (Some(to.schema.clone()), to.name.clone());
        }
    }
    objects::rekey_comments(&mut objects.comments);
    let (from, to) = ((from.schema.as_str(), from.name.as_str()), (to.schema.as_str(), to.name.as_str()));
    for difference in objects.ranges.values_mut().filter_map(|range| range.subtype_diff.as_mut()) {
        if let Some(renamed) = type_text::with_type(difference, from, to) {
            *difference = renamed;
        }
    }
    // Which of several functions of one name a text calls, it does not say.
    let is_overloaded = objects.functions.values().any(|other| (other.schema.as_str(), other.name.as_str()) == from);
    if !is_overloaded {
        texts::rewrite(schema, |text| type_text::with_call(text, from, to));
    }
}

/// Renames a trigger of a table or view.
pub(in crate::rename) fn trigger(objects: &mut Objects, table: &Name, from: &str, to: &str) {
    let key = table.key();
    let triggers = objects.triggers.values_mut().filter(|trigger| trigger.table_key() == key);
    for trigger in triggers.filter(|trigger| trigger.name == from) {
        to.clone_into(&mut trigger.name);
    }
    rekey(&mut objects.triggers, |_, trigger| trigger.key());
    objects::commented_part(objects, CommentKind::Trigger, table, from, to);
}
