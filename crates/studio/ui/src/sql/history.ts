/** What was run on this database before, newest first; kept in this browser. */
const LENGTH = 100;

const key = (database: string): string => `studio-history-${database}`;

export function past(database: string): string[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(key(database)) ?? "[]");
    return Array.isArray(read) ? read.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

export function remember(database: string, sql: string): void {
  const rest = past(database).filter((other) => other !== sql);
  localStorage.setItem(key(database), JSON.stringify([sql, ...rest].slice(0, LENGTH)));
}

export const draft = {
  read: (database: string): string => sessionStorage.getItem(`studio-draft-${database}`) ?? "",
  write: (database: string, sql: string): void => sessionStorage.setItem(`studio-draft-${database}`, sql),
};
