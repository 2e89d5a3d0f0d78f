//! What no snapshot holds of keys, checks, indexes and generated columns: declared by attributes as by the builder.
#![cfg(feature = "derive")]
#![allow(missing_docs, dead_code, unreachable_pub)]

use schema::build::{self, Check, Column, ForeignKey, Index, PrimaryKey, Table, Unique, types};
use schema::{PgColumns, PgTable};

#[derive(PgColumns)]
pub struct Place {
    #[column(references(Room::number, match_full, initially_deferred))]
    pub room: i32,
    pub seat: i32,
}

#[derive(PgTable)]
#[table("bookings")]
#[primary_key(on(id), name = "key", include(place.seat, code), deferrable, initially_deferred)]
#[unique(on(place.room, place.seat), include(code), deferrable)]
#[index(on(place.seat), unique, nulls_not_distinct, include(place.room, id))]
#[check("seated", "seat > 0", no_inherit)]
#[foreign_key(on(place.room, code), references(Room::number, Room::code), name = "both", deferrable)]
pub struct Booking {
    pub id: i32,
    #[column(flatten)]
    pub place: Place,
    #[column(unique(deferrable))]
    pub code: i32,
}

#[derive(PgTable)]
#[table("rooms")]
#[primary_key(number, name = "room", include(code))]
#[unique(on(number, code))]
pub struct Room {
    pub number: i32,
    pub code: i32,
    #[column(generated_virtual = "number * 2")]
    pub doubled: Option<i32>,
}

#[test]
fn what_no_snapshot_holds_is_declared_as_by_the_builder() {
    let integer = |name: &str| Column::new(name, types::integer()).not_null();
    let room = ForeignKey::new(["room"]).references("rooms", ["number"]).match_full().initially_deferred();
    let both = ForeignKey::new(["room", "code"]).references("rooms", ["number", "code"]).name("both").deferrable();
    let bookings = Table::new("bookings")
        .column(integer("id"))
        .column(integer("room").references_as(room))
        .column(integer("seat"))
        .column(integer("code").unique_as(Unique::on(["code"]).deferrable()))
        .primary_key(PrimaryKey::on(["id"]).name("key").include(["seat", "code"]).initially_deferred())
        .unique(Unique::on(["room", "seat"]).include(["code"]).deferrable())
        .index(Index::on(["seat"]).unique().nulls_not_distinct().include(["room", "id"]))
        .check(Check::new("seated", "seat > 0").no_inherit())
        .foreign_key(both);
    let rooms = Table::new("rooms")
        .column(integer("number"))
        .column(integer("code"))
        .column(Column::new("doubled", types::integer()).generated_virtual("number * 2"))
        .primary_key(PrimaryKey::on(["number"]).name("room").include(["code"]))
        .unique(Unique::on(["number", "code"]));
    let built = build::schema([bookings.into(), rooms.into()]).expect("the tables are right");
    assert_eq!(schema::declared().expect("the structs are right"), built);
}
