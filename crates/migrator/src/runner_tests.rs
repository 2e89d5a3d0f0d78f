use super::*;
use crate::migrations::testing::migrations;

#[test]
fn a_migration_keeps_its_number_and_tag_in_refinery() {
    let set = migrations(&[("0000_init", "a"), ("20240102_add-users role", "b")]);
    let names: Vec<_> =
        set.iter().map(|migration| to_refinery(migration, Order::Journal).unwrap().to_string()).collect();
    assert_eq!(names, ["V0__0000_init", "V1__20240102_add_users_role"]);
}

#[test]
fn refinery_s_record_is_recognised_only_for_its_migration_and_ledger() {
    let set = migrations(&[("0000_init", "a"), ("0001_next", "b")]);
    let [first, second]: [&Migration; 2] = set.iter().collect::<Vec<_>>().try_into().unwrap();
    let ledger = Ledger::default().qualified();
    let insert = format!(
        "INSERT INTO {ledger} (version, name, applied_on, checksum) \
         VALUES (1, '0001_next', '2024-01-02T03:04:05Z', '42')"
    );
    assert!(records(&insert, &ledger, second));
    assert!(!records(&insert, &ledger, first));
    assert!(!records(&insert, "\"public\".\"other\"", second));
}
