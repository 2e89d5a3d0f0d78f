import { pgTable, pgEnum, pgSchema, serial, text, varchar, char, integer, bigint, smallint, bigserial, smallserial, boolean, numeric, real, doublePrecision, json, jsonb, uuid, time, timestamp, date, interval, inet, cidr, macaddr, macaddr8, point, line, vector, halfvec, sparsevec, bit, customType, primaryKey, unique, uniqueIndex, index, foreignKey, check, pgView, pgMaterializedView, pgPolicy, pgRole, pgSequence } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';

export const role = pgEnum('user_role', ['member', 'super_admin']);
export const auth = pgSchema('auth');
export const mood = auth.enum('mood', ['a', "b'c"]);
const bytea = customType<{ data: Buffer }>({ dataType() { return 'bytea' } });
const citext = customType<{ data: string }>({ dataType() { return 'citext' } });

export const organizations = auth.table('organizations', {
  id: uuid('id').primaryKey().defaultRandom(),
  mood: mood('mood').default('a'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }),
});

export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  email: varchar('email', { length: 255 }).notNull().unique(),
  second: varchar('email2', { length: 255 }).notNull().unique('second_key', { nulls: 'not distinct' }),
  anyVarchar: varchar('any_varchar'),
  code: char('code', { length: 3 }).notNull(),
  letter: char('letter'),
  name: text('name').default("it's"),
  nick: citext('nick').notNull(),
  role: role('role').notNull().default('member'),
  roles: role('roles').array().notNull().default(['member', 'super_admin']),
  organizationId: uuid('organization_id').notNull().references(() => organizations.id, { onDelete: 'cascade' }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  precise: timestamp('precise', { precision: 3, withTimezone: true }),
  local: timestamp('local').notNull().default('2020-01-01 00:00:00' as any),
  localPrecise: timestamp('local_precise', { precision: 3 }).default(sql`now()`),
  at: time('at').notNull(),
  at2: time('at2', { precision: 2 }).notNull(),
  atZone: time('at_zone', { withTimezone: true }).notNull(),
  atZone2: time('at_zone2', { precision: 2, withTimezone: true }).notNull(),
  day: date('day').defaultNow(),
  born: date('born').notNull().default('2020-01-01'),
  span: interval('span').notNull(),
  span2: interval('span2', { precision: 2 }).notNull(),
  spanMonth: interval('span_month', { fields: 'month' }).notNull(),
  spanFields: interval('span_fields', { fields: 'day to second', precision: 3 }).notNull(),
  anyNumber: numeric('any_number').notNull(),
  digits: numeric('digits', { precision: 5 }).notNull(),
  price: numeric('price', { precision: 5, scale: 2 }).notNull().default('1.50'),
  ratio: real('ratio').notNull().default(1.5),
  large: doublePrecision('large').notNull().default(1e21),
  count: integer('count').notNull().default(0),
  negative: integer('negative').notNull().default(-1),
  big: bigint('big', { mode: 'bigint' }).notNull().default(sql`9007199254740993`),
  small: smallint('small').notNull().default(3),
  active: boolean('active').notNull().default(true),
  document: json('document').notNull().default({ a: 'b c' }),
  documentB: jsonb('document_b').notNull().default([1, 'x']),
  typed: jsonb('typed'),
  address: inet('address').notNull().default('127.0.0.1'),
  network: cidr('network').notNull(),
  mac: macaddr('mac').notNull(),
  mac8: macaddr8('mac8').notNull(),
  place: point('place').notNull(),
  border: line('border').notNull(),
  bytes: bytea('bytes').notNull(),
  embedding: vector('embedding', { dimensions: 3 }).notNull(),
  half: halfvec('half', { dimensions: 3 }).notNull(),
  sparse: sparsevec('sparse', { dimensions: 3 }).notNull(),
  flags: bit('flags', { dimensions: 3 }).notNull(),
  numbers: integer('numbers').array().notNull().default([1, 2]),
  matrix: integer('matrix').array(3).array().notNull(),
  grid: integer('grid').array().array(),
  tags: text('tags').array().notNull().default(['a', 'b c']),
  limited: varchar('limited', { length: 10 }).array().notNull(),
  none: text('none').array().notNull().default([]),
  serial: serial('serial'),
  smallSerial: smallserial('small_serial'),
  bigSerial: bigserial('big_serial', { mode: 'number' }),
  lower: text('lower').generatedAlwaysAs(sql`lower(name)`),
  always: integer('always').generatedAlwaysAsIdentity(),
  byDefault: bigint('by_default', { mode: 'number' }).generatedByDefaultAsIdentity({ name: 'myseq', startWith: 10, increment: 2, minValue: -5, maxValue: 100, cache: 5, cycle: true }),
  smallIdentity: smallint('small_identity').generatedByDefaultAsIdentity(),
}, t => [
  uniqueIndex('users_email_lower_idx').on(sql`lower(email)`),
  index().on(t.name, t.email.desc()),
  index('gin_idx').using('gin', t.tags),
  index('partial').using('btree', t.name.asc().op('text_pattern_ops'), t.code.desc().nullsFirst()).where(sql`active = true`).with({ fillfactor: 70 }).concurrently(),
  index().on(t.count),
  check('positive', sql`count >= 0`),
  unique().on(t.name, t.code), unique('second_unique').on(t.code, t.name).nullsNotDistinct(),
]);

export const members = pgTable('members', {
  user: uuid('user_id').notNull().references(() => users.id, { onDelete: 'set null', onUpdate: 'restrict' }),
  team: integer('team').notNull(),
  parentUser: uuid('parent_user_id'),
  parentTeam: integer('parent_team'),
}, t => [
  primaryKey({ columns: [t.user, t.team] }),
  foreignKey({ columns: [t.parentUser, t.parentTeam], foreignColumns: [t.user, t.team], name: 'parent' }).onDelete('set default').onUpdate('cascade'),
]);
export const named = pgTable('named', { a: uuid('a').notNull(), b: integer('b').notNull() }, t => [primaryKey({ name: 'named_key', columns: [t.b, t.a] })]).enableRLS();

export const reports = pgSchema('reports');
export const memberRole = pgRole('member', { createDb: true, inherit: false });
export const auditor = pgRole('auditor', { createRole: true });
export const documents = pgTable('documents', { id: uuid('id').primaryKey(), owner: text('owner').notNull() }, () => [
  pgPolicy('own documents', { as: 'restrictive', for: 'update', to: [memberRole, 'current_user'], using: sql`owner = current_user`, withCheck: sql`owner = 'it''s'` }),
  pgPolicy('everything'),
]);
export const audit = pgPolicy('read', { for: 'select', to: auditor, using: sql`true` }).link(documents);
export const active = pgView('active_users', { id: uuid('id').notNull(), name: text('name'), role: role('role').notNull(), createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(), updatedAt: timestamp('updated_at', { withTimezone: true }) }).with({ securityInvoker: true, checkOption: 'local' }).as(sql`select id, name, role, created_at, created_at as updated_at from users where active`);
export const stats = auth.materializedView('stats', { mood: mood('mood'), count: bigint('count', { mode: 'number' }).notNull(), codes: char('codes', { length: 3 }).array() }).using('heap').with({ fillfactor: 70, autovacuumEnabled: false }).tablespace('pg_default').withNoData().as(sql`select mood, count(*) as count, null::char(3)[] as codes from auth.organizations group by mood`);
export const stored = pgMaterializedView('stored', { n: integer('n').notNull() }).as(sql`select 1 as n`);
export const foreign = pgView('foreign', { n: integer('n') }).existing();
export const invoiceNumber = auth.sequence('invoice_number', { startWith: 1000, increment: 2 });
export const plainSequence = pgSequence('plain');
export const countdown = pgSequence('countdown', { increment: -1, minValue: -100, maxValue: 100, startWith: 50, cache: 5, cycle: true });
