// Reads a diagram (the second argument) in a language (the first), and prints as JSON what its own parser finds in it.
import { readFileSync } from 'node:fs';
import { Parser } from '@dbml/core';
import mermaid from 'mermaid';

const [language, file] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');

function dbml() {
  const database = new Parser().parse(text, 'dbmlv2');
  const of = (kind, names) =>
    Object.fromEntries(
      database.schemas.flatMap((schema) =>
        schema[kind].map((one) => [`${schema.name}.${one.name}`, one[names].map(({ name }) => name)]),
      ),
    );
  return {
    tables: of('tables', 'fields'),
    enums: of('enums', 'values'),
    references: database.schemas.flatMap((schema) => schema.refs).length,
  };
}

async function er() {
  // Which of its languages it is, is found out here.
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  // What `#quot;` and `#35;` become before they are parsed.
  const shown = (label) =>
    label.replaceAll('ﬂ°quot¶ß', '"').replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)));
  const entities = [...db.getEntities().values()];
  return {
    tables: Object.fromEntries(
      entities.map(({ alias, label, attributes }) => [shown(alias || label), attributes.length]),
    ),
    references: db.getRelationships().length,
  };
}

console.log(JSON.stringify(language === 'dbml' ? dbml() : await er()));
