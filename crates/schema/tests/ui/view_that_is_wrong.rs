use schema::PgView;

#[derive(PgView)]
struct NoName {
    id: i32,
}

#[derive(PgView)]
#[view(query = "select 1 as id")]
struct NameNotFirst {
    id: i32,
}

#[derive(PgView)]
#[view("no query")]
struct NoQuery {
    id: i32,
}

#[derive(PgView)]
#[view("existing", existing, query = "select 1 as id")]
struct Existing {
    id: i32,
}

#[derive(PgView)]
#[view("unknown", qeury = "select 1 as id")]
struct Unknown {
    id: i32,
}

#[derive(PgView)]
#[view("plain", query = "select 1 as id", with_no_data)]
struct Plain {
    id: i32,
}

#[derive(PgView)]
#[view("with", query = "select 1 as id", with(security_invokr = true))]
struct With {
    id: i32,
}

#[derive(PgView)]
#[view("check", query = "select 1 as id", with(check_option = "some"))]
struct CheckOption {
    id: i32,
}

#[derive(PgView)]
#[view("invoker", query = "select 1 as id", with(security_invoker = "yes"))]
struct Invoker {
    id: i32,
}

#[derive(PgView)]
#[view("columns", query = "select 1 as id, 2 as n")]
struct Columns {
    #[column(primary_key)]
    id: i32,
    #[column(integer, default = 1)]
    n: i32,
}

#[derive(PgView)]
#[view("enum", query = "select 1 as id")]
enum NoStruct {
    A,
}

#[derive(PgView)]
#[view("first", existing)]
#[view("second", existing)]
struct Twice {
    #[column(unique)]
    id: i32,
}

#[derive(PgView)]
#[view("indexed", query = "select 1 as id")]
#[index(on(id))]
struct Indexed {
    #[column(index)]
    id: i32,
}

#[derive(PgView)]
#[view("described", existing, materialized)]
#[index(on(id))]
struct Described {
    id: i32,
}

#[derive(PgView)]
#[view("misspelt", query = "select 1 as id", materialized)]
#[index(on(idd), uniqe)]
#[index(on(sql("id + 1")))]
struct Misspelt {
    id: i32,
}

#[derive(PgView)]
#[view("missing", query = "select 1 as id", materialized)]
#[index(on(ident))]
#[index(on(sql("id + 1")))]
struct Missing {
    id: i32,
}

fn main() {}
