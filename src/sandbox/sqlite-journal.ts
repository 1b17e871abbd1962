import { DatabaseSync } from 'node:sqlite';
import type { Journal } from './store.ts';

/** Keeps the tables in one SQLite file. Throws when the file cannot be opened. */
export function openSqliteJournal(file: string): Journal {
  const database = new DatabaseSync(file);
  // A crash of the machine may cost the last moments, never the file: fit for a sandbox.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000');
  database.exec(
    'CREATE TABLE IF NOT EXISTS record (position INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, ' +
      'id TEXT NOT NULL, json TEXT NOT NULL, UNIQUE (kind, id)) STRICT',
  );
  const select = database.prepare('SELECT json FROM record WHERE kind = ? ORDER BY position');
  // Keeps the position, and with it the order of creation, when the record is there already.
  const upsert = database.prepare(
    'INSERT INTO record (kind, id, json) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET json = excluded.json',
  );
  const remove = database.prepare('DELETE FROM record WHERE kind = ? AND id = ?');
  let depth = 0;
  return {
    load: (table) => select.all(table).map((row) => String(row.json)),
    put: (table, id, json) => {
      upsert.run(table, id, json);
    },
    delete: (table, id) => {
      remove.run(table, id);
    },
    transaction: (work) => {
      if (depth === 0) database.exec('BEGIN');
      depth += 1;
      try {
        return work();
      } finally {
        depth -= 1;
        // Memory keeps what was put before a throw, so the file does too: refusals throw before they write.
        if (depth === 0) database.exec('COMMIT');
      }
    },
    close: () => database.close(),
  };
}
