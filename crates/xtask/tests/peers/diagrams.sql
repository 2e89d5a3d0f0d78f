-- Names and texts that the languages of diagrams would stumble over.
CREATE SCHEMA app;
CREATE SCHEMA "Odd ""one""";
CREATE SCHEMA "table";

CREATE TYPE mood AS ENUM ('it''s', 'a "b"', 'back\slash', '', E'two\nlines', 'null', 'Enum', '😀');
CREATE TYPE app.mood AS ENUM ('a');
CREATE TYPE "Odd ""one"""."my type" AS ENUM ('}', '//', '/*', '{', '[', 'note: ''x''');
CREATE DOMAIN app.email AS text CHECK (value LIKE '%@%');

CREATE TABLE users (
    id serial PRIMARY KEY,
    mood mood DEFAULT 'it''s',
    moods mood[] DEFAULT '{}',
    other app.mood,
    third "Odd ""one"""."my type" DEFAULT '}',
    mail app.email
);
CREATE TABLE app.users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent bigint REFERENCES app.users ON DELETE SET NULL ON UPDATE CASCADE,
    owner int UNIQUE REFERENCES public.users
);
CREATE UNIQUE INDEX ON app.users ((owner + 1) DESC NULLS LAST);

CREATE TABLE "Odd ""one"""."us""ers" (
    "i d" int,
    "q""c" text,
    "back\slash" text DEFAULT 'it''s \ "x"',
    U&"n\000Al" text DEFAULT E'two\nlines',
    "b`t" text DEFAULT '`',
    "smile 😀" numeric(10, 2) DEFAULT -1.5,
    "1st" timestamp(3) with time zone DEFAULT now(),
    "'" interval day to second(3),
    "[]" double precision DEFAULT 1e10,
    "pk" char(5),
    "note" bit varying(3) DEFAULT B'101',
    "ref" uuid DEFAULT gen_random_uuid(),
    "//" jsonb DEFAULT '{"a": "it''s"}',
    "/*" text[] DEFAULT ARRAY['a', 'b'],
    "{" int[][],
    "}" date DEFAULT CURRENT_DATE,
    "~a~" int,
    "#quot;" int,
    "%%{init" int,
    PRIMARY KEY ("i d", "q""c"),
    UNIQUE ("pk", "note"),
    CHECK ("q""c" <> '`' AND "b`t" <> 'it''s')
);
COMMENT ON TABLE "Odd ""one"""."us""ers" IS E'It''s a "table"\nwith \\ lines and ''''''three'''''' quotes\\';
COMMENT ON COLUMN "Odd ""one"""."us""ers"."q""c" IS E'ends in a backslash \\';
COMMENT ON COLUMN "Odd ""one"""."us""ers"."i d" IS E'two\nlines';
CREATE INDEX "ix ""1'\" ON "Odd ""one"""."us""ers" (lower("q""c"), "i d") WHERE "q""c" <> 'it''s';
CREATE INDEX ON "Odd ""one"""."us""ers" USING gin ("//");
CREATE INDEX ON "Odd ""one"""."us""ers" USING hash ("back\slash");

-- Constraints of one name, and keys of two columns.
CREATE TABLE "table"."table" (
    "table" int PRIMARY KEY REFERENCES users,
    "Table" int,
    "a" int,
    "b" text,
    CONSTRAINT same FOREIGN KEY (a, b) REFERENCES "Odd ""one"""."us""ers",
    CONSTRAINT "same too" FOREIGN KEY ("Table") REFERENCES "table"."table"
);
CREATE TABLE "title" (
    "class" int CONSTRAINT again REFERENCES users (id),
    "style" int CONSTRAINT same REFERENCES users (id),
    "direction" text
);

-- Words of the languages.
CREATE TABLE "accDescr" (a int);
CREATE TABLE "accTitle" (a int);
CREATE TABLE "classDef" (a int);
CREATE TABLE "default" (a int);
CREATE TABLE "end" ("as" int);
CREATE TABLE "Enum" (a int);
CREATE TABLE "erDiagram" ("end" int);
CREATE TABLE "link" (a int);
CREATE TABLE "many" (a int);
CREATE TABLE "Note" (a int);
CREATE TABLE "o" (a int);
CREATE TABLE "one" (a int);
CREATE TABLE "only" (a int);
CREATE TABLE "optionally" (a int);
CREATE TABLE "Project" (a int);
CREATE TABLE "Ref" (a int);
CREATE TABLE "style" (a int, "toString" int);
CREATE TABLE "subgraph" (a int);
CREATE TABLE "table_1" (a int);
CREATE TABLE "Title" (a int);
CREATE TABLE "to" (a int);
CREATE TABLE "u" (a int);
CREATE TABLE "U" (a int);
CREATE TABLE "zero" (a int);

-- Other letters, and none.
CREATE TABLE "%%" (a int);
CREATE TABLE "1st" (a int);
CREATE TABLE "a;b" (a int, "x%%y" int, "z;" int);
CREATE TABLE "constructor" (a int, "constructor" int, "__proto__" int);
CREATE TABLE "e-f" (a int);
CREATE TABLE "größe" ("höhe" int, "größe" int, "PK" int, "fk" int, "Uk-1" int, "TB" int);
CREATE TABLE "nothing" ();
CREATE TABLE "__proto__" (a int);
CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (
    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb int
);
