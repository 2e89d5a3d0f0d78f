//! The order of a map's entries.

use crate::model::Map;

/// Orders the entries of a map as `sort` orders its keys. These are sorted apart from what they lead to, so that one
/// sort is compiled for maps of every kind.
pub(crate) fn arrange<T>(map: &mut Map<T>, sort: fn(&mut [String])) {
    let mut keys: Vec<String> = map.keys().cloned().collect();
    sort(&mut keys);
    for (place, key) in keys.iter().enumerate() {
        if let Some(found) = map.get_index_of(key) {
            map.swap_indices(place, found);
        }
    }
}

/// Orders the entries of a map by their keys.
pub(crate) fn by_key<T>(map: &mut Map<T>) {
    arrange(map, <[String]>::sort_unstable);
}

/// Orders the entries of a map as JavaScript enumerates an object: first the keys that look like array indexes, in
/// ascending order, then the others as they are.
pub(crate) fn as_in_javascript<T>(map: &mut Map<T>) {
    arrange(map, |keys| keys.sort_by_cached_key(|key| array_index(key).map_or(u64::MAX, u64::from)));
}

/// Whether JavaScript takes a key for an array index.
pub(crate) fn is_array_index(key: &str) -> bool {
    array_index(key).is_some()
}

/// The number that a key stands for, if JavaScript takes it for an array index: digits without a leading zero, below
/// 2³² - 1.
fn array_index(key: &str) -> Option<u32> {
    let number: u32 = key.parse().ok()?;
    (number != u32::MAX && number.to_string() == key).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(map: &Map<()>) -> Vec<&str> {
        map.keys().map(String::as_str).collect()
    }

    #[test]
    fn entries_follow_their_keys() {
        let mut map = Map::from_iter(["c", "a", "d", "b"].map(|key| (key.to_owned(), key)));
        by_key(&mut map);
        let entries: Vec<(&str, &str)> = map.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        assert_eq!(entries, [("a", "a"), ("b", "b"), ("c", "c"), ("d", "d")]);
    }

    #[test]
    fn names_that_javascript_takes_for_array_indexes_come_first() {
        let mut map = Map::from_iter(["b", "10", "9", "a", "01", "4294967295"].map(|key| (key.to_owned(), ())));
        as_in_javascript(&mut map);
        assert_eq!(keys(&map), ["9", "10", "b", "a", "01", "4294967295"]);
    }
}
