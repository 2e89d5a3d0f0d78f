use schema::{PgColumns, PgTable};

#[derive(PgTable)]
#[table("documents", rls)]
#[policy]
#[policy(for = select)]
#[policy("a", fro = select)]
#[policy("b", for = selct)]
#[policy("c", as = strict)]
#[policy("d", to())]
#[policy("e", to("member", curent_user))]
#[policy("f", for = insert, using = "true")]
#[policy("g", for = delete, with_check = "true")]
#[policy("h", using = true)]
#[policy("i", for = all, for = select)]
struct Document {
    id: i32,
}

#[derive(PgColumns)]
#[policy("own")]
struct Group {
    id: i32,
}

fn main() {}
